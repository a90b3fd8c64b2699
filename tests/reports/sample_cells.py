"""Cells of crossed attributes and slices, as the audits of intersections and worst slices hand them over."""

from __future__ import annotations

from audits.cell_evidence import Cell, Cells, Condition, SliceRate, Slices
from probes.speech import Interval, say
from tests.reports.sample_evidence import Rewrite, wilson

RACES = {"black": "Black", "white": "White", "asian": "Asian", "(not recorded)": "not recorded"}
SEXES = {"f": "Women", "m": "Men"}
COUNTS = {("black", "f"): (61, 140), ("black", "m"): (45, 190), ("white", "f"): (90, 410), ("white", "m"): (77, 520),
          ("asian", "f"): (2, 7), ("(not recorded)", "m"): (3, 20), ("asian", "m"): (0, 0)}  # fmt: skip


def sample_cells(data: Rewrite) -> tuple[Cells, Cells]:
    """Race by sex, and race alone."""

    def cell(groups: tuple[str, ...], labels: tuple[str, ...], events: int, n: int) -> Cell:
        return Cell(
            groups=tuple(map(data, groups)),
            labels=tuple(map(data, labels)),
            events=events,
            n=n,
            rate=events / n if n else None,
            interval=wilson(events, n) if n else None,
            shrunk=None if groups[0].startswith("(") else (events + 6) / (n + 24),
            shrunk_interval=None if groups[0].startswith("(") else Interval(low=0.1, high=0.4),
            tested=n >= 10 and not groups[0].startswith("("),
        )

    both = Cells(
        name="cells",
        title=say("How often comments are flagged, by {one} and {two}", one=data("race"), two=data("sex")),
        axis=say("Share of comments that are flagged, in %"),
        hint=say("Stronger colour: a higher rate."),
        attributes=(data("race"), data("sex")),
        values=(tuple(map(data, RACES)), tuple(map(data, SEXES))),
        reference=0.21,
        cells=tuple(cell((race, sex), (RACES[race], SEXES[sex]), *two) for (race, sex), two in COUNTS.items()),
    )
    one = both.model_copy(
        update={
            "attributes": (data("race"),),
            "values": (tuple(map(data, RACES)),),
            "cells": tuple(cell((race,), (label,), 20 + at, 90) for at, (race, label) in enumerate(RACES.items())),
        }
    )
    return both, one


def sample_slices(data: Rewrite) -> Slices:
    def condition(column: str, kind: str, value: str, words: str) -> Condition:
        return Condition.model_validate({"column": data(column), "kind": kind, "value": value, "words": data(words)})

    married = condition("@group.relationship", "is", "Husband", "relationship is Husband")
    older = condition("age", "between", "45..90", "age is 45 to 90")
    wordy = condition("text", "length", "120..900", "text has 120 to 900 characters")
    tested = SliceRate(
        conditions=(married, older), rows=812, events=131, n=402,
        rate=131 / 402, rest=0.12, difference=131 / 402 - 0.12,
        interval=Interval(low=0.16, high=0.25), p=1e-9, adjusted=1e-8,
    )  # fmt: skip
    few = SliceRate(conditions=(wordy,), rows=30, events=4, n=8, rate=0.5)
    return Slices(
        name="slices",
        title=say("Where the answer is wrong most often"),
        axis=say("Difference to all other comments, in points"),
        hint=say("Right of the line: wrong more often than elsewhere."),
        searched=4120,
        within=Condition(column="@actual", kind="is", value="false", words=data("labelled otherwise")),
        slices=(tested, tested.model_copy(update={"conditions": (wordy, older), "adjusted": 0.3}), few),
    )
