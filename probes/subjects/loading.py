"""Loads a classifier and its tokenizer from a checkpoint folder, or says in one line why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from probes.errors import BadSubject


def load_classifier(folder: Path, device: str, dtype: str, attention: str, trust: bool) -> tuple[Any, Any]:
    """The model, frozen and on its device, and its tokenizer.

    Raises BadSubject where a file is damaged, weights are missing, or the device is not there.
    """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    place = _place(device)
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True, trust_remote_code=trust)
            model, report = AutoModelForSequenceClassification.from_pretrained(
                folder,
                dtype=getattr(torch, dtype),
                attn_implementation=attention,
                use_safetensors=None if trust else True,
                trust_remote_code=trust,
                ignore_mismatched_sizes=True,  # told below
                output_loading_info=True,
            )
            model.requires_grad_(False).eval().to(place)
    except (torch.OutOfMemoryError, MemoryError) as problem:
        raise BadSubject(
            "the model in {folder} does not fit into the memory of {device}; open it with dtype=bfloat16 or device=cpu",
            folder=str(folder),
            device=device,
        ) from problem
    except Exception as problem:
        # Readers of foreign files raise anything; the tokenizers library raises Exception itself.
        raise BadSubject(
            "the checkpoint in {folder} cannot be loaded ({problem}); save the model and its tokenizer again",
            folder=str(folder),
            problem=" ".join(str(problem).split())[:160],
        ) from problem
    _check_weights(folder, model.base_model_prefix, report)
    if not getattr(tokenizer, "is_fast", False):
        raise BadSubject(
            "the tokenizer in {folder} does not tell where tokens stand in the text; save a fast tokenizer beside it",
            folder=str(folder),
        )
    return model, tokenizer


def _check_weights(folder: Path, prefix: str, report: dict[str, Any]) -> None:
    """The library fills what is missing with random numbers, drops what is left over, and answers all the same."""
    layers = {key for key in report["unexpected_keys"] if key.startswith(f"{prefix}.") and re.search(r"\.\d+\.", key)}
    contradicting = sorted({str(key[0]) for key in report["mismatched_keys"]} | layers)
    if contradicting:
        raise BadSubject(
            "the weights in {folder} are not of the shape that its config.json says ({names}); save the model again",
            folder=str(folder),
            names=", ".join(contradicting[:3]),
        )
    missing = sorted(report["missing_keys"])
    if missing:
        raise BadSubject(
            "the checkpoint in {folder} lacks weights of the classifier ({missing}); "
            "fine-tune the model before auditing it",
            folder=str(folder),
            missing=", ".join(missing[:3]),
        )


def _place(device: str) -> torch.device:
    try:
        place = torch.device(device)
        torch.empty(0, device=place).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as problem:
        raise BadSubject(
            "device {device} is not to be had here; leave it out to detect one", device=device
        ) from problem
    return place


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
