"""What cannot be opened, or must not be, is told in one line with the next move; nothing in it is run."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertForSequenceClassification, BertModel

from probes.errors import BadSubject
from probes.subjects import open_subject
from probes.subjects.hf_classifier import HFClassifier
from tests.probes.asking import encoded, one_line, opened, scores


@pytest.fixture
def copy(checkpoints: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoints["bert"], tmp_path / "copy"))


def configured(folder: Path, **settings: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


def asked(uri: str, trust: bool = False) -> None:
    subject = open_subject(uri, trust)
    assert isinstance(subject, HFClassifier)
    encoded(subject, "kind")


def refused(target: object, *named: str, options: str = "device=cpu", trust: bool = False) -> None:
    """Opening it, or first asking it something, raises one line with these words."""
    with pytest.raises(BadSubject) as caught:
        asked(f"hf:{target}?{options}", trust)
    one_line(caught.value, *named)


class Trap:
    """Runs when it is unpickled."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.sprung,)


def test_a_trap_springs_where_a_pickle_is_read(tmp_path: Path) -> None:
    """Without it, the tests below could pass on a trap that does nothing."""
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung")))
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("protocol", ["pickle", "torch"])
@pytest.mark.parametrize("beside", [None, "adapter.safetensors"])
@pytest.mark.parametrize("trust", [False, True])
def test_a_pickle_that_runs_code_never_runs(
    copy: Path, tmp_path: Path, protocol: str, beside: str | None, trust: bool
) -> None:
    if beside:
        (copy / "model.safetensors").rename(copy / beside)
    else:
        (copy / "model.safetensors").unlink()
    trap = {"classifier.weight": Trap(tmp_path / "sprung")}
    if protocol == "torch":
        torch.save(trap, copy / "pytorch_model.bin")
    else:
        (copy / "pytorch_model.bin").write_bytes(pickle.dumps(trap, protocol=2))
    refused(copy, str(copy), trust=trust)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "tf_model.h5"])
def test_a_pickle_is_refused_with_the_reason(copy: Path, name: str) -> None:
    (copy / "model.safetensors").rename(copy / name)
    refused(copy, name, "run code", "safetensors", "trust: true")


def test_a_pickle_does_not_pass_behind_weights_of_another_name(copy: Path) -> None:
    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").rename(copy / "adapter.safetensors")
    refused(copy, str(copy), "cannot be loaded")


def test_a_pickle_opens_where_it_is_trusted(copy: Path, bert: HFClassifier) -> None:
    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    refused(copy, "pytorch_model.bin")
    subject = open_subject(f"hf:{copy}?device=cpu", trust=True)
    assert isinstance(subject, HFClassifier)
    assert subject.fingerprint != bert.fingerprint
    ours, theirs = scores(subject, encoded(subject, "rude")), scores(bert, encoded(bert, "rude"))
    # The same weights bit for bit; where they lie in memory decides in which order a processor sums.
    ours_held, theirs_held = subject._model.model.state_dict(), bert._model.model.state_dict()
    assert ours_held.keys() == theirs_held.keys()
    assert all(torch.equal(ours_held[name], theirs_held[name]) for name in theirs_held)
    np.testing.assert_allclose(ours[0].logits, theirs[0].logits, rtol=0, atol=1e-6)


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_code_of_its_own_is_refused_and_not_run(copy: Path, tmp_path: Path, file: str) -> None:
    (copy / "own.py").write_text(f"from pathlib import Path\nPath({str(tmp_path / 'sprung')!r}).touch()\n")
    settings = json.loads((copy / file).read_text())
    settings["auto_map"] = {"AutoModelForSequenceClassification": "own.Own", "AutoTokenizer": [None, "own.Own"]}
    (copy / file).write_text(json.dumps(settings))
    refused(copy, "auto_map", file, "trust: true")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("target", ["/no/such/folder", "./no/such", "~/no/such/folder/here", "a/b/c", "../nothing"])
def test_no_such_folder(target: str) -> None:
    refused(target, target, "no folder", "hub")


@pytest.mark.parametrize("target", ["no-such-model-anywhere", "nobody/no-such-model", "what is this?!", "x" * 5000])
def test_no_such_name(target: str) -> None:
    refused(target.replace("?", ""), target[:4], "name")


def test_no_name_at_all() -> None:
    refused("", "hf:FOLDER")


def test_a_file_is_not_a_folder(copy: Path) -> None:
    refused(copy / "config.json", "config.json is a file", "folder")


def test_a_folder_without_a_configuration(tmp_path: Path) -> None:
    refused(tmp_path, str(tmp_path), "config.json", "save_pretrained")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"3", b'"x"', b"null"])
@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_settings_that_cannot_be_read(copy: Path, file: str, content: bytes) -> None:
    (copy / file).write_bytes(content)
    refused(copy, file, "save the model again")


def test_a_folder_where_the_configuration_should_be(copy: Path) -> None:
    (copy / "config.json").unlink()
    (copy / "config.json").mkdir()
    refused(copy, "config.json", "save the model again")


@pytest.mark.parametrize(
    "settings",
    [
        {"model_type": "bertt"},
        {"model_type": None},
        {"hidden_size": "wide"},
        {"num_attention_heads": 5},
        {"model_type": "vit"},
        {"id2label": None, "label2id": None, "hidden_size": "wide"},
    ],
    ids=str,
)
def test_a_configuration_that_means_nothing(copy: Path, settings: dict[str, Any]) -> None:
    configured(copy, **settings)
    refused(copy, str(copy), "save the model")


@pytest.mark.parametrize("settings", [{"vocab_size": 10}, {"num_hidden_layers": 2}, {"intermediate_size": 50}], ids=str)
def test_a_configuration_that_is_not_of_these_weights(copy: Path, settings: dict[str, int]) -> None:
    """The library itself drops or redraws what does not fit, and answers all the same."""
    configured(copy, **settings)
    refused(copy, str(copy), "shape", "save the model again")


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.5, 0.999])
def test_weights_that_are_cut_short(copy: Path, share: float) -> None:
    content = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(content[: int(len(content) * share)])
    refused(copy, str(copy), "cannot be loaded", "save the model")
    with pytest.raises(BadSubject) as caught:
        opened(copy).describe()
    one_line(caught.value, "model.safetensors", "save it again")


def test_no_weights_at_all(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    refused(copy, "no weights", "safetensors")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b'{"version": "1.0"}', b"\xff"])
def test_no_tokenizer_or_a_damaged_one(copy: Path, content: bytes | None) -> None:
    """The library itself would make a tokenizer to which every word is unknown, and say nothing."""
    if content is None:
        (copy / "tokenizer.json").unlink()
    else:
        (copy / "tokenizer.json").write_bytes(content)
    refused(copy, str(copy), "tokenizer")


def test_a_tokenizer_that_is_not_the_model_s(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    name = "bert.embeddings.word_embeddings.weight"
    weights[name] = weights[name][:20].contiguous()
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    configured(copy, vocab_size=20)
    subject = opened(copy)
    encoded(subject, "the people")
    with pytest.raises(BadSubject) as caught:
        encoded(subject, "the people are lovely")
    one_line(caught.value, "lovely", "tokenizer")


def test_a_base_model_without_a_head(copy: Path, checkpoints: dict[str, Path]) -> None:
    BertModel.from_pretrained(checkpoints["bert"]).save_pretrained(copy)
    refused(copy, "lacks weights", "classifier.", "fine-tune")


def test_a_model_that_does_not_fit(checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(BertForSequenceClassification, "to", full)
    refused(checkpoints["bert"], "does not fit", "cpu", "dtype=bfloat16")


@pytest.mark.parametrize("settings", [{"id2label": {"0": "score"}}, {"id2label": None, "num_labels": 1}], ids=str)
def test_a_single_output(copy: Path, settings: dict[str, Any]) -> None:
    configured(copy, **settings)
    refused(copy, str(copy), "single output", "two classes")


@pytest.mark.parametrize(
    "names", [{"a": "x", "b": "y"}, {"1": "x", "2": "y"}, ["x", "y"], "xy", {"0": "x", "01": "y"}], ids=str
)
def test_names_of_classes_that_are_not_numbered(copy: Path, names: Any) -> None:
    configured(copy, id2label=names)
    refused(copy, "id2label", "config.json")


def test_two_classes_of_one_name(copy: Path) -> None:
    configured(copy, id2label={"0": "same", "1": "same"})
    refused(copy, "same", "id2label")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ("dtype=float64", ("dtype", "float64", "float32 or bfloat16 or float16")),
        ("dtype=bf16", ("dtype", "bf16", "bfloat16")),
        ("attention=flash", ("attention", "flash", "eager or sdpa")),
        ("device=tpu", ("device tpu", "leave it out")),
        ("device=cuda:99", ("device cuda:99", "leave it out")),
        ("device=meta", ("device meta", "leave it out")),
    ],
)
def test_values_that_cannot_be_had(checkpoints: dict[str, Path], options: str, named: tuple[str, ...]) -> None:
    with pytest.raises(BadSubject) as caught:
        asked(f"hf:{checkpoints['bert']}?{options}")
    told = str(caught.value).lower()
    assert all(name in told for name in named)
    assert "\n" not in told
