"""One row's score built up column by column: from the background's mean at the top to the row's own at the bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from audits.column_evidence import ColumnScores, Scale, Waterfalls
from probes.speech import Count, Number, Phrase, Sentence, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.figures.strip import scale
from reports.figures.swarm import signed
from reports.figures.token_scores import about
from reports.look.palette import GroupColours
from reports.look.wording import fragment, shown

STEPS = 10
"""So many columns have a bar of their own; the weaker ones share one."""

NOTHING = 1e-6
"""Less than single precision keeps."""

OPEN = 3
"""So many rows are open at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bar from one level to the next; cell is None where columns share it."""

    label: str
    cell: str | None
    start: float
    end: float
    score: str

    @property
    def side(self) -> str:
        """Whether it raises or lowers the score."""
        return "towards" if self.end > self.start else "against" if self.end < self.start else "neither"


@draws(Waterfalls)
def waterfalls(evidence: Waterfalls, _: GroupColours) -> Drawing:
    """Each row as a waterfall; the first few are open."""
    drawn = [waterfall_html(row) for row in evidence.rows]
    still = Markup("").join(drawn[:OPEN])
    if drawn[OPEN:]:
        more = say("The other {n}", n=len(drawn) - OPEN)
        rest = Markup("").join(drawn[OPEN:])
        still += Markup('<details class="more"><summary>{}</summary>{}</details>').format(more, rest)
    return Drawing(evidence=evidence, title=evidence.title, still=still, hint=evidence.hint)


def waterfall_html(row: ColumnScores) -> Markup:
    """One row on its own, as the dashboard's explain page shows it."""
    steps = _steps(row)
    levels = [row.base, row.output, *(level for step in steps for level in (step.start, step.end))]
    return piece(
        "waterfall.html",
        row=row,
        about=about(row.example),
        steps=steps,
        scale=scale(levels),
        tick_label=lambda value: shown(Share(value=value)) if row.scale == "probability" else signed(value),
        base=_level(row.base, row.scale),
        output=_level(row.output, row.scale),
        unit=Phrase(text="log-odds" if row.scale == "log-odds" else "probability"),
        adds_up=_adds_up(row),
    )


def _steps(row: ColumnScores) -> Sequence[Step]:
    """The strongest column first; what is left of the weak ones together, last."""
    order = sorted(range(len(row.scores)), key=lambda at: -abs(row.scores[at]))
    single = order if len(order) <= STEPS + 1 else order[:STEPS]
    steps, level = [], row.base
    for at in single:
        score = row.scores[at]
        steps.append(Step(row.columns[at], row.example.words[at], level, level + score, signed(score)))
        level += score
    if rest := order[len(single) :]:
        score = math.fsum(row.scores[at] for at in rest)
        label = fragment("{n} other columns", n=Count(value=len(rest)))
        steps.append(Step(label, None, level, level + score, signed(score)))
    return steps


def _level(value: float, unit: Scale) -> str:
    """A score, and the probability that it means."""
    if unit == "probability":
        return shown(Share(value=value))
    share = 1 / (1 + math.exp(-max(-700.0, min(700.0, value))))
    return fragment("{score} ({share})", score=signed(value), share=Share(value=share))


def _adds_up(row: ColumnScores) -> Sentence | None:
    if row.error is None or row.adds_up is None:
        return None
    left = Number(value=row.error)
    if row.error < NOTHING:
        return say("The contributions add up to the model's own score.")
    if row.adds_up:
        return say("The contributions add up to the model's own score; {error} is left over.", error=left)
    return say("The contributions do not add up to the model's own score: {error} is left over.", error=left)
