"""Text classifiers of the transformers library: any AutoModelForSequenceClassification checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from probes.errors import BadSubject, NotApplicable
from probes.example import Example
from probes.requests import Answer, Request
from probes.subjects.capabilities import Description
from probes.subjects.checkpoint import check_checkpoint, find_checkpoint, fingerprint
from probes.subjects.uri import SubjectURI

if TYPE_CHECKING:
    from probes.subjects.transformer import Transformer

DTYPES = ("float32", "bfloat16", "float16")
ATTENTION = ("eager", "sdpa")


@dataclass(frozen=True)
class HFClassifier:
    """`hf:FOLDER-OR-NAME?revision=...&device=cuda:0&dtype=bfloat16&attention=sdpa`.

    What stands in files (labels, fingerprint) is read without loading the model; the model is loaded when it is
    first asked something.
    """

    uri: str
    folder: Path
    config: dict[str, Any]
    labels: tuple[str, ...]
    """Class names from the configuration, in the order of the outputs."""
    device: str
    dtype: str
    attention: str
    trust: bool

    @cached_property
    def fingerprint(self) -> str:
        """Digest over weights, configuration and tokenizer."""
        return fingerprint(self.folder)

    @property
    def policy(self) -> str:
        """Measurements under another dtype or attention kernel are other measurements."""
        return f"{self.dtype}/{self.attention}"

    @property
    def multilabel(self) -> bool:
        """Whether the configuration says that labels do not exclude each other."""
        return self.config.get("problem_type") == "multi_label_classification"

    def embedding_size(self) -> int:
        """Width of the input embeddings."""
        return self._model.embedding_size

    def blank(self) -> str:
        """The padding token."""
        return self._model.spelling(self._model.blank)

    def mask(self) -> str:
        """The tokenizer's mask token; where it has none, its token of what is unknown."""
        return self._model.mask

    def state_size(self) -> int:
        """Width of the hidden states, as the configuration has it."""
        return self._model.state_size

    @cached_property
    def _model(self) -> Transformer:
        from probes.subjects.transformer import Transformer

        return Transformer.load(self.folder, self.device, self.dtype, self.attention, self.trust)

    def encode(self, inputs: Sequence[tuple[str, ...]]) -> list[Example]:
        """Tokens as the model reads them; what is beyond the model's longest input is cut and marked."""
        return self._model.encode(inputs)

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        """One padded batch through the model."""
        return self._model.answer(batch)

    def check_attention(self) -> None:
        """Only eager attention keeps its weights."""
        if self.attention != "eager":
            raise NotApplicable(
                "the model was loaded with attention '{attention}', which keeps no weights; "
                "open it with attention=eager",
                attention=self.attention,
            )

    def describe(self) -> Description:
        """Name, architecture and numeric policy, from the files alone."""
        architecture = (self.config.get("architectures") or [self.config.get("model_type")])[0]
        target = Path(SubjectURI.parse(self.uri).target)
        return Description(
            # A folder is called by its last name; a model on the hub lies in a folder named by a digest.
            name=target.resolve().name if target.is_dir() else str(target),
            architecture=architecture,
            parameters=_parameters(self.folder),
            device=self.device,
            dtype=self.dtype,
            attention=self.attention,
        )


def open_hf(uri: SubjectURI, trust: bool) -> HFClassifier:
    """Opens an hf: URI. Raises BadSubject for anything that is not a safe, whole, fine-tuned classifier."""
    uri.only("revision", "device", "dtype", "attention")
    if not uri.target:
        raise BadSubject("subject {uri} names no model; write hf:FOLDER or hf:NAME", uri=uri.text)
    folder = find_checkpoint(uri.target, uri.options.get("revision"), trust)
    config = check_checkpoint(folder, trust)
    return HFClassifier(
        uri=uri.text,
        folder=folder,
        config=config,
        labels=_labels(folder, config, trust),
        device=uri.options.get("device") or detect_device(),
        dtype=uri.choice("dtype", DTYPES, "float32"),
        attention=uri.choice("attention", ATTENTION, "eager"),
        trust=trust,
    )


def _labels(folder: Path, config: dict[str, Any], trust: bool) -> tuple[str, ...]:
    """Names in the order of the outputs; where there are none, the library's own: LABEL_0, LABEL_1, ..."""
    names = config.get("id2label") or _default_names(folder, trust)
    keys = [str(i) for i in range(len(names))] if isinstance(names, dict) else []
    if not keys or set(names) != set(keys):
        raise BadSubject(
            "id2label in {file} does not name the classes 0, 1, 2 and so on; save the model with a name for each",
            file=str(folder / "config.json"),
        )
    if len(keys) == 1:
        raise BadSubject(
            "the model in {folder} has a single output, so it scores rather than classifies; "
            "name one with at least two classes",
            folder=str(folder),
        )
    labels = tuple(str(names[key]) for key in keys)
    twice = [label for label in labels if labels.count(label) > 1]
    if twice:
        raise BadSubject(
            "two classes in {file} are called {label}; give each a name of its own in id2label",
            file=str(folder / "config.json"),
            label=twice[0],
        )
    return labels


def _default_names(folder: Path, trust: bool) -> dict[str, str]:
    """How many classes a configuration without names has differs between architectures."""
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=trust)
    except Exception as problem:
        # What validates configurations raises errors of many kinds.
        raise BadSubject(
            "the file {file} is not a configuration that transformers knows ({problem}); save the model again",
            file=str(folder / "config.json"),
            problem=" ".join(str(problem).split())[:160],
        ) from problem
    return {str(i): str(name) for i, name in config.id2label.items()}


def detect_device() -> str:
    """The accelerator that torch sees, or the processor."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _parameters(folder: Path) -> int | None:
    """Weights counted from the safetensors headers, without reading the weights."""
    from safetensors import SafetensorError, safe_open

    count = 0
    for file in folder.glob("*.safetensors"):
        try:
            with safe_open(file, "np") as weights:
                for name in weights.keys():  # noqa: SIM118 - not a mapping
                    size = 1
                    for side in weights.get_slice(name).get_shape():
                        size *= side
                    count += size
        except (SafetensorError, OSError) as problem:
            raise BadSubject(
                "the file {file} is not a readable safetensors file; save it again", file=str(file)
            ) from problem
    return count or None
