"""Tiny classifiers with fixed seeds, saved as real checkpoints: three ways in which models read text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertTokenizerFast,
    GPT2Config,
    GPT2ForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
)

WORDS = (
    "the a an this that people person man woman child girl boy team boss nurse doctor driver cook is are was were "
    "has not very quite so never always good bad awful kind lovely rude clever lazy great terrible fair unfair and or "
    "but because they he she we you work walk talk play help home city street day night"
).split()

PIECES = "##s ##ed ##ing ##er ##ly ' - . , ! ? un ##fair don t well ##n".split()
"""Beside whole words, so that some words take several tokens."""

SENTENCES = (
    "the nurse is very kind",
    "they are awful and rude, and the boss never helped",
    "people walked home",
    "unfair",
    "she isn't a bad driver but he talks, talks and talks all day and night because we never play in this city!",
)
"""Of different lengths, with words of several tokens and words that no tiny model knows."""


def bert(folder: Path, *, labels: tuple[str, ...] = ("fine", "flagged"), seed: int = 0, **config: Any) -> Path:
    """An encoder with segments that answers from its first token."""
    tokenizer = wordpiece()
    settings = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=64,
        **_named(labels),
        **config,
    )
    return _saved(_seeded(BertForSequenceClassification, settings, seed), tokenizer, folder)


def roberta(folder: Path, *, seed: int = 1, longest: int = 62) -> Path:
    """An encoder whose positions start counting after the padding id."""
    tokenizer = byte_level(template=True)
    tokenizer.model_max_length = longest
    settings = RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=64,
        type_vocab_size=1,
        pad_token_id=tokenizer.pad_token_id,
        **_named(("fine", "flagged")),
    )
    return _saved(_seeded(RobertaForSequenceClassification, settings, seed), tokenizer, folder)


def gpt2(folder: Path, *, seed: int = 2, pad: str | None = None) -> Path:
    """A decoder that answers from its last token, by default without a padding token of its own."""
    tokenizer = byte_level(template=False)
    tokenizer.pad_token = pad
    settings = GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=32,
        n_layer=2,
        n_head=2,
        n_positions=64,
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        **_named(("fine", "mixed", "flagged")),
    )
    return _saved(_seeded(GPT2ForSequenceClassification, settings, seed), tokenizer, folder)


KINDS: dict[str, Callable[[Path], Path]] = {"bert": bert, "roberta": roberta, "gpt2": gpt2}


def wordpiece() -> Any:
    """Word pieces in lower case, between [CLS] and [SEP]."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *PIECES]
    return BertTokenizerFast(vocab={token: i for i, token in enumerate(vocabulary)}, model_max_length=64)


def byte_level(*, template: bool) -> Any:
    """Bytes and a few merges, as GPT-2 and RoBERTa have them: no text is unknown."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<s>", "<pad>", "</s>"]
    merges = [("t", "h"), ("th", "e"), ("Ġ", "a"), ("Ġ", "the"), ("i", "s"), ("Ġ", "is"), ("i", "n"), ("in", "g")]
    tokens = [*special, *alphabet, *("".join(merge) for merge in merges)]
    inner = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    if template:
        inner.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
        named = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>"}
    else:
        inner.post_processor = processors.ByteLevel(trim_offsets=False)
        named = {"bos_token": "</s>", "eos_token": "</s>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=64, **named)
    tokenizer.model_input_names = ["input_ids", "attention_mask"]
    return tokenizer


def edited(folder: Path, source: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> Path:
    """A copy of a checkpoint whose weights are changed."""
    shutil.copytree(source, folder)
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


def masking(folder: Path, source: Path, word: str) -> Path:
    """A copy of a BERT checkpoint whose tokenizer replaces a word by the mask token before it reads."""
    shutil.copytree(source, folder)
    inner = wordpiece().backend_tokenizer
    # In lower case: the mask token is looked for as the normalizer leaves it.
    inner.normalizer = normalizers.Sequence([inner.normalizer, normalizers.Replace(word, "[mask]")])
    inner.add_special_tokens([AddedToken("[MASK]", normalized=True, special=True)])
    # BERT's own class would build a normalizer of its own when it is loaded again.
    named = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=64, **named).save_pretrained(folder)
    return folder


def _named(labels: tuple[str, ...]) -> dict[str, Any]:
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def _seeded(kind: Any, settings: Any, seed: int) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = kind(settings)
        for name, parameter in model.named_parameters():
            # The library's own initial weights are so small that every text gets the same answer.
            if "norm" not in name.lower() and "ln_" not in name:
                torch.nn.init.normal_(parameter, std=0.3)
    return model


def _saved(model: Any, tokenizer: Any, folder: Path) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
