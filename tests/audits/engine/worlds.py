"""Subjects that count, rows in memory and plans on disk: what the tests of the engine are made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from audits.data.population import Row
from audits.data.rows import input_digest
from audits.engine.bench import Bench
from audits.store.measurements import Measurements
from probes.errors import OutOfMemory
from probes.requests import Answer, Request
from probes.subjects.scripted import Scripted

WEIGHTS = {"awful": 2.0, "rude": 1.5, "kind": -1.0, "lovely": -2.5}
SUBJECT = "scripted:?words=awful:2,rude:1.5,kind:-1,lovely:-2.5&bias=-0.5"


@dataclass
class Tally:
    """What a subject was asked, batch by batch."""

    batches: list[list[Request]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(map(len, self.batches))


@dataclass(frozen=True)
class Counting(Scripted):
    """The scripted subject, which writes down what it is asked and may have little memory."""

    words: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    tally: Tally = field(default_factory=Tally)
    fits: int = 10**9
    """Rows of a batch times its longest row, beyond which it is out of memory."""

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        if len(batch) * max(request.example.length for request in batch) > self.fits:
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch))
        self.tally.batches.append(list(batch))
        return super().answer(batch)


def rows_of(texts: Sequence[str]) -> list[Row]:
    """Rows whose keys are their places."""
    return [Row(str(at), input_digest((text,)), (text,)) for at, text in enumerate(texts)]


def bench_of(subject: Any, folder: Path, **settings: Any) -> Bench:
    """A bench whose store is a folder."""
    return Bench(subject, Measurements(str(folder)), **settings)


def sentences(count: int, seed: int = 0, most: int = 9) -> list[str]:
    """Different texts of different lengths."""
    draw = random.Random(seed)
    words = [*WEIGHTS, "the", "people", "are", "was", "never", "boss"]
    return [f"{' '.join(draw.choices(words, k=draw.randint(1, most)))} {at}" for at in range(count)]


def comments(count: int = 150, seed: int = 0) -> pl.DataFrame:
    """Labelled comments about three groups; a tenth of the labels are not what the scripted subject says."""
    draw = random.Random(seed)
    texts = sentences(count, seed)
    said = [sum(WEIGHTS.get(word, 0.0) for word in text.split()) - 0.5 > 0 for text in texts]
    flipped = [one != (draw.random() < 0.1) for one in said]
    return pl.DataFrame(
        {
            "text": texts,
            "label": ["flagged" if one else "neutral" for one in flipped],
            "group": [draw.choice(("women", "men", "others")) for _ in texts],
        }
    )


def write_plan(folder: Path, rows: pl.DataFrame, audits: Sequence[Any], **changes: Any) -> Path:
    """The rows as CSV and a plan over them, in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows.write_csv(folder / "rows.csv")
    data = {"source": "rows.csv", "input": "text", "label": "label", "protected": ["group"], **changes.pop("data", {})}
    plan = {"name": "a first look", "subject": SUBJECT, "data": data, "audits": list(audits), **changes}
    plan["data"] = {key: value for key, value in data.items() if value is not None}
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False), "utf-8")
    return path


def damage(path: Path, how: Callable[[bytes], bytes]) -> None:
    """Changes the bytes of a file."""
    path.write_bytes(how(path.read_bytes()))


def flipped(data: bytes) -> bytes:
    """One bit in the middle is wrong."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
