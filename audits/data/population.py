"""The audited rows: a lazy frame with canonical columns, what the plan calls things, and a digest."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import polars as pl

from audits.data import classes as class_names
from audits.data.columns import KEY, LABEL, MISSING, WEIGHT, group_column
from audits.data.mapping import inputs, mapped
from audits.data.reading import readable
from audits.data.rows import Row, Rows
from audits.manifest import DataCard
from audits.plan import DataPlan, Words
from probes.errors import BadPlan, NotApplicable
from probes.nearest import nearest
from probes.speech import Names, reader

__all__ = ["KEY", "LABEL", "MISSING", "WEIGHT", "Population", "Row", "Rows", "group_column"]


@dataclass(frozen=True, eq=False)
class Population:
    """One split of the data, as the plan reads it; nothing is held in memory but what is asked for."""

    frame: pl.LazyFrame
    """The audited rows: every column under its own name, and those of audits.data.columns."""
    plan: DataPlan
    words: Words
    card: DataCard
    reopen: Callable[[DataPlan], Population] = field(repr=False)
    """Opens the same source as another plan reads it."""
    classes: tuple[str, ...] = ()
    """The model's classes that labels were brought to, where they were."""
    alike: pl.DataFrame | None = field(default=None, repr=False)
    """Rows counted by what is mapped of them (audits.data.census), where many are alike."""

    @property
    def size(self) -> int:
        """How many rows are audited."""
        return self.card.rows

    @property
    def digest(self) -> str:
        """Over the mapped columns of the audited rows, whatever their order and whatever the model's classes."""
        return self.card.digest

    @property
    def attributes(self) -> tuple[str, ...]:
        """The protected attributes."""
        return self.plan.protected

    def rows(self, keys: Collection[str] | None = None) -> Rows:
        """The inputs of all rows in the data's order, or of the rows of these keys in the order of the keys."""
        if not self.plan.input:
            raise NotApplicable("the plan names no input column, so there is nothing to show the model; add data.input")
        columns = inputs(self.frame.collect_schema(), self.plan)
        chosen = self.frame.select(pl.col(KEY), *(text.alias(f"@input.{at}") for at, text in enumerate(columns)))
        if keys is not None:
            chosen = chosen.filter(pl.col(KEY).is_in(list(keys)))
        with readable(self.plan.source):
            found = chosen.collect()
        if keys is not None:
            order = pl.DataFrame({KEY: list(keys)}, schema={KEY: pl.String})
            absent = order.join(found, on=KEY, how="anti")
            if absent.height:
                raise KeyError(absent.item(0, 0))
            found = order.join(found, on=KEY, how="left", maintain_order="left")
        return Rows(found)

    def group_label(self, attribute: str, value: str) -> str:
        """What the reader is told a group is called: the plan's word, or the value as it stands in the data."""
        if value == MISSING:
            return self.words.groups.get(value) or reader().gettext("not recorded")
        return self.words.groups.get(value, value)

    def split(self, name: str) -> Population:
        """Another named split of the same source, such as fit; BadData names those there are."""
        return self._reread(self.plan.model_copy(update={"split": name}))

    def with_inputs(self, columns: tuple[str, ...]) -> Population:
        """The same rows with these columns as inputs; keys and the digest follow from them."""
        return self._reread(self.plan.model_copy(update={"input": columns}))

    def _reread(self, plan: DataPlan) -> Population:
        other = self.reopen(plan)
        return other.with_classes(self.classes) if self.classes else other

    def positive(self, labels: tuple[str, ...]) -> str | None:
        """The class whose rates are audited: the plan's, or the second of two; None where nobody said."""
        named = self.plan.positive
        if named is None:
            return labels[1] if len(labels) == 2 else None
        named = self.plan.classes.get(named, named)
        if named in labels:
            return named
        near = nearest(named, labels)
        if near is not None:
            raise BadPlan(
                "data.positive is {positive}, which is no class of the model; did you mean {near}?",
                positive=named,
                near=near,
            )
        raise BadPlan(
            "data.positive is {positive}, which is no class of the model; its classes are {classes}",
            positive=named,
            classes=Names(texts=labels, most=12),
        )

    def counted(self, column: str | None) -> Population:
        """For audits that only count: rows that are alike stand here once, with @times and under no key.

        The population itself where its rows were not counted, or not together with this column.
        """
        if self.alike is None or column not in self.alike.columns:
            return self
        frame = mapped(self.alike.lazy(), self.plan).frame
        return replace(self, frame=class_names.named(frame, self.classes) if self.classes else frame)

    def check_labels(self, labels: tuple[str, ...]) -> None:
        """BadData names up to three labels of the data that are no class of the model."""
        class_names.check(self.counted(self.plan.label).frame, self.plan, labels)

    def with_classes(self, labels: tuple[str, ...]) -> Population:
        """The same rows with class names for labels, also where the data counts classes from 0."""
        self.check_labels(labels)
        return replace(self, frame=class_names.named(self.frame, labels), classes=labels)
