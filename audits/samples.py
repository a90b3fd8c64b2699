"""The examples that explanation audits look at, with what the model decided about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.data.columns import KEY, LABEL, group_column
from audits.evidence import Example
from probes.errors import NotApplicable
from probes.speech import Sentence

if TYPE_CHECKING:
    from audits.data.population import Population, Rows
    from audits.engine.bench import Bench


@dataclass(frozen=True, slots=True)
class Decided:
    """A sampled row and its decision."""

    key: str
    predicted: str
    probability: float
    actual: str | None
    values: dict[str, str]
    """Protected attribute -> group as it stands in the data."""
    groups: dict[str, str]
    """Protected attribute -> group as readers are told."""
    reason: Sentence
    truncated: bool

    def example(self, words: tuple[str, ...]) -> Example:
        """The row as it stands beside a drawing."""
        return Example(
            key=self.key,
            words=words,
            predicted=self.predicted,
            probability=self.probability,
            actual=self.actual,
            groups=self.groups,
            chosen=self.reason,
            truncated=self.truncated,
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """Sampled rows in the order of the rule, and the rule."""

    decided: tuple[Decided, ...]
    rows: Rows
    rule: Sentence


def sample(bench: Bench, data: Population, texts: int) -> Sample:
    """About so many examples, shared equally among the groups; the rule is stated in the result.

    Raises NotApplicable where no row has any text.
    """
    import polars as pl

    from audits.data.sampling import choose, rule
    from audits.engine.decisions import MARGIN, PREDICTED, PROBABILITY, TRUNCATED, listed, predictions

    columns = [group_column(attribute) for attribute in data.attributes]
    known = data.frame.select(KEY, LABEL, *columns).collect()
    frame = known.join(predictions(bench, data), on=KEY, how="left", maintain_order="left")
    if isinstance(frame.schema[PREDICTED], pl.List):
        label = pl.col(LABEL) if isinstance(frame.schema[LABEL], pl.List) else listed(pl.col(LABEL))
        # Sorted, because the same labels in another order are the same answer.
        frame = frame.with_columns(
            pl.col(PREDICTED).list.sort().list.join(", "), label.list.sort().list.join(", ").alias(LABEL)
        )
    frame = frame.rename({PREDICTED: "predicted", MARGIN: "margin"})
    groups = sum(frame[column].n_unique() for column in columns) or 1
    each = max(1, -(-texts // groups))
    chosen = choose(frame, data.attributes, each, bench.seed, group_label=data.group_label)
    while len(chosen) < min(texts, frame.height):
        # Small groups, and rows that stand for two attributes' groups, leave room for more of the others.
        each += max(1, (texts - len(chosen)) // groups)
        chosen = choose(frame, data.attributes, each, bench.seed, group_label=data.group_label)
    if not chosen:
        raise NotApplicable("there is no example to explain")
    facts = {row[KEY]: row for row in frame.filter(pl.col(KEY).is_in([c.key for c in chosen])).iter_rows(named=True)}
    decided = []
    for one in chosen:
        fact = facts[one.key]
        values = {attribute: str(fact[group_column(attribute)]) for attribute in data.attributes}
        decided.append(
            Decided(
                key=one.key,
                predicted=fact["predicted"],
                probability=min(1.0, fact[PROBABILITY]),
                actual=", ".join(fact[LABEL]) if isinstance(fact[LABEL], list) else fact[LABEL],
                values=values,
                groups={attribute: data.group_label(attribute, value) for attribute, value in values.items()},
                reason=one.reason,
                truncated=fact[TRUNCATED],
            )
        )
    return Sample(tuple(decided), data.rows([one.key for one in chosen]), rule(each))
