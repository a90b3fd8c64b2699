"""The values that may stand in a sentence; each formats itself for the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from probes.record import Record

Translate = Callable[[str], str]
"""Looks a phrase up in the reader's catalogue."""

UNDEFINED = "undefined"
"""How a number that does not exist is shown (translated where it is shown)."""


class Interval(Record):
    """A confidence interval: lower and upper bound at a level."""

    low: float
    high: float
    level: float = Field(0.95, gt=0, lt=1)


def _percent(value: float) -> str:
    """No decimals from 10 on, one below; none either where the number is whole, as chosen tolerances are."""
    percent = 100 * value
    whole = abs(percent) >= 9.95 or abs(percent - round(percent)) < 1e-9
    return f"{percent:.0f}" if whole else f"{percent:.1f}"


class Share(Record):
    """A proportion between 0 and 1, shown as a percentage."""

    kind: Literal["share"] = "share"
    value: float | None

    def show(self, translate: Translate) -> str:
        return translate(UNDEFINED) if self.value is None else f"{_percent(self.value)} %"


class Points(Record):
    """A difference of two proportions, shown in percentage points."""

    kind: Literal["points"] = "points"
    value: float | None

    def show(self, translate: Translate) -> str:
        if self.value is None:
            return translate(UNDEFINED)
        number = _percent(self.value)
        return (translate("{n} point") if number == "1" else translate("{n} points")).replace("{n}", number)


class Times(Record):
    """A ratio of two rates, as in "2.5 times"."""

    kind: Literal["times"] = "times"
    value: float | None

    def show(self, translate: Translate) -> str:
        return (
            translate(UNDEFINED)
            if self.value is None
            else f"{self.value:.2g}"
            if self.value < 10
            else f"{self.value:.0f}"
        )


class Probability(Record):
    """A p-value, shown as "p = 0.03" or "p < 0.001"."""

    kind: Literal["p"] = "p"
    value: float | None

    def show(self, translate: Translate) -> str:
        if self.value is None:
            return translate(UNDEFINED)
        if self.value < 0.001:
            return "p < 0.001"
        return f"p = {self.value:.3f}" if self.value < 0.01 else f"p = {self.value:.2f}"


class Count(Record):
    """A whole number of things."""

    kind: Literal["count"] = "count"
    value: int

    def show(self, translate: Translate) -> str:
        return f"{self.value:,}"


class Number(Record):
    """A plain measurement with a stated number of significant digits, and a unit where it has one."""

    kind: Literal["number"] = "number"
    value: float | None
    digits: int = Field(2, ge=1, le=8)
    unit: str = ""

    def show(self, translate: Translate) -> str:
        if self.value is None:
            return translate(UNDEFINED)
        whole = abs(self.value) >= 10 ** (self.digits - 1)
        number = f"{self.value:,.0f}" if whole else f"{self.value:.{self.digits}g}"
        return f"{number} {translate(self.unit)}" if self.unit else number


class Range(Record):
    """An interval in a sentence, in percent or points or plain numbers: "7 to 37"."""

    kind: Literal["range"] = "range"
    low: float
    high: float
    percent: bool = True

    def show(self, translate: Translate) -> str:
        low, high = (_percent(b) if self.percent else f"{b:.2g}" for b in (self.low, self.high))
        return translate("{low} to {high}").replace("{low}", low).replace("{high}", high)


class Duration(Record):
    """A stretch of time in seconds."""

    kind: Literal["duration"] = "duration"
    seconds: float = Field(ge=0)

    def show(self, translate: Translate) -> str:
        if self.seconds < 90:
            return f"{self.seconds:.2g} s" if self.seconds < 10 else f"{self.seconds:.0f} s"
        if self.seconds < 5400:
            return f"{self.seconds / 60:.0f} min"
        return f"{self.seconds / 3600:.1f} h"


class Name(Record):
    """A word that comes from the data, the plan or the model: shown as it is, and never trusted."""

    kind: Literal["name"] = "name"
    text: str

    def show(self, translate: Translate) -> str:
        return self.text


class Names(Record):
    """Several names in a row; the last ones are counted where there are too many."""

    kind: Literal["names"] = "names"
    texts: tuple[str, ...]
    most: int = Field(6, ge=1)

    def show(self, translate: Translate) -> str:
        shown = self.texts[: self.most]
        hidden = len(self.texts) - len(shown)
        if hidden:
            more = translate("{n} more").replace("{n}", f"{hidden:,}")
            shown = (*shown, more)
        if len(shown) < 2:
            return "".join(shown)
        return translate("{list} and {last}").replace("{list}", ", ".join(shown[:-1])).replace("{last}", shown[-1])


class Phrase(Record):
    """A fixed expression of ours that is translated where it is shown, such as a metric's name."""

    kind: Literal["phrase"] = "phrase"
    text: str

    def show(self, translate: Translate) -> str:
        return translate(self.text)


Quantity = Annotated[
    Share | Points | Times | Probability | Count | Number | Range | Duration | Name | Names | Phrase,
    Field(discriminator="kind"),
]
"""Everything that can fill a gap in a sentence."""
