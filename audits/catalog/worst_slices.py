"""bias.worst-slices: in which part of the rows does the model err most often?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from math import ceil
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding, Verdict
from audits.passes import Passes
from audits.statistics import slice_sentences as speech
from audits.statistics.slice_sentences import Error
from probes.errors import NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Names, Sentence, say
from probes.subjects.capabilities import Classifies, Recorded

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from audits.data.population import Population
    from audits.engine.bench import Bench
    from audits.slice_features import Sliced
    from audits.slices import SliceQuestion
    from probes.subjects.capabilities import Subject

LEAST_ROWS = 30
"""A slice of fewer rows among those searched is chance, however large the share of errors in it."""


@audit("bias.worst-slices", area=Area.FAIRNESS, needs=(Classifies,))
class WorstSlices(Audit):
    """Slices of rows with most errors, found and then tested (Chung et al. 2019, Sagadeeva and Boehm 2021)."""

    error: Error = Field("wrong", description="What counts as an error: any wrong answer, wrongly selected, or missed.")
    judge: Literal["held-out", "permutation"] = Field(
        "held-out", description="Slices are judged by rows that the search has not seen, or against shuffled errors."
    )
    depth: int = Field(3, ge=1, le=3, description="Conditions of a rule at most.")
    support: float = Field(0.01, gt=0, le=0.5, description="Smallest slice, as a share of the rows; 30 rows at least.")
    slices: int = Field(10, ge=1, le=50, description="Slices that are judged and listed at most.")
    permutations: int = Field(199, ge=99, le=9999, description="How often errors are shuffled where that judges.")
    columns: tuple[str, ...] = Field((), description="Columns to slice by; every usable one if left out.")
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest difference to the other rows that counts as even.")
    primary: bool = Field(False, description="Whether a slice may fail the audit; otherwise it is a concern at most.")

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """Search, then judge."""
        from audits.slice_features import sliced

        rows, errors = self._rows(bench, data)
        question = self._question(bench, data)
        fewest = self._least(rows.height)
        if rows.height < 2 * fewest:
            yield self._unsearched(question, speech.TOO_FEW, n=Count(value=rows.height), least=Count(value=fewest))
            return
        if not errors.any():
            summary = question.say(question.sentences.never, n=Count(value=rows.height))
            yield question.finding(Verdict.PASS, summary)
            return
        parts = sliced(rows, data, self._apart(bench, data, rows), fewest)
        if not parts.features:
            yield self._unsearched(question, speech.NO_FEATURE, least=Count(value=fewest))
        elif self.judge == "held-out":
            yield self._held_out(question, parts, errors, _halves(rows, data, bench.seed))
        else:
            yield self._shuffled(question, parts, errors, bench.seed)

    def _rows(self, bench: Bench, data: Population) -> tuple[pl.DataFrame, np.ndarray]:
        """The rows that could be such an error, in the order of their keys, and which of them are."""
        import polars as pl

        from audits.data.columns import KEY
        from audits.engine.decisions import ACTUAL, CORRECT, SELECTED

        positive = data.positive(bench.subject.labels if isinstance(bench.subject, Classifies) else ())
        if self.error != "wrong" and positive is None:
            raise NotApplicable(
                "Slices were not searched: the plan names no positive class; set data.positive, or error to wrong."
            )
        selected, actual, correct = pl.col(SELECTED), pl.col(ACTUAL), pl.col(CORRECT)
        counted, event = {
            "wrong": (correct.is_not_null(), ~correct),
            "wrongly-selected": (~actual & selected.is_not_null(), selected),
            "missed": (actual & selected.is_not_null(), ~selected),
        }[self.error]
        found = bench.decisions(data, positive).filter(counted).with_columns(event.alias("@error")).collect().sort(KEY)
        if not found.height:
            raise NotApplicable("Slices were not searched: no row has the label that such an error needs.")
        return found, found["@error"].to_numpy()

    def _least(self, rows: int) -> int:
        return max(LEAST_ROWS, ceil(self.support * (rows / 2 if self.judge == "held-out" else rows)))

    def _apart(self, bench: Bench, data: Population, rows: pl.DataFrame) -> set[str]:
        """Columns that say what the row is called, what the answer is or how it was drawn."""
        plan = data.plan
        apart = {plan.label, plan.id, plan.weight, plan.split_column if plan.split is not None else None}
        if isinstance(bench.subject, Recorded):
            apart |= {bench.subject.prediction, bench.subject.score}
        if self.columns:
            apart |= {name for name in rows.columns if name.removeprefix("@group.") not in self.columns}
        return {name for name in apart if name is not None}

    def _question(self, bench: Bench, data: Population) -> SliceQuestion:
        from audits.slices import SliceQuestion
        from audits.statistics.gap_sentences import vocabulary

        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        return SliceQuestion(
            audit=self.name,
            error=self.error,
            tolerance=self.tolerance,
            words=vocabulary(data.words, labels, data.positive(labels)),
            primary=self.primary,
            method=speech.HELD_OUT if self.judge == "held-out" else speech.PERMUTATION,
            settings=self.settings(),
        )

    def _unsearched(self, question: SliceQuestion, reason: str, **values: Count) -> Finding:
        summary = question.say(question.sentences.title + reason, **values)
        return question.finding(Verdict.INSUFFICIENT, summary)

    def _held_out(
        self, question: SliceQuestion, parts: Sliced, errors: np.ndarray, searched: np.ndarray
    ) -> Finding | Pending:
        """Slices are chosen where `searched` is true and judged by the other rows."""
        import numpy as np

        from audits.slices import Chosen, WorstSlices
        from audits.statistics.slice_search import Lattice, apart

        coded = parts.coded
        seen, unseen = coded.of(searched), coded.of(~searched)
        lattice = Lattice(seen, self._least(coded.rows), self.depth)
        found = apart(lattice.search(np.flatnonzero(errors[searched])), seen, errors[searched], self.slices)
        wrong = errors[~searched]
        halves = question.say(speech.HALVES, chosen=Count(value=seen.rows), judged=Count(value=unseen.rows))
        question = self._told(question, parts, lattice.searched, halves)
        if not found:
            return self._nothing(question, seen.rows, lattice.least)
        inside = [(one, unseen.inside(one.rule)) for one in found]
        chosen = tuple(
            Chosen(parts.conditions(one.rule), one.n + int(rows.sum()), int(wrong[rows].sum()), int(rows.sum()))
            for one, rows in inside
        )
        return WorstSlices(question, chosen, int(wrong.sum()), unseen.rows, lattice.searched)

    def _shuffled(self, question: SliceQuestion, parts: Sliced, errors: np.ndarray, seed: int) -> Finding:
        """Slices of all rows, each beside the worst slices of shuffled errors."""
        import numpy as np

        from audits.slices import Chosen, WorstSlices
        from audits.statistics.slice_search import Lattice, apart, permuted

        coded = parts.coded
        lattice = Lattice(coded, self._least(coded.rows), self.depth)
        places = np.flatnonzero(errors)
        found = apart(lattice.search(places), coded, errors, self.slices)
        question = self._told(question, parts, lattice.searched)
        if not found:
            return self._nothing(question, coded.rows, lattice.least)
        chance = permuted(lattice, len(places), self.permutations, np.random.default_rng(seed))
        p = tuple(float((1 + (chance >= one.score).sum()) / (1 + len(chance))) for one in found)
        chosen = tuple(Chosen(parts.conditions(one.rule), one.n, one.events, one.n) for one in found)
        return WorstSlices(question, chosen, len(places), coded.rows, lattice.searched, p).judged_by_chance()

    def _told(self, question: SliceQuestion, parts: Sliced, searched: int, *more: Sentence) -> SliceQuestion:
        from dataclasses import replace

        notes = [*more, say(speech.SEARCHED, searched=searched, columns=Names(texts=parts.names, most=12))]
        if parts.telling:
            notes.append(say(speech.TOLD, columns=Names(texts=parts.telling, most=12)))
        return replace(question, notes=tuple(notes))

    def _nothing(self, question: SliceQuestion, rows: int, least: int) -> Finding:
        template = question.sentences.title + speech.NO_SLICE
        return question.finding(
            Verdict.INSUFFICIENT, question.say(template, n=Count(value=rows), least=Count(value=least))
        )


def _halves(rows: pl.DataFrame, data: Population, seed: int) -> np.ndarray:
    """Which rows are searched: drawn by the seed and the row's key alone, so that their order does not matter.

    Keys of repeated content differ in what follows #; without it, repeats fall on one side and are not tested by
    themselves.
    """
    import numpy as np

    from audits.data.columns import KEY

    keys = rows[KEY] if data.plan.id is not None else rows[KEY].str.replace(r"#\d+$", "")
    start = blake2b(f"{seed}\nhalf\n".encode(), digest_size=1)

    def half(key: str) -> int:
        draw = start.copy()
        draw.update(key.encode())
        return draw.digest()[0] & 1

    return np.fromiter((half(key) for key in keys), bool, len(keys))
