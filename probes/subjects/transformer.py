"""A loaded transformer classifier that answers batches of requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from probes.errors import BadSubject, OutOfMemory
from probes.example import Example, Tokens
from probes.requests import Answer, Embed, Embedded, Forward, Gradient, Request, Scores, Slope
from probes.words import Place, words_of

if TYPE_CHECKING:
    from jaxtyping import Float, Int


@dataclass(frozen=True, slots=True)
class Transformer:
    """Model, tokenizer and where they run. Parameters are frozen; gradients go to the input embeddings only."""

    model: Any
    tokenizer: Any
    device: torch.device
    most_tokens: int
    pad: int

    @classmethod
    def load(cls, folder: Path, device: str, dtype: str, attention: str, trust: bool) -> Transformer:
        """Raises BadSubject where a file is damaged, weights are missing, or the device is not there."""
        from safetensors import SafetensorError
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        try:
            place = torch.device(device)
            torch.empty(0, device=place)
        except (RuntimeError, AssertionError) as problem:
            raise BadSubject(
                "device {device} is not to be had here; leave it out to detect one", device=device
            ) from problem
        try:
            with quiet():
                tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True, trust_remote_code=trust)
                model, report = AutoModelForSequenceClassification.from_pretrained(
                    folder,
                    dtype=getattr(torch, dtype),
                    attn_implementation=attention,
                    use_safetensors=None if trust else True,
                    trust_remote_code=trust,
                    output_loading_info=True,
                )
        except (SafetensorError, OSError, ValueError, KeyError, RuntimeError, ImportError) as problem:
            raise BadSubject(
                "the checkpoint in {folder} cannot be loaded ({problem}); save the model and its tokenizer again",
                folder=str(folder),
                problem=" ".join(str(problem).split())[:160],
            ) from problem
        missing = sorted({*report["missing_keys"], *(str(key) for key in report.get("mismatched_keys", ()))})
        if missing:
            raise BadSubject(
                "the checkpoint in {folder} lacks weights of the classifier ({missing}); "
                "fine-tune the model before auditing it",
                folder=str(folder),
                missing=", ".join(missing[:3]),
            )
        if not getattr(tokenizer, "is_fast", False):
            raise BadSubject(
                "the tokenizer in {folder} does not tell where tokens stand in the text", folder=str(folder)
            )
        pad = tokenizer.pad_token_id
        if pad is None:
            pad = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else 0
        if model.config.pad_token_id is None:
            # Decoders find the last token of a padded row by this id.
            model.config.pad_token_id = pad
        limits = (tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None) or 10**9)
        model.requires_grad_(False).eval().to(place)
        return cls(model, tokenizer, place, int(min(limits)) - _reserved(model), int(pad))

    @property
    def embedding_size(self) -> int:
        """Width of the input embeddings."""
        return int(self.model.get_input_embeddings().weight.shape[1])

    def encode(self, inputs: Sequence[tuple[str, ...]]) -> list[Example]:
        """Encodes and cuts each example to what the model can read."""
        if not inputs:
            return []
        firsts = [texts[0] for texts in inputs]
        seconds = [texts[1] for texts in inputs] if len(inputs[0]) > 1 else None
        encoded = self.tokenizer(firsts, seconds, truncation=True, max_length=self.most_tokens, padding=False)
        return [self._example(texts, encoded.encodings[i]) for i, texts in enumerate(inputs)]

    def _example(self, inputs: tuple[str, ...], encoding: Any) -> Example:
        places: list[Place] = [
            None if segment is None else (segment, start, end)
            for segment, (start, end) in zip(encoding.sequence_ids, encoding.offsets, strict=True)
        ]
        tokens = Tokens(
            ids=np.array(encoding.ids, dtype=np.int64),
            types=np.array(encoding.type_ids, dtype=np.int64),
            special=np.array([place is None for place in places]),
            texts=tuple(encoding.tokens),
            words=words_of(inputs, places),
            truncated=bool(encoding.overflowing),
        )
        return Example(inputs, tokens)

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        """Answers requests of one kind. Raises OutOfMemory."""
        try:
            first = batch[0]
            if isinstance(first, Forward):
                return self._forward(batch, first.attention)
            if isinstance(first, Embed):
                return self._embed(batch)
            return self._gradient([request for request in batch if isinstance(request, Gradient)])
        except torch.OutOfMemoryError as problem:
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem
        except RuntimeError as problem:
            if "can't allocate memory" not in str(problem) and "not enough memory" not in str(problem):
                raise
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem

    def _inputs(self, batch: Sequence[Request]) -> dict[str, torch.Tensor]:
        rows = [request.example.encoded for request in batch]
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self.pad, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], types[i, : len(row)], mask[i, : len(row)] = row.ids, row.types, 1
        arrays = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in self.tokenizer.model_input_names:
            arrays["token_type_ids"] = types
        return {name: torch.from_numpy(array).to(self.device) for name, array in arrays.items()}

    def _forward(self, batch: Sequence[Request], attention: bool) -> list[Answer]:
        with torch.inference_mode():
            output = self.model(**self._inputs(batch), output_attentions=attention)
            logits = _array(output.logits)
            layers = [_array(layer) for layer in output.attentions] if attention else []
        lengths = [len(request.example.encoded) for request in batch]
        return [
            Scores(logits[i], np.stack([layer[i, :, :n, :n] for layer in layers]) if attention else None)
            for i, n in enumerate(lengths)
        ]

    def _embed(self, batch: Sequence[Request]) -> list[Answer]:
        table = self.model.get_input_embeddings()

        def rows(ids: Int[np.ndarray, "token"]) -> Float[np.ndarray, "token hidden"]:
            with torch.inference_mode():
                found: Float[np.ndarray, "token hidden"] = _array(table(torch.from_numpy(ids).to(self.device)))
            return found

        answers: list[Answer] = []
        for request in batch:
            tokens = request.example.encoded
            blank = np.where(tokens.special, tokens.ids, self.pad)
            answers.append(Embedded(rows(tokens.ids), rows(blank)))
        return answers

    def _gradient(self, batch: Sequence[Gradient]) -> list[Answer]:
        inputs = self._inputs(batch)
        rows, longest = inputs["input_ids"].shape
        given = np.zeros((rows, longest, self.embedding_size), dtype=np.float32)
        for i, request in enumerate(batch):
            given[i, : len(request.embeddings)] = request.embeddings
        leaf = torch.from_numpy(given).to(self.device, self.model.dtype).requires_grad_()
        with self._embeddings_replaced(leaf):
            logits = self.model(**inputs).logits
            targets = torch.tensor([request.target for request in batch], device=self.device)
            (slopes,) = torch.autograd.grad(logits.gather(1, targets[:, None]).sum(), leaf)
        values, gradients = _array(logits), _array(slopes)
        return [Slope(values[i], gradients[i, : len(request.embeddings)]) for i, request in enumerate(batch)]

    @contextmanager
    def _embeddings_replaced(self, embeddings: Float[torch.Tensor, "row token hidden"]) -> Iterator[None]:
        """The embedding layer gives these rows, whatever the ids: so decoders still find padding by the ids."""
        handle = self.model.get_input_embeddings().register_forward_hook(lambda *_: embeddings)
        try:
            yield
        finally:
            handle.remove()


def _array(tensor: torch.Tensor) -> Any:
    return tensor.detach().to("cpu", torch.float32).numpy()


def _reserved(model: Any) -> int:
    """Positions that RoBERTa-like models keep for padding: they start counting after the padding id."""
    positions = getattr(
        getattr(getattr(model, model.base_model_prefix, None), "embeddings", None), "position_embeddings", None
    )
    padding = getattr(positions, "padding_idx", None)
    return 0 if padding is None else int(padding) + 1


@contextmanager
def quiet() -> Iterator[None]:
    """The library's own report of missing weights and its progress bars are told by us in one line instead."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
