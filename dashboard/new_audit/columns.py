"""What the columns mean: guessed with reasons, and every guess can be changed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from audits.data.glance import FEW, Column, Glance, Kind
from audits.data.suggest import Suggested, Suggestions, suggest
from audits.plan import DataPlan, Words
from dashboard import stage
from dashboard.fields import seed
from dashboard.labels import inert
from dashboard.new_audit.classes import chosen_classes
from dashboard.new_audit.draft import Draft, fill, write
from dashboard.new_audit.rows import fits
from dashboard.new_audit.subject import Found
from dashboard.new_audit.telling import hint
from probes.speech import Sentence, say


def choose(kept: Draft, seen: Glance, model: Found | None) -> bool:
    """The section: a table of the columns with what they may be, and a box for each meaning; whether all is said."""
    labels, taken = (model.labels, model.recorded) if model else ((), ())
    guess = suggest(seen.columns, labels, taken)
    kept = _guessed(kept, seen, guess, model)
    stage.show(stage.filled("columns.html", columns=seen.columns, meant=_meant(guess)), key="columns")
    data, before = kept.data, kept.data
    left, right = st.columns(2, gap="large")
    with left:
        data = _input(kept, data, seen, model)
        label = _one(kept, "label", say("True answer"), data.label, seen.columns)
        data = data.model_copy(update={"label": label})
        data = _positive(kept, data, labels or _answers(seen, data.label, taken))
    with right:
        protected = st.multiselect(
            str(say("Protected attributes")),
            seen.names,
            placeholder=str(say("None")),
            key=_list(kept.key("protected"), data.protected, seen.names),
            help=str(say("Columns that say who a row is about: every rate is compared between their groups.")),
        )
        data = data.model_copy(update={"protected": tuple(protected)})
        data = _split(kept, data, seen)
        one, other = st.columns(2)
        with one:
            key = _one(kept, "id", say("Name of a row"), data.id, seen.columns)
        with other:
            numbers = [column for column in seen.columns if column.kind is Kind.NUMBER]
            weight = _one(kept, "weight", say("Weight of a row"), data.weight, numbers)
        data = data.model_copy(update={"id": key, "weight": weight})
    if data != before:
        kept = write(data=data, by_hand=True)
    if not data.protected:
        hint(say("No protected attribute is chosen, so no groups will be compared."), "protected")
    return chosen_classes(kept, seen, labels)


def _guessed(kept: Draft, seen: Glance, guess: Suggestions, model: Found | None) -> Draft:
    """Takes the guesses over where nobody has said better, and again where the columns are others."""
    now = (kept.data.source, *((str(model.told), *model.labels) if model else ()))
    if now == kept.guessed:
        return kept
    if kept.by_hand and fits(seen, kept.data):
        return write(guessed=now)
    data, words = _meaning(kept.data.source, guess, seen, model)
    return fill(data=data, words=words or kept.words, guessed=now, by_hand=False)


def _meaning(source: str, guess: Suggestions, seen: Glance, model: Found | None) -> tuple[DataPlan, Words | None]:
    scheme, _, name = source.partition(":")
    if scheme == "demo":
        from audits.demo.datasets import demo_plan

        return demo_plan(name)

    def column(suggested: Suggested | None) -> str | None:
        return suggested.column if suggested is not None else None

    split = column(guess.split) if guess.part is not None else None
    reads = tuple(each.column for each in guess.input)
    if model is not None and model.tabular:
        spoken_for = {column(guess.label), column(guess.split), column(guess.id), column(guess.weight)}
        reads = () if model.features else tuple(name for name in seen.names if name not in spoken_for)
    return DataPlan(
        source=source,
        input=reads if model is None or model.reads else (),
        label=column(guess.label),
        protected=tuple(each.column for each in guess.protected),
        id=column(guess.id),
        weight=column(guess.weight),
        split=guess.part,
        split_column=split or "split",
    ), None


def _meant(guess: Suggestions) -> dict[str, tuple[Sentence, Sentence]]:
    """Column -> what it may be, and why."""
    meant: dict[str, tuple[Sentence, Sentence]] = {}
    kinds: list[tuple[Sentence, tuple[Suggested | None, ...]]] = [
        (say("text"), guess.input),
        (say("true answer"), (guess.label,)),
        (say("protected attribute"), guess.protected),
        (say("part of the data"), (guess.split,)),
        (say("name of a row"), (guess.id,)),
        (say("weight"), (guess.weight,)),
    ]
    for kind, several in kinds:
        meant |= {each.column: (kind, each.reason) for each in several if each is not None}
    return meant


def _input(kept: Draft, data: DataPlan, seen: Glance, model: Found | None) -> DataPlan:
    if model is not None and not model.reads:
        return data.model_copy(update={"input": ()})
    tabular = model is not None and model.tabular
    chosen = st.multiselect(
        str(say("Columns that the model reads") if tabular else say("Text that the model reads")),
        seen.names,
        key=_list(kept.key("input"), data.input, seen.names),
        max_selections=None if tabular else 2,
        placeholder=str(say("Its own columns") if model is not None and model.features else say("None")),
        help=str(
            say("All that it was trained on; its own names where left out.")
            if tabular
            else say("One column, or two for a model of pairs of texts.")
        ),
    )
    return data.model_copy(update={"input": tuple(chosen)})


def _answers(seen: Glance, label: str | None, recorded: Sequence[str]) -> list[str]:
    """The classes that stand in the data, where they are few; numbers among what is recorded may be scores."""
    found = set(answer.values) if (answer := seen.column(label)) is not None else set()
    for name in recorded:
        if (column := seen.column(name)) is not None and column.kind is not Kind.NUMBER:
            found |= set(column.values)
    return sorted(found)


def _positive(kept: Draft, data: DataPlan, labels: Sequence[str]) -> DataPlan:
    values = list(labels)
    if data.positive is not None and data.positive not in values and data.positive in data.classes:
        values.append(data.positive)
    if not values:
        return data.model_copy(update={"positive": None})
    chosen = _select(
        kept.key("positive"),
        say("Class whose rates are compared"),
        values,
        data.positive,
        say("The second of the two") if len(values) == 2 else say("None"),
    )
    return data.model_copy(update={"positive": chosen})


def _split(kept: Draft, data: DataPlan, seen: Glance) -> DataPlan:
    parts = [column for column in seen.columns if 2 <= column.distinct <= FEW and column.values]
    one, other = st.columns(2)
    with one:
        column = _one(kept, "split", say("Column of the parts"), data.split_column if data.split else None, parts)
    values = next((each.values for each in parts if each.name == column), ())
    if column is None:
        return data.model_copy(update={"split": None, "split_column": "split"})
    with other:
        part = st.selectbox(
            str(say("Part that is audited")), values, key=seed(kept.key("part"), data.split or values[0], values)
        )
    return data.model_copy(update={"split": part, "split_column": column})


def _one(kept: Draft, name: str, words: Sentence, value: str | None, columns: Sequence[Column]) -> str | None:
    names = [column.name for column in columns]
    return _select(kept.key(name), words, names, value, say("None"))


def _select(key: str, words: Sentence, names: Sequence[str], value: str | None, without: Sentence) -> str | None:
    seed(key, value if value in names else None, [None, *names])
    return st.selectbox(inert(words), names, index=None, placeholder=str(without), key=key)


def _list(key: str, value: Sequence[str], names: Sequence[str]) -> str:
    seed(key, [name for name in value if name in names])
    st.session_state[key] = [name for name in st.session_state[key] if name in names]
    return key
