"""Labels are brought to the names of the model's classes, or refused by name."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from audits.data.columns import LABEL
from audits.data.opening import population_of
from audits.data.population import Population
from audits.plan import DataPlan
from probes.errors import BadData, BadPlan


def column(population: Population, name: str) -> list[Any]:
    return population.frame.select(name).collect()[name].to_list()


def test_classes_may_be_counted_from_zero() -> None:
    rows = pl.DataFrame({"y": [1, 0, None]})
    population = population_of(rows, DataPlan(source="rows", label="y"))
    named = population.with_classes(("neutral", "biased"))
    assert column(named, LABEL) == ["biased", "neutral", None]
    assert named.digest == population.digest
    digits = population.with_classes(("1", "0"))
    assert column(digits, LABEL) == ["1", "0", None]


def test_the_plan_names_the_classes() -> None:
    plan = DataPlan(source="rows", label="y", classes={"1": "bad", "0": "good"}, positive="1")
    population = population_of(pl.DataFrame({"y": [1, 0]}), plan).with_classes(("good", "bad"))
    assert column(population, LABEL) == ["bad", "good"]
    assert population.positive(("good", "bad")) == "bad"


def test_several_labels_come_as_names_numbers_or_one_flag_a_class() -> None:
    plan = DataPlan(source="rows", label="y")

    def named(values: list[Any]) -> list[Any]:
        return column(population_of(pl.DataFrame({"y": values}), plan).with_classes(("a", "b", "c")), LABEL)

    wanted = [["a", "c"], ["b"], []]
    assert named([["a", "c"], ["b"], []]) == wanted
    assert named([[0, 2], [1], []]) == wanted
    assert named([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]) == wanted


def test_labels_that_are_no_class_are_named_with_the_move() -> None:
    population = population_of(pl.DataFrame({"y": ["a", "b", "c", "d", "e"]}), DataPlan(source="rows", label="y"))
    with pytest.raises(BadData) as caught:
        population.check_labels(("a", "z"))
    assert str(caught.value) == (
        "Column y of rows holds b, c, d and 1 more, but the model's classes are a and z; "
        "map them under data.classes in the plan"
    )


def test_the_positive_class_is_the_plan_s_or_the_second_of_two() -> None:
    def positive(labels: tuple[str, ...], named: str | None = None) -> str | None:
        return population_of(pl.DataFrame({"y": ["a"]}), DataPlan(source="r", label="y", positive=named)).positive(
            labels
        )

    assert positive(("a", "b")) == "b"
    assert positive(("a", "b", "c")) is None
    assert positive(("a", "b", "c"), "a") == "a"
    with pytest.raises(BadPlan, match="positive") as near:
        positive(("neutral", "biased"), "Biassed")
    assert str(near.value).endswith("did you mean biased?")
    with pytest.raises(BadPlan) as far:
        positive(("neutral", "biased"), "zzz")
    assert str(far.value).endswith("its classes are neutral and biased")


def test_several_labels_that_are_no_class_are_named_too() -> None:
    rows = pl.DataFrame({"y": [["a", "x"], ["b"]]})
    with pytest.raises(BadData, match="holds x, but"):
        population_of(rows, DataPlan(source="rows", label="y")).with_classes(("a", "b"))


def test_data_without_labels_fits_every_model() -> None:
    population = population_of(pl.DataFrame({"t": ["a"]}), DataPlan(source="rows", input=("t",))).with_classes(
        ("x", "y")
    )
    assert column(population, LABEL) == [None]
