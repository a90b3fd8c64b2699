"""What a finding rests on: a small closed union; each kind has exactly one drawing in reports/figures."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from audits.cell_evidence import Cells, Slices
from audits.column_evidence import Dependences, Swarms, Waterfalls
from audits.estimate_evidence import Estimates
from audits.quoted import ArrayRef as ArrayRef
from audits.quoted import Example as Example
from audits.score_evidence import Curves, ScoreHistograms
from audits.text_pairs import TextPairs as TextPairs
from probes.record import Record
from probes.speech import Interval, Quantity, Sentence


class Test(Record):
    """A significance test; `adjusted` is filled by the closing step over the run's family."""

    __test__ = False  # pytest: not a test class

    name: str
    p: float | None = Field(ge=0, le=1)
    statistic: float | None = None
    freedom: int | None = None
    adjusted: float | None = Field(None, ge=0, le=1)
    family: int | None = Field(None, ge=1)
    """How many tests the correction was over."""
    reason: str | None = None
    """Why p is undefined, where it is."""


class Scalar(Record):
    """One number with its n, interval and test."""

    kind: Literal["scalar"] = "scalar"
    title: Sentence
    value: Quantity
    n: int = Field(ge=0)
    interval: Interval | None = None
    test: Test | None = None


class Column(Record):
    """A column of a table: its heading and whether it is a number."""

    heading: Sentence
    numeric: bool = False


class Table(Record):
    """Rows under headings; cells are typed, an empty cell is None."""

    kind: Literal["table"] = "table"
    name: str
    title: Sentence
    columns: tuple[Column, ...]
    rows: tuple[tuple[Quantity | None, ...], ...]

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        wrong = [i for i, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"row {wrong[0]} of table {self.name!r} has not {len(self.columns)} cells")
        return self


class GroupRate(Record):
    """One group's rate: `events` of `n`, undefined where n is 0. With weights both are effective counts."""

    group: str
    """The value in the data."""
    label: str
    """How the reader is told about the group."""
    events: float = Field(ge=0)
    n: float = Field(ge=0)
    rate: float | None = Field(ge=0, le=1)
    interval: Interval | None
    tested: bool = True
    """False for groups too small to test; they are listed all the same."""


class GroupRates(Record):
    """A rate in each group with its interval, a reference line and the tolerance around it."""

    kind: Literal["group-rates"] = "group-rates"
    name: str
    title: Sentence
    axis: Sentence
    """What the rate is, with its unit, as an axis title."""
    hint: Sentence
    """How to read the drawing, in one line."""
    reference: float | None = Field(None, ge=0, le=1)
    """The rate of everybody."""
    tolerance: float | None = Field(None, ge=0, le=1)
    groups: tuple[GroupRate, ...]
    omnibus: Test | None = None


class PairTest(Record):
    """Two groups compared: the difference of their rates (first minus second), intervals and test."""

    first: str
    second: str
    difference: float
    interval: Interval
    """95 %, this pair alone."""
    simultaneous: Interval
    """Simultaneous over the family (Bonferroni)."""
    equivalence: Interval
    """90 %: inside the tolerance means even."""
    test: Test


class PairTests(Record):
    """All pairs of groups in one metric."""

    kind: Literal["pair-tests"] = "pair-tests"
    name: str
    title: Sentence
    pairs: tuple[PairTest, ...]


class Spread(Record):
    """How a quantity is spread in one group: five quantiles (5, 25, 50, 75, 95 %) and n."""

    group: str
    label: str
    n: int = Field(ge=0)
    quantiles: tuple[float, float, float, float, float] | None


class Spreads(Record):
    """A quantity's spread in each group, drawn as boxes from the 5 % to the 95 % quantile."""

    kind: Literal["spreads"] = "spreads"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    groups: tuple[Spread, ...]


class Heatmap(Record):
    """A matrix of magnitudes with named rows and columns."""

    kind: Literal["heatmap"] = "heatmap"
    name: str
    title: Sentence
    row_axis: Sentence
    column_axis: Sentence
    unit: Sentence
    hint: Sentence
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    @model_validator(mode="after")
    def _fits_its_axes(self) -> Self:
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(f"heatmap {self.name!r} is not {len(self.rows)} x {len(self.columns)}")
        return self


class WordScores(Record):
    """Signed scores of the words of one text, for (positive) and against (negative) an answer."""

    example: Example
    target: str
    scores: tuple[float, ...]
    error: float | None = Field(None, ge=0)
    """Completeness error: |sum of the scores - change of the output|, in logits."""
    change: float | None = None
    """The change of the output that the scores should add up to, in logits."""
    adds_up: bool | None = None
    array: ArrayRef | None = None

    @model_validator(mode="after")
    def _one_score_a_word(self) -> Self:
        if len(self.scores) != len(self.example.words):
            raise ValueError(f"{len(self.scores)} scores for {len(self.example.words)} words")
        return self


class TokenScores(Record):
    """Texts whose words are coloured by what they did to the answer."""

    kind: Literal["token-scores"] = "token-scores"
    name: str
    title: Sentence
    hint: Sentence
    method: str
    texts: tuple[WordScores, ...]


class AttentionView(Record):
    """Where one head of one text looks: rows are the words that look, columns the words looked at."""

    example: Example
    tokens: tuple[str, ...]
    layer: int = Field(ge=0)
    head: int = Field(ge=0)
    weights: tuple[tuple[float, ...], ...]
    """[query, key]; rows sum to one."""
    rollout: tuple[float, ...]
    """[token]: attention rollout from the classifying token, sums to one."""
    entropy: tuple[tuple[float, ...], ...]
    """[layer, head] in bits."""
    array: ArrayRef | None = None


class Attention(Record):
    """Attention in chosen texts."""

    kind: Literal["attention"] = "attention"
    name: str
    title: Sentence
    hint: Sentence
    texts: tuple[AttentionView, ...]


Evidence = Annotated[
    Scalar
    | Table
    | GroupRates
    | PairTests
    | Spreads
    | Heatmap
    | TokenScores
    | Attention
    | Waterfalls
    | Swarms
    | Dependences
    | Cells
    | Slices
    | Estimates
    | Curves
    | ScoreHistograms
    | TextPairs,
    Field(discriminator="kind"),
]
