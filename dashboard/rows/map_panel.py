"""A map of the texts, drawn when the reader asks for it: points to hover, to choose and to open."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from audits.browse.columns import BrowsedColumn
from audits.browse.placing import MOST, Placed, placed
from audits.browse.rows import BrowsedRows
from audits.data.columns import KEY, LABEL, group_column
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard import address, shelf, stage
from dashboard.rows import headings, kept
from dashboard.rows.headings import CORRECT, PREDICTED
from dashboard.rows.question import Question
from dashboard.rows.table import cell, facts
from dashboard.theme import ground
from dashboard.waiting import waiting
from probes.errors import EvenlightError
from probes.speech import Sentence, say
from reports.figures.map import Kind, Point, map_figure
from reports.look.palette import GroupColours, Theme
from reports.look.wording import fragment, plain, visible

if TYPE_CHECKING:
    import polars as pl

MOST_MAPS: Final = 4
"""Runs whose maps are kept."""

MOST_KINDS: Final = 7
"""Colours that can be told apart; rarer values are drawn together."""

QUOTED: Final = 240
"""Letters of a text that is pointed at."""

Listing = Callable[["pl.DataFrame"], None]
"""Lists rows beneath the map."""


def map_panel(rows: BrowsedRows, asked: Question, shown: bool, listing: Listing) -> None:
    """A button first; then the map, and whatever is chosen on it."""
    if not rows.has(headings.PROBABILITY):
        _head(rows, why=say("The decisions stand in the data: no model reads texts here, so there is no map of them."))
        return
    if not rows.run.plan.data.input:
        _head(rows, why=say("The model reads columns of a table and no texts, so there is no map of them."))
        return
    if address.asked("map") != "drawn":
        _head(rows, offer=min(MOST, rows.run.manifest.data.rows))
        return
    try:
        found = _placed(rows)
    except EvenlightError as problem:
        _head(rows, why=problem.sentence)
        return
    colour = _colour(rows)
    frame = _rows_of(rows, found.keys)
    _head(rows, title=found.title(rows.run.plan.words.plural, _named(colour)), colour=colour)
    kinds = _kinds(rows, frame, found, colour, kept.chosen(rows, asked.asked, found.keys), shown)
    view = f"map-{rows.run.id}-{kept.digest((colour, asked.asked, shown))}"
    with st.container(key="map-chart"):
        chosen = st.plotly_chart(
            map_figure(kinds, found.axes, ground()),
            theme=None,
            key=view,
            on_select="rerun",
            selection_mode=("points", "box", "lasso"),
            config={
                "displaylogo": False,
                "modeBarButtonsToRemove": ["toImage", "autoScale2d", "zoomIn2d", "zoomOut2d"],
            },
            alt=plain(found.title(rows.run.plan.words.plural, _named(colour))),
        )
    stage.show(stage.filled("data_aid.html", aid=found.aid(rows.run.plan.words.plural)), key="map-aid")
    keys = [str(point["customdata"]) for point in chosen["selection"]["points"] if point.get("customdata") is not None]
    if keys:
        listing(_rows_of(rows, tuple(keys)))


def _act(act: stage.Act) -> None:
    if act["act"] == "map":
        address.move({"map": act["value"], "point": None})
    elif act["act"] == "colour":
        address.move({"colour": act["value"], "point": None})


def _head(
    rows: BrowsedRows,
    title: Sentence | None = None,
    colour: str = "",
    offer: int = 0,
    why: Sentence | None = None,
) -> None:
    html = stage.filled(
        "data_map.html",
        title=title,
        why=why,
        offer=offer,
        plural=rows.run.plan.words.plural,
        colours=[(name, _named(name)) for name in _colours(rows)],
        colour=colour,
    )
    stage.show(html, key="map-head", on_act=_act)


def _colours(rows: BrowsedRows) -> list[str]:
    names = [*map(group_column, rows.run.plan.data.protected), LABEL, PREDICTED, CORRECT]
    return [name for name in names if rows.has(name)]


def _colour(rows: BrowsedRows) -> str:
    names, asked = _colours(rows), address.asked("colour")
    return asked if asked in names else names[0]


def _named(name: str) -> str:
    """As it stands in a title: by group, by label, by prediction, by whether the answer is right."""
    ours = {LABEL: "label", PREDICTED: "prediction", CORRECT: "error"}
    return fragment(ours[name]) if name in ours else visible(name.removeprefix(group_column("")))


def _placed(rows: BrowsedRows) -> Placed:
    maps = _maps()
    found = maps.get(rows.run.id)
    if found is None:
        with waiting(say("The model places the texts; this is kept for later.")) as tell:
            found = placed(rows, shelf.models(), Runs(database_url()).base(rows.run.id), tell)
        maps[rows.run.id] = found
        while len(maps) > MOST_MAPS:
            maps.popitem(last=False)
    return found


@st.cache_resource(show_spinner=False)
def _maps() -> OrderedDict[str, Placed]:
    """One for all readers, as places never change."""
    return OrderedDict()


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=kept.BY_RUN)
def _rows_of(rows: BrowsedRows, keys: tuple[str, ...]) -> pl.DataFrame:
    """The rows of these keys, in the order of the keys."""
    import polars as pl

    order = pl.DataFrame({KEY: list(keys)}, schema={KEY: pl.String})
    found = rows.frame.filter(pl.col(KEY).is_in(list(keys))).collect()
    return order.join(found, on=KEY, how="inner", maintain_order="left").select(found.columns)


def _kinds(
    rows: BrowsedRows, frame: pl.DataFrame, found: Placed, colour: str, chosen: frozenset[str], shown: bool
) -> list[Kind]:
    """The points by their colour; those that the filters leave out stand in the background."""
    column = next(column for column in rows.columns if column.name == colour)
    by_name: dict[str, list[Point]] = {}
    others: list[Point] = []
    every: Counter[str] = Counter()
    for place, row in enumerate(frame.iter_rows(named=True)):
        x, y = found.map.xy[place]
        point = Point(row[KEY], float(x), float(y), _told(row, rows, shown))
        name = _kind(column, row[colour], rows)
        every[name] += 1
        if row[KEY] in chosen:
            by_name.setdefault(name, []).append(point)
        else:
            others.append(point)
    # By their number on the whole map: colours and marks stay what they are whatever is filtered.
    names = [name for name, _ in every.most_common()]
    rare = [point for name in names[MOST_KINDS:] for point in by_name.get(name, ())]
    theme, palette = ground(), _palette(rows, colour)
    kinds = [Kind(name, palette(name, theme), by_name.get(name, ())) for name in names[:MOST_KINDS]]
    if rare:
        kinds.append(Kind(fragment("others"), theme.quiet, rare))
    if others:
        kinds.append(Kind(fragment("left out by the filters"), theme.line, others, quiet=True))
    return kinds


def _kind(column: BrowsedColumn, value: Any, rows: BrowsedRows) -> str:
    if column.name == CORRECT:
        return _outcome(value)
    return fragment("not recorded") if value is None else str(cell(column, value, rows))


def _outcome(value: bool | None) -> str:
    return fragment("not known") if value is None else fragment("right") if value else fragment("wrong")


def _palette(rows: BrowsedRows, colour: str) -> Callable[[str, Theme], str]:
    """Groups as everywhere in this run; classes by their order; wrong answers stand out from right ones."""
    if colour.startswith(group_column("")):
        return GroupColours.of(rows.run.findings).colour
    if colour == CORRECT:
        return lambda name, theme: theme.groups[3] if name == _outcome(False) else theme.quiet
    return GroupColours(rows.run.manifest.subject.labels).colour


def _told(row: dict[str, Any], rows: BrowsedRows, shown: bool) -> tuple[str, ...]:
    short = tuple(f"{name}: {value}" for name, value in facts(row, rows)[:8])
    quoted = tuple(str(row[name])[:QUOTED] for name in rows.run.plan.data.input if row[name] is not None)
    return (*(quoted if shown else ()), *short, fragment("Row {key}", key=row[KEY]))
