"""A checkpoint folder: found, checked to be safe before anything in it is run, and fingerprinted."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

from probes.errors import BadSubject

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")
"""Weight files that run code when they are read, or that we cannot read."""

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
)


VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")
"""Without any of these the library makes a tokenizer that knows no word, and says nothing."""


def find_checkpoint(target: str, revision: str | None, trust: bool = False) -> Path:
    """The local folder of a checkpoint: a path, or a hub name fetched into the hub's own cache.

    Raises BadSubject where there is neither.
    """
    try:
        folder = Path(target).expanduser()
        found, is_file = folder.is_dir(), folder.is_file()
    except (OSError, RuntimeError) as problem:  # a name too long for the system, or the home of nobody
        raise BadSubject("there can be no folder {path}; name a checkpoint folder", path=target) from problem
    if found:
        return folder
    if is_file:
        raise BadSubject(
            "the path {path} is a file; name the folder that holds config.json and the weights", path=target
        )
    if target.count("/") > 1 or target.startswith((".", "/", "~")):
        raise BadSubject("there is no folder {path}; name a checkpoint folder or a model on the hub", path=target)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.safetensors", "*.json", "*.txt", "*.model", *(("*.bin", "*.py") if trust else ())]
    try:
        return Path(snapshot_download(target, revision=revision, allow_patterns=wanted))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as problem:
        raise BadSubject(
            "there is no folder {name} here, and the hub did not give a model of that name ({problem}); "
            "check the name, or download the model and name its folder",
            name=target,
            problem=type(problem).__name__,
        ) from problem


def check_checkpoint(folder: Path, trust: bool) -> dict[str, Any]:
    """The configuration, once it is certain that loading runs no code. Raises BadSubject with the reason otherwise."""
    path = folder / "config.json"
    if not path.exists():
        raise BadSubject(
            "the folder {folder} has no config.json, so it is not a transformers checkpoint; "
            "name the folder that save_pretrained wrote",
            folder=str(folder),
        )
    config = _settings(path)
    if not trust:
        _refuse_code(folder, config)
    if not any(any(folder.glob(name)) for name in VOCABULARIES):
        raise BadSubject(
            "the folder {folder} holds no tokenizer ({files}); save the tokenizer beside the model",
            folder=str(folder),
            files=" or ".join(VOCABULARIES),
        )
    return config


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, OSError, RecursionError) as problem:
        raise BadSubject("the file {path} cannot be read as JSON; save the model again", path=str(path)) from problem
    if not isinstance(settings, dict):
        raise BadSubject("the file {path} is not a configuration; save the model again", path=str(path))
    return settings


def _refuse_code(folder: Path, config: dict[str, Any]) -> None:
    tokenizer = folder / "tokenizer_config.json"
    of_tokenizer = _settings(tokenizer) if tokenizer.exists() else {}
    for settings, file in ((config, "config.json"), (of_tokenizer, tokenizer.name)):
        if settings.get("auto_map"):
            raise BadSubject(
                "the checkpoint in {folder} asks to run code of its own (auto_map in {file}); if you trust it, "
                "say trust: true in the plan",
                folder=str(folder),
                file=file,
            )
    if not any(folder.glob("*.safetensors")):
        pickles = sorted(file.name for file in folder.iterdir() if file.suffix in PICKLES)
        if pickles:
            raise BadSubject(
                "the file {file} is a pickle, which can run code when it is read; save the model as safetensors, "
                "or say trust: true in the plan if you trust whoever made it",
                file=str(folder / pickles[0]),
            )
        raise BadSubject(
            "the folder {folder} holds no weights (*.safetensors); save the model there as safetensors",
            folder=str(folder),
        )


def fingerprint(folder: Path) -> str:
    """Digest over weights, configuration, tokenizer and code: equal for equal bytes, wherever the folder lies."""
    weights = sorted(folder.glob("*.safetensors")) or sorted(f for f in folder.iterdir() if f.suffix in PICKLES)
    named = [folder / name for name in ("config.json", *TOKENIZER_FILES)]
    state = blake2b(digest_size=16)
    # A trusted checkpoint may answer with code of its own.
    code = sorted(folder.glob("*.py"))
    for file in [*weights, *(file for file in named if file.is_file()), *code]:
        state.update(file.name.encode() + b"\0" + file.stat().st_size.to_bytes(8, "little"))
        with file.open("rb") as stream:
            while block := stream.read(1 << 22):
                state.update(block)
    return state.hexdigest()
