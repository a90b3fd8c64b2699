"""Fine-tunes the demo's moderation models from MiniLM on RedditBias: plain, and with identity words masked."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audits.assets import MINILM, MINILM_FILES
from audits.data import open_population
from audits.data.population import LABEL
from audits.demo.identity_words import IDENTITY_WORDS
from audits.engine.progress import Meter, Progress, silent
from audits.plan import AuditChoice, DataPlan, Plan
from probes.subjects.hf_classifier import detect_device

if TYPE_CHECKING:
    import torch

CLASSES = ("neutral", "biased")

MASK = "[mask]"
"""What an identity word is read as; the tokenizer's own normalizer puts it there, in training and in use alike."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a trained model follows from, beside the data and the base model."""

    masked: bool
    seed: int = 0
    epochs: int = 1
    batch: int = 16
    rate: float = 1e-4
    longest: int = 64
    version: int = 1

    @property
    def name(self) -> str:
        """The folder of the trained model; another recipe is another folder."""
        words = IDENTITY_WORDS if self.masked else ()
        parts = json.dumps([self.seed, self.epochs, self.batch, self.rate, self.longest, self.version, words])
        kind = "moderation-masked" if self.masked else "moderation"
        return f"{kind}-{blake2b(parts.encode(), digest_size=4).hexdigest()}"


def moderation_model(home: Path, masked: bool, progress: Progress = silent) -> Path:
    """The folder of a trained model, trained first where it is not there yet (one to three minutes on two cores)."""
    recipe = Recipe(masked)
    folder = home / "demo" / "models" / recipe.name
    if (folder / "config.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".training-", dir=folder.parent))
    try:
        _train(recipe, home, beside, progress)
        with contextlib.suppress(FileExistsError, OSError):
            beside.rename(folder)  # another process may have been quicker: its model is as good
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _train(recipe: Recipe, home: Path, folder: Path, progress: Progress) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    from probes.subjects.transformer import quiet

    base = _base_model(home)
    tokenizer = _tokenizer(base, recipe.masked)
    texts, targets = _phrases(home)
    encoded = tokenizer(texts, truncation=True, max_length=recipe.longest)["input_ids"]
    device = torch.device(detect_device())
    with _seeded(recipe.seed), quiet():
        model: Any = AutoModelForSequenceClassification.from_pretrained(
            base,
            num_labels=len(CLASSES),
            id2label=dict(enumerate(CLASSES)),
            attn_implementation="sdpa",
            # One epoch shows every text once: there is nothing to overfit, and drawing dropout masks is slow.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        ).to(device)
        batches = _batches([len(ids) for ids in encoded], recipe)
        # The word embeddings are half of the parameters; most words occur too seldom in one epoch to move them well.
        model.get_input_embeddings().weight.requires_grad_(False)
        learnt = [weight for weight in model.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(learnt, lr=recipe.rate, weight_decay=0.01, fused=True)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _ramp(step, len(batches)))
        meter = Meter(progress, "Fine-tuning " + recipe.name.rpartition("-")[0], len(texts) * recipe.epochs, 0)
        model.train()
        for rows in batches:
            ids, mask = _padded([encoded[row] for row in rows], tokenizer.pad_token_id, device)
            wanted = torch.tensor([targets[row] for row in rows], device=device)
            with _autocast(device):
                loss = model(input_ids=ids, attention_mask=mask, labels=wanted).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            meter.advance(len(rows))
        model.to("cpu").eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    note = {"recipe": recipe.name, "trained": time.strftime("%Y-%m-%d", time.gmtime()), "device": device.type}
    (folder / "training.json").write_text(json.dumps(note), "utf-8")


def _base_model(home: Path) -> Path:
    folder = home / "demo" / "models" / "minilm"
    if not (folder / "config.json").is_file():
        MINILM.open(home).extract(MINILM_FILES, folder)
    return folder


def _phrases(home: Path) -> tuple[list[str], list[int]]:
    """The fit split of RedditBias, in an order that does not depend on files."""
    data = DataPlan(source="demo:redditbias", input=("text",), label="label", split="fit")
    plan = Plan(name="training", subject="scripted:", data=data, audits=(AuditChoice(name="data.profile"),))
    population = open_population(plan, home=home)
    labels = population.frame.select(LABEL).collect()[LABEL].to_list()
    pairs = sorted((row.inputs[0], CLASSES.index(label)) for row, label in zip(population.rows(), labels, strict=True))
    return [text for text, _ in pairs], [target for _, target in pairs]


def _tokenizer(base: Path, masked: bool) -> Any:
    """The base model's tokenizer; the masked one replaces identity words before it looks for tokens."""
    from tokenizers import AddedToken, Regex
    from tokenizers.normalizers import Replace, Sequence
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    tokenizer = AutoTokenizer.from_pretrained(base)
    if not masked:
        return tokenizer
    inner = tokenizer.backend_tokenizer
    words = "|".join(sorted(IDENTITY_WORDS, key=len, reverse=True))
    inner.normalizer = Sequence([inner.normalizer, Replace(Regex(rf"\b({words})\b"), MASK)])
    # The mask token must be found in normalized text, where the words were replaced.
    inner.add_special_tokens([AddedToken("[MASK]", normalized=True, special=True)])
    # The general class keeps the normalizer when it is loaded again; BERT's own would build its own anew.
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        model_max_length=tokenizer.model_max_length,
        model_input_names=tokenizer.model_input_names,
        **tokenizer.special_tokens_map,
    )


def _batches(lengths: list[int], recipe: Recipe) -> list[list[int]]:
    """Shuffled batches of texts of like length: little padding, and every epoch another order."""
    import torch

    batches: list[list[int]] = []
    for _ in range(recipe.epochs):
        shuffled = torch.randperm(len(lengths), device="cpu").tolist()
        pools = [shuffled[i : i + 16 * recipe.batch] for i in range(0, len(shuffled), 16 * recipe.batch)]
        epoch = [
            pool[i : i + recipe.batch]
            for pool in (sorted(pool, key=lengths.__getitem__) for pool in pools)
            for i in range(0, len(pool), recipe.batch)
        ]
        batches += [epoch[i] for i in torch.randperm(len(epoch), device="cpu").tolist()]
    return batches


def _padded(rows: list[list[int]], pad: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    longest = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=device)
    return ids, mask


def _ramp(step: int, steps: int) -> float:
    """A tenth of the steps up, then down to zero along a cosine."""
    warm = max(1, steps // 10)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _autocast(device: torch.device) -> contextlib.AbstractContextManager[Any]:
    """bfloat16 where the device computes in it; elsewhere it would only be slower."""
    import torch

    able = torch.cuda.is_bf16_supported() if device.type == "cuda" else _cpu_has_bfloat16() and device.type == "cpu"
    return torch.autocast(device.type, dtype=torch.bfloat16) if able else contextlib.nullcontext()


def _cpu_has_bfloat16() -> bool:
    import torch

    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """All of torch's random draws follow from the seed; the generators are put back afterwards."""
    import torch

    devices = range(torch.cuda.device_count())
    with torch.random.fork_rng(devices):
        torch.manual_seed(seed)
        yield
