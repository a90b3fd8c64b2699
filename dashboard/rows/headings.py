"""What columns and their values are called for readers, and which of them are shown and offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from audits.browse.columns import BrowsedColumn, Kind
from audits.browse.filters import Filter
from audits.browse.origin import group_name
from audits.browse.rows import BrowsedRows
from audits.data.columns import KEY, LABEL, WEIGHT, group_column
from audits.plan import Words
from audits.runs import Run
from probes.speech import Number, Sentence, Share, say
from reports.look.wording import fragment, plain, shown, visible

PREDICTED, PROBABILITY, MARGIN, TRUNCATED, SELECTED, ACTUAL, CORRECT = (
    "@predicted", "@probability", "@margin", "@truncated", "@selected", "@actual", "@correct",
)  # fmt: skip
"""As in audits.engine.decisions, which imports what pages must not wait for."""

NAMES: Final = {
    KEY: say("Row"),
    PREDICTED: say("Predicted"),
    PROBABILITY: say("Probability"),
    MARGIN: say("Margin"),
    TRUNCATED: say("Text was cut"),
    SELECTED: say("Answer is the audited class"),
    ACTUAL: say("Label is the audited class"),
    CORRECT: say("Answer is right"),
    LABEL: say("Label"),
    WEIGHT: say("Weight"),
}

SHARES: Final = (PROBABILITY, MARGIN)
"""Numbers between 0 and 1 that readers are shown in percent."""

FIRST: Final = (PREDICTED, PROBABILITY, LABEL, CORRECT)


def heading(name: str) -> str:
    """A column's name: ours in words, a protected attribute's and the data's own as they are."""
    if name in NAMES:
        return plain(NAMES[name])
    attribute = name.removeprefix(group_column(""))
    return visible(attribute[:1].upper() + attribute[1:] if attribute != name else name)


def headings(names: Sequence[str]) -> dict[str, str]:
    """A heading for each column, no two alike: the data may call a column of its own Predicted."""
    return distinct(names, heading)


def distinct(values: Sequence[str], name: Callable[[str], str]) -> dict[str, str]:
    """A name for each value, with a number where others have it too: Streamlit tells options apart by their names."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for value in values:
        told, number = name(value), 2
        while told in taken:
            told, number = f"{name(value)} ({number})", number + 1
        taken.add(told)
        found[value] = told
    return found


def value_name(name: str, value: str, words: Words) -> str:
    """A value as readers are told it: a group by its name in the plan, yes and no in words."""
    if name.startswith(group_column("")):
        return visible(group_name(words, value))
    return visible(value)


def flag(value: bool) -> str:
    """Yes or no."""
    return fragment("yes") if value else fragment("no")


def told(one: Filter, column: BrowsedColumn, words: Words) -> Sentence:
    """A filter as it stands on its chip."""
    name = heading(one.column)
    match one.kind:
        case "missing":
            return say("{column} not recorded", column=name)
        case "contains":
            return say("{column} contains “{text}”", column=name, text=visible(one.value))
        case "between":
            low, _, high = one.value.partition("..")
            if low and high:
                ends = {"low": _number(one.column, low), "high": _number(one.column, high)}
                return say("{column} from {low} to {high}", column=name, **ends)
            if low:
                return say("{column} at least {low}", column=name, low=_number(one.column, low))
            return say("{column} at most {high}", column=name, high=_number(one.column, high))
        case _:
            value = flag(one.value == "true") if column.kind is Kind.BOOL else value_name(one.column, one.value, words)
            return say("{column}: {value}", column=name, value=value)


def texts(rows: BrowsedRows) -> tuple[str, ...]:
    """Columns that may hold strong language: what the model reads, and free text beside it."""
    plan = rows.run.plan.data
    free = (column.name for column in rows.columns if column.own and column.kind is Kind.TEXT)
    return tuple(name for name in free if name != plan.id)


def columns(rows: BrowsedRows) -> tuple[BrowsedColumn, ...]:
    """The columns of the table, in its order: what was decided, the groups, texts, and the rest of the data."""
    known = {column.name: column for column in rows.columns}
    twice = {rows.run.plan.data.label, rows.run.plan.data.id, *rows.run.plan.data.protected}
    own = [column.name for column in rows.columns if column.own and column.name not in twice]
    reads = [name for name in own if name in rows.run.plan.data.input]
    names = [*FIRST, *map(group_column, rows.run.plan.data.protected), *_weight(rows.run), *reads]
    names += [name for name in own if name not in reads]
    # Where the data names its rows, the name comes first; a digest in its place tells readers little.
    names = [KEY, *names] if rows.run.plan.data.id else [*names, KEY]
    return tuple(known[name] for name in names if name in known)


def offered(rows: BrowsedRows) -> tuple[BrowsedColumn, ...]:
    """The columns that can be filtered and sorted by: those of the table, the margin, and whether a text was cut."""
    more = [column for column in rows.columns if column.name in (MARGIN, TRUNCATED)]
    return (*columns(rows), *more)


def _weight(run: Run) -> tuple[str, ...]:
    return (WEIGHT,) if run.plan.data.weight else ()


def _number(name: str, text: str) -> str:
    number = float(text)
    return shown(Share(value=number) if name in SHARES else Number(value=number, digits=6))
