"""The sampling rule of explanation audits, as its docstring states it."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.data.columns import KEY, LABEL, group_column
from audits.data.sampling import Chosen, choose, rule

Drawn = tuple[str, str, str | None, str, float | None]

ROW = st.tuples(
    st.sampled_from("xyz"),
    st.sampled_from("uv"),
    st.sampled_from(["yes", "no", None]),
    st.sampled_from(["yes", "no"]),
    st.none() | st.floats(0, 0.5),
)


def frame(rows: dict[str, Drawn]) -> pl.DataFrame:
    cells = [(key, *row) for key, row in rows.items()]
    names = [KEY, group_column("group"), group_column("sex"), LABEL, "predicted", "margin"]
    schema = dict(zip(names, [*[pl.String] * 5, pl.Float64], strict=True))
    return pl.DataFrame(cells, schema=schema, orient="row")


def drawn(least: int = 0) -> st.SearchStrategy[dict[str, Drawn]]:
    return st.lists(ROW, min_size=least, max_size=25).map(lambda rows: {f"k{at}": row for at, row in enumerate(rows)})


def keys(chosen: list[Chosen]) -> set[str]:
    return {one.key for one in chosen}


@given(rows=drawn(), number=st.integers(1, 7), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_nobody_is_chosen_twice_and_every_group_gets_its_number(rows: dict[str, Drawn], number: int, seed: int) -> None:
    chosen = choose(frame(rows), ["group"], number, seed)
    assert len(keys(chosen)) == len(chosen)
    held = Counter(row[0] for row in rows.values())
    assert Counter(rows[one.key][0] for one in chosen) == {group: min(n, number) for group, n in held.items()}


@given(rows=drawn(), data=st.data(), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(rows: dict[str, Drawn], data: st.DataObject, seed: int) -> None:
    shuffled = dict(data.draw(st.permutations(list(rows.items()))))
    assert choose(frame(rows), ["group", "sex"], 4, seed) == choose(frame(shuffled), ["group", "sex"], 4, seed)


@given(rows=drawn(least=1), data=st.data(), number=st.integers(1, 7))
@settings(max_examples=100, deadline=None)
def test_a_row_that_goes_lets_at_most_one_other_in(rows: dict[str, Drawn], data: st.DataObject, number: int) -> None:
    gone = data.draw(st.sampled_from(sorted(rows)))
    before = keys(choose(frame(rows), ["group"], number, 0))
    after = keys(choose(frame({key: row for key, row in rows.items() if key != gone}), ["group"], number, 0))
    assert before - after <= {gone}
    assert len(after - before) <= (gone in before)
    assert all(rows[key][0] == rows[gone][0] for key in after - before)


@given(rows=drawn(), number=st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_reasons_are_true_and_in_their_shares(rows: dict[str, Drawn], number: int) -> None:
    chosen = choose(frame(rows), [], number, 0)
    wrong = {key for key, (_, _, label, predicted, _) in rows.items() if label is not None and label != predicted}
    parts = {part: {one.key for one in chosen if str(one.reason).startswith(part)} for part in "MCR"}
    assert parts["M"] <= wrong
    assert len(parts["M"]) == min(len(wrong), (number + 2) // 3)
    margins = {key: row[4] for key, row in rows.items() if row[4] is not None and key not in parts["M"]}
    assert len(parts["C"]) == min(len(margins), (number + 1) // 3)
    furthest = max((margins[key] for key in parts["C"]), default=0.0)
    assert all(margins[key] >= furthest for key in margins.keys() - parts["C"])


def test_another_seed_draws_other_rows() -> None:
    rows: dict[str, Drawn] = {f"k{at}": ("x", "u", "yes", "yes", None) for at in range(200)}
    draws = {frozenset(keys(choose(frame(rows), [], 5, seed))) for seed in range(20)}
    assert len(draws) == 20


def test_every_row_is_drawn_about_as_often_as_any_other() -> None:
    rows: dict[str, Drawn] = {f"k{at}": ("x", "u", "yes", "yes", None) for at in range(20)}
    times = Counter(key for seed in range(1000) for key in keys(choose(frame(rows), [], 5, seed)))
    # Binomial(1000, 1/4) has a standard deviation of 13.7; five of them are never seen by chance.
    assert all(abs(times[key] - 250) < 70 for key in rows)


def test_a_row_chosen_for_two_groups_is_listed_once_under_the_first() -> None:
    rows: dict[str, Drawn] = {"only": ("x", "u", "yes", "no", 0.1)}
    (one,) = choose(frame(rows), ["group", "sex"], 3, 0, group_label=lambda attribute, value: f"{attribute} {value}!")
    assert str(one.reason) == "Misclassified, group x!"


def test_with_several_labels_one_of_them_is_enough() -> None:
    rows = pl.DataFrame(
        {KEY: ["right", "wrong"], LABEL: [["a", "b"], ["b"]], "predicted": ["a", "a"], "margin": [None, None]},
        schema_overrides={"margin": pl.Float64},
    )
    reasons = {one.key: str(one.reason) for one in choose(rows, [], 3, 0)}
    assert reasons == {"wrong": "Misclassified", "right": "Random"}


@pytest.mark.parametrize("number", [1, 12])
def test_the_rule_is_a_sentence_with_its_number(number: int) -> None:
    assert str(rule(number)).startswith(f"{number} example")
