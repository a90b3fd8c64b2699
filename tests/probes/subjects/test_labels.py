"""Classes: any number, in the order of the outputs, exclusive or not, as the configuration says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.probes.asking import encoded, opened, raw, scores
from tests.probes.tiny_models import bert


@pytest.mark.parametrize("count", [2, 3, 11, 101])
def test_names_stand_in_the_order_of_the_outputs(tmp_path: Path, count: int) -> None:
    """Also past ten, where the order of the numbers is not the order of their spelling."""
    labels = tuple(f"class {i * 7 % count} of {count}" for i in range(count))
    labels = labels if len(set(labels)) == count else tuple(f"class {i}" for i in range(count))
    subject = opened(bert(tmp_path / "bert", labels=labels))
    assert subject.labels == labels
    assert scores(subject, encoded(subject, "rude"))[0].logits.shape == (count,)
    model, _ = raw(tmp_path / "bert")
    assert subject.labels == tuple(model.config.id2label[i] for i in range(count))


@pytest.mark.parametrize("count", [2, 3])
def test_without_names_they_are_the_library_s_own(tmp_path: Path, count: int) -> None:
    folder = bert(tmp_path / "bert", labels=tuple("abc"[:count]))
    config = json.loads((folder / "config.json").read_text())
    del config["id2label"], config["label2id"]
    (folder / "config.json").write_text(json.dumps({**config, "num_labels": count}))
    subject = opened(folder)
    assert subject.labels == tuple(f"LABEL_{i}" for i in range(count))
    assert scores(subject, encoded(subject, "rude"))[0].logits.shape == (count,)


@pytest.mark.parametrize(
    ("problem", "multilabel"),
    [(None, False), ("single_label_classification", False), ("multi_label_classification", True)],
)
def test_the_configuration_says_whether_labels_exclude_each_other(
    tmp_path: Path, problem: str | None, multilabel: bool
) -> None:
    subject = opened(bert(tmp_path / "bert", problem_type=problem))
    assert subject.multilabel is multilabel
