"""A loaded transformer classifier that answers batches of requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from probes.errors import BadSubject, NotApplicable, OutOfMemory
from probes.example import Example, Tokens
from probes.requests import (
    Answer,
    Embed,
    Embedded,
    Forward,
    Gradient,
    LastLayer,
    Request,
    Scores,
    Slope,
    States,
    Without,
)
from probes.subjects.loading import load_classifier
from probes.subjects.loading import quiet as quiet
from probes.words import Place, words_of

if TYPE_CHECKING:
    from jaxtyping import Float, Int


MEMORY_SIGNS = ("can't allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED")
"""How processors, MPS and cuBLAS say it."""


@dataclass(frozen=True, slots=True)
class Transformer:
    """Model, tokenizer and where they run. Parameters are frozen; gradients go to the input embeddings only."""

    model: Any
    tokenizer: Any
    device: torch.device
    most_tokens: int
    filler: int
    """Fills the shorter rows of a batch."""
    blank: int
    """Stands for words in a baseline."""

    @classmethod
    def load(cls, folder: Path, device: str, dtype: str, attention: str, trust: bool) -> Transformer:
        """Raises BadSubject where a file is damaged, weights are missing, or the device is not there."""
        model, tokenizer = load_classifier(folder, device, dtype, attention, trust)
        rows = int(model.get_input_embeddings().weight.shape[0])
        # What the model takes for padding; decoders find the last token of a padded row by it.
        padding = getattr(model.config, "pad_token_id", None)
        filler = _first_within(rows, padding, tokenizer.pad_token_id, tokenizer.eos_token_id, 0)
        model.config.pad_token_id = filler
        # What the tokenizer means by padding: what absent words are replaced by.
        blank = _first_within(rows, tokenizer.pad_token_id, filler)
        positions = getattr(model.config, "max_position_embeddings", None)
        limits = (tokenizer.model_max_length, 10**9 if positions is None else positions - _reserved(model))
        return cls(model, tokenizer, torch.device(device), int(min(limits)), filler, blank)

    @property
    def embedding_size(self) -> int:
        """Width of the input embeddings."""
        return int(self.model.get_input_embeddings().weight.shape[1])

    @property
    def state_size(self) -> int:
        """Width of the hidden states."""
        return int(getattr(self.model.config, "hidden_size", self.embedding_size))

    @property
    def mask(self) -> str:
        """What is written for a hidden word."""
        return str(self.tokenizer.mask_token or self.tokenizer.unk_token or "[MASK]")

    def spelling(self, token: int) -> str:
        """A token as the tokenizer spells it."""
        return str(self.tokenizer.convert_ids_to_tokens(token))

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
        ids, types, texts = list(encoding.ids), list(encoding.type_ids), tuple(encoding.tokens)
        if not ids:
            # Decoders put nothing around a text, and a model cannot read nothing.
            places, ids, types = [None], [self.filler], [0]
            texts = (self.spelling(self.filler),)
        if max(ids) >= self.model.get_input_embeddings().weight.shape[0]:
            raise BadSubject(
                "the tokenizer of {model} knows the token {token} and the model does not; "
                "save the model with the tokenizer that it was trained with",
                model=str(self.model.name_or_path),
                token=texts[ids.index(max(ids))],
            )
        tokens = Tokens(
            ids=np.array(ids, dtype=np.int64),
            types=np.array(types, dtype=np.int64),
            special=np.array([place is None for place in places]),
            texts=texts,
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
            if isinstance(first, LastLayer):
                return self._last_layer(batch)
            if isinstance(first, Without):
                return self._without([request for request in batch if isinstance(request, Without)])
            return self._gradient([request for request in batch if isinstance(request, Gradient)])
        except torch.OutOfMemoryError as problem:
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem
        except MemoryError as problem:
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem
        except RuntimeError as problem:
            # Processors and some accelerators have no error of their own for it.
            if not any(sign in str(problem) for sign in MEMORY_SIGNS):
                raise
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem

    def _inputs(self, batch: Sequence[Request]) -> dict[str, torch.Tensor]:
        rows = [request.example.encoded for request in batch]
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self.filler, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], types[i, : len(row)], mask[i, : len(row)] = row.ids, row.types, 1
        arrays = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in self.tokenizer.model_input_names and self._reads_segments:
            arrays["token_type_ids"] = types
        return {name: torch.from_numpy(array).to(self.device) for name, array in arrays.items()}

    @property
    def _reads_segments(self) -> bool:
        """Tokenizers saved by their generic class name segments also for models that have none."""
        return "token_type_ids" in signature(self.model.forward).parameters

    def _forward(self, batch: Sequence[Request], attention: bool) -> list[Answer]:
        with torch.inference_mode():
            output = self.model(**self._inputs(batch), output_attentions=attention)
            logits = _array(output.logits)
            layers = [_array(layer) for layer in getattr(output, "attentions", None) or ()] if attention else []
        if attention and (not layers or any(layer.shape[-2] != layer.shape[-1] for layer in layers)):
            raise NotApplicable(
                "{model} gives no attention weights of every token to every token",
                model=type(self.model).__name__,
            )
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
            blank = np.where(tokens.special, tokens.ids, self.blank)
            answers.append(Embedded(rows(tokens.ids), rows(blank)))
        return answers

    def _last_layer(self, batch: Sequence[Request]) -> list[Answer]:
        with torch.inference_mode():
            output = self.model(**self._inputs(batch), output_hidden_states=True)
        layers = getattr(output, "hidden_states", None) or ()
        longest = max(len(request.example.encoded) for request in batch)
        if not layers or layers[-1].shape[:2] != (len(batch), longest):
            raise NotApplicable("{model} shows no hidden state of every token", model=type(self.model).__name__)
        last = _array(layers[-1])
        return [States(last[i, : len(request.example.encoded)]) for i, request in enumerate(batch)]

    def _without(self, batch: Sequence[Without]) -> list[Answer]:
        inputs = self._inputs(batch)
        absent = np.zeros(tuple(inputs["input_ids"].shape), dtype=bool)
        for i, request in enumerate(batch):
            absent[i, : len(request.absent)] = request.absent
        with torch.inference_mode():
            replaced = inputs["input_ids"].masked_fill(torch.from_numpy(absent).to(self.device), self.blank)
            leaf = self.model.get_input_embeddings()(replaced)
            with self._embeddings_replaced(inputs["input_ids"], leaf):
                logits = _array(self.model(**inputs).logits)
        return [Scores(row) for row in logits]

    def _gradient(self, batch: Sequence[Gradient]) -> list[Answer]:
        inputs = self._inputs(batch)
        rows, longest = inputs["input_ids"].shape
        given = np.zeros((rows, longest, self.embedding_size), dtype=np.float32)
        for i, request in enumerate(batch):
            given[i, : len(request.embeddings)] = request.embeddings
        leaf = torch.from_numpy(given).to(self.device, self.model.dtype).requires_grad_()
        with self._embeddings_replaced(inputs["input_ids"], leaf):
            logits = self.model(**inputs).logits
        targets = torch.tensor([request.target for request in batch], device=self.device)
        (slopes,) = torch.autograd.grad(logits.gather(1, targets[:, None]).sum(), leaf)
        values, gradients = _array(logits), _array(slopes)
        return [Slope(values[i], gradients[i, : len(request.embeddings)]) for i, request in enumerate(batch)]

    @contextmanager
    def _embeddings_replaced(
        self, ids: Int[torch.Tensor, "row token"], embeddings: Float[torch.Tensor, "row token hidden"]
    ) -> Iterator[None]:
        """The embedding layer gives these rows for these ids: so decoders still find padding by the ids.

        Other ids keep their embeddings: GPT-2 looks up segments in the same table. Raises NotApplicable where the
        model has not looked these ids up.
        """
        times = 0

        def replaced(_: Any, given: tuple[torch.Tensor, ...], usual: torch.Tensor) -> torch.Tensor:
            nonlocal times
            # The same memory: models pass the ids on in another shape, and equal numbers may mean something else.
            if not given or given[0].data_ptr() != ids.data_ptr():
                return usual
            times += 1
            return embeddings

        handle = self.model.get_input_embeddings().register_forward_hook(replaced)
        try:
            yield
        finally:
            handle.remove()
        if times != 1 or getattr(self.model.config, "is_encoder_decoder", False):
            raise NotApplicable(
                "{model} does not read its text once through its input embeddings, so nothing can be changed there",
                model=type(self.model).__name__,
            )


def _array(tensor: torch.Tensor) -> Any:
    return tensor.detach().to("cpu", torch.float32).numpy()


def _first_within(rows: int, *ids: int | None) -> int:
    """The first of these tokens that the model has an embedding of."""
    return next(int(i) for i in ids if i is not None and 0 <= i < rows)


def _reserved(model: Any) -> int:
    """Positions that RoBERTa-like models keep for padding: they start counting after the padding id."""
    positions = getattr(
        getattr(getattr(model, model.base_model_prefix, None), "embeddings", None), "position_embeddings", None
    )
    padding = getattr(positions, "padding_idx", None)
    return 0 if padding is None else int(padding) + 1
