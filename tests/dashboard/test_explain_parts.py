"""What the Explain page is made of: forms from columns, bars of probabilities, stepping through examples."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from audits.browse.columns import BrowsedColumn, Kind
from audits.browse.origin import TYPED
from audits.browse.reader import Answer, LabelShare
from audits.browse.rows import BrowsedRows
from dashboard.explain.form import cells, form
from dashboard.explain.panels import bars
from dashboard.explain.picking import Picked
from dashboard.explain.texts import Texts
from tests.reports.hostile import ATTACKS
from tests.reports.sample_run import sample_run

COLUMNS = (
    BrowsedColumn(name="age", kind=Kind.NUMBER, low=17, high=90),
    BrowsedColumn(name="job", kind=Kind.CATEGORY, values=("cook", "clerk")),
    BrowsedColumn(name="note", kind=Kind.TEXT),
)
NAMES = tuple(column.name for column in COLUMNS)


class Tags(HTMLParser):
    """The elements and attributes that a browser would see, and the values of inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.values: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "input":
            self.values.append(dict(attrs)["value"])


def rows() -> BrowsedRows:
    import polars as pl

    return BrowsedRows(sample_run(), COLUMNS, NAMES, pl.LazyFrame())


def texts(now: tuple[str, ...], own: tuple[str, ...] | None = None) -> Texts:
    return Texts(now, TYPED, own, None)


def test_every_column_has_a_field_that_fits_it() -> None:
    html = str(form(rows(), NAMES, texts(("46", "cook", "fine"))))
    assert 'name="cell-0" type="number" step="any" value="46"' in html
    assert "(17 to 90)" in html
    assert '<option value="cook" selected>' in html
    assert '<option value="clerk">' in html
    assert 'name="cell-2" type="text" value="fine"' in html


def test_a_cell_that_the_data_does_not_have_stays_in_its_list() -> None:
    assert '<option value="astronaut" selected>' in str(form(rows(), NAMES, texts(("46", "astronaut", ""))))


def test_an_edited_cell_is_marked_with_the_one_of_the_data() -> None:
    html = str(form(rows(), NAMES, texts(("30", "cook", ""), ("46", "cook", ""))))
    assert html.count("changed") == 1
    assert "In the data: 46" in html or "in the data: 46" in html
    assert "Back to the row of the data" in html


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_cells_stay_inside_their_fields(attack: str) -> None:
    tags = Tags()
    tags.feed(str(form(rows(), NAMES, texts((attack,) * 3, ("1", "cook", attack + "x")))))
    assert tags.names <= {"form", "div", "label", "span", "small", "bdi", "input", "select", "option", "p", "button"}
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert tags.values == [attack, attack]


def test_what_the_form_says_is_read_in_the_order_of_the_columns() -> None:
    assert cells({"act": "cells", "cell-1": " cook ", "cell-0": "46"}, 3) == ("46", "cook", "")


def answer(*shares: float) -> Answer:
    labels = tuple(LabelShare(f"class {at}", share) for at, share in enumerate(shares))
    return Answer(labels, "class 0", max(shares), (), (), False, 0.0, True)


def test_two_classes_stand_in_the_models_order_and_many_by_probability() -> None:
    assert [bar.name for bar in bars(answer(0.2, 0.8), None)] == ["class 0", "class 1"]
    assert [bar.name for bar in bars(answer(0.1, 0.7, 0.2), None)] == ["class 1", "class 2", "class 0"]


def test_a_change_is_told_in_points_and_sums_to_nothing() -> None:
    now = bars(answer(0.23, 0.77), answer(0.26, 0.74))
    assert [bar.words for bar in now] == ["23 %", "77 %"]
    assert [bar.change for bar in now] == ["-3 points", "+3 points"]
    assert all(bar.change == "" for bar in bars(answer(0.5, 0.5), None))


@pytest.mark.parametrize(("at", "before", "after"), [(0, "", "b"), (1, "a", "c"), (2, "b", "")])
def test_stepping_ends_at_the_ends(at: int, before: str, after: str) -> None:
    choice = Picked("random", ("a", "b", "c"), "abc"[at])
    assert (choice.place, choice.beside(-1), choice.beside(1)) == (at, before, after)


def test_an_example_of_no_list_has_no_place_and_nothing_beside_it() -> None:
    choice = Picked("report", ("a",), "elsewhere")
    assert (choice.place, choice.beside(1)) == (None, "")
