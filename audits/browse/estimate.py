"""What a plan will take, told before it is run: passes through the model, time, memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from audits.audit import Audit
from audits.browse.models import Models
from audits.browse.pace import Pace, pace
from audits.data.columns import KEY
from audits.engine.bench import Bench
from audits.engine.pairing import matched, rooted
from audits.passes import Passes
from audits.plan import Plan
from audits.plan_file import read_plan
from audits.store.home import home, store_url
from audits.store.measurements import Measurements
from probes.speech import Duration, Number, Quantity, Sentence, say
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers, Subject

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.data.rows import Rows

SAMPLED = 4_000
"""Of more rows so many are looked up in the store, and the others taken to be as they are."""

SOON = 10.0
"""Seconds below which nobody plans."""

BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
"""What a weight takes."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """Between which a run will probably take."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan will take."""

    rows: int
    passes: int
    """Rows through the model, where nothing were stored; one with a gradient counts as one."""
    already_measured: int
    """So many of them need not be run, because their results are in the store."""
    seconds: Seconds | None
    reason: Sentence | None
    """Why the time cannot be told, where it cannot."""
    memory: int | None
    """Bytes that the model's weights take; None where the model does not tell."""
    sentences: tuple[Sentence, ...]
    """All of this in words."""


def estimate(
    plan: Plan, base: Path | None = None, models: Models | None = None, data: Population | None = None
) -> Estimate:
    """Counts rows, looks up what is stored and, where the model is loaded in `models`, times a short sample of it.

    Loads no model and fetches none: where it is neither loaded nor a file or folder here, its share is left open.
    `data` is the plan's population, where it is open already. Raises BadPlan, BadData or BadSubject in one line.
    """
    checked, questions, _ = read_plan(plan)
    began = time.perf_counter()
    if data is None:
        from audits.data import open_population

        data = open_population(checked, base=base, home=home())
    reading = time.perf_counter() - began
    if models is not None and models.holds(checked.subject, checked.trust, base):
        with models.lend(checked.subject, checked.trust, base) as reader:
            return _estimate(questions, *matched(reader.subject, data), reading, checked.seed, loaded=True)
    uri = rooted(checked.subject, base)
    if not at_hand(uri):
        return _estimate(questions, None, data, reading, checked.seed, loaded=False)
    return _estimate(questions, *matched(open_subject(uri, checked.trust), data), reading, checked.seed, loaded=False)


def at_hand(uri: str) -> bool:
    """Whether a subject can be looked at without fetching or training anything, since it is a file or folder here."""
    scheme, _, rest = uri.partition(":")
    target = Path(rest.partition("?")[0]).expanduser()
    match scheme:
        case "table" | "scripted":
            return True
        case "hf":
            return target.is_dir()
        case "sklearn":
            return target.is_file()
        case _:
            return False


def _estimate(
    questions: Sequence[Audit], subject: Subject | None, data: Population, reading: float, seed: int, *, loaded: bool
) -> Estimate:
    asked = _asked(questions, subject, data.size)
    rows = _sample(data, seed) if asked and subject is not None else None
    stored = _stored(subject, asked, rows, data.size)
    left = [(one, max(0, one.rows - there)) for one, there in zip(asked, stored, strict=True)]
    forward, backward = (sum(getattr(one, way) * n for one, n in left) for way in ("forward", "backward"))
    total = round(sum(one.rows * (one.forward + one.backward) for one in asked))
    known = total - round(forward + backward)
    speed, reason = None, None
    if forward + backward:
        if loaded and isinstance(subject, Answers) and rows is not None:
            speed = pace(subject, [row.inputs for row in rows], gradients=backward > 0)
        elif subject is None:
            reason = say("The model is not open yet, so neither what is stored nor how fast it is can be told.")
        else:
            reason = say("The model is not loaded yet; how fast it is can be told once it has answered something.")
    seconds = None if reason is not None else _seconds(speed, forward, backward, reading)
    memory = _memory(subject)
    return Estimate(
        rows=data.size,
        passes=total,
        already_measured=known,
        seconds=seconds,
        reason=reason,
        memory=memory,
        sentences=tuple(_sentences(data, total, known, seconds, reason, memory)),
    )


def _asked(questions: Sequence[Audit], subject: Subject | None, rows: int) -> list[Passes]:
    """What all audits ask together: the same question once, of as many rows as the one that asks most."""
    if subject is not None and not isinstance(subject, Answers):
        return []
    found: dict[str, Passes] = {}
    for at, question in enumerate(questions):
        if subject is not None and not all(isinstance(subject, capability) for capability in question.needs):
            continue  # it will say that it cannot be asked
        for number, one in enumerate(question.passes(rows, subject)):
            name = f"{at}.{number}" if one.probe is None else one.probe.identity
            if name not in found or found[name].rows < one.rows:
                found[name] = one
    return list(found.values())


def _sample(data: Population, seed: int) -> Rows:
    keys = data.frame.select(KEY).collect()[KEY].to_list()
    if len(keys) <= SAMPLED:
        return data.rows()
    return data.rows(Random(seed).sample(keys, SAMPLED))  # noqa: S311 - a sample, not a secret


def _stored(subject: Subject | None, asked: Sequence[Passes], rows: Rows | None, size: int) -> list[int]:
    """Rows of each question that need not be asked; of a sample of rows, the share in it."""
    if subject is None or rows is None:
        return [0] * len(asked)
    bench = Bench(subject, Measurements(store_url()))
    scale = size / len(rows)
    found = [0 if one.probe is None else round(bench.stored(one.probe, rows) * scale) for one in asked]
    return [min(one.rows, there) for one, there in zip(asked, found, strict=True)]


def _seconds(speed: Pace | None, forward: float, backward: float, reading: float) -> Seconds:
    """Reading the data comes on top: once, and up to three times more for counting in it."""
    if speed is None:
        return Seconds(reading, 3 * reading + 1)
    return Seconds(
        reading + forward * speed.forward.low + backward * speed.backward.low,
        3 * reading + 1 + forward * speed.forward.high + backward * speed.backward.high,
    )


def _memory(subject: Subject | None) -> int | None:
    if subject is None:
        return None
    told = subject.describe()
    return None if told.parameters is None else told.parameters * BYTES.get(told.dtype or "", 8)


def _sentences(
    data: Population, total: int, known: int, seconds: Seconds | None, reason: Sentence | None, memory: int | None
) -> list[Sentence]:
    items: dict[str, Quantity | str | int] = {"n": data.size, "items": data.words.plural}
    if not total:
        told = [say("{n} {items} are counted; no model is asked.", **items)]
    elif known:
        told = [
            say(
                "{n} {items} take about {passes} passes through the model; about {known} of them are stored already.",
                passes=total,
                known=known,
                **items,
            )
        ]
    else:
        told = [say("{n} {items} take about {passes} passes through the model.", passes=total, **items)]
    if seconds is not None and seconds.high < SOON:
        told.append(say("That takes a few seconds."))
    elif seconds is not None:
        low, high = Duration(seconds=seconds.low), Duration(seconds=seconds.high)
        told.append(say("That takes about {low} to {high} on this machine, as busy as it is now.", low=low, high=high))
    elif reason is not None:
        told.append(reason)
    if memory is not None:
        told.append(
            say("The model's weights take {size} of memory.", size=Number(value=memory / 1e6, digits=3, unit="MB"))
        )
    return told
