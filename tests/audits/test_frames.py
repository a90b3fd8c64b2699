"""What a figure shows can be taken away as a data frame, number for number."""

from __future__ import annotations

from typing import TypeVar, get_args

import polars as pl
import pytest

from audits.evidence import Attention, Column, Evidence, GroupRates, Heatmap, PairTests, Spreads, Table, TokenScores
from audits.findings import Finding, Method, Verdict
from audits.frames import frame
from probes.speech import Count, Duration, Interval, Name, Names, Number, Phrase, Range, Share, say, speaking
from tests.reports.sample_run import every_evidence, sample_run

RUN = sample_run()
E = TypeVar("E")
SAMPLES = every_evidence(RUN)


def the(kind: type[E]) -> E:
    return next(evidence for evidence in SAMPLES if isinstance(evidence, kind))


def test_every_kind_of_evidence_becomes_a_frame() -> None:
    kinds = get_args(get_args(Evidence)[0])
    framed = {type(evidence) for evidence in SAMPLES if frame(evidence).height}
    assert framed == set(kinds)


def test_rates_are_the_evidence_number_for_number() -> None:
    rates = the(GroupRates)
    table = frame(rates)
    assert table["rate"].to_list() == [group.rate for group in rates.groups]
    assert table["low"].to_list() == [group.interval and group.interval.low for group in rates.groups]
    assert table["events"].sum() == sum(group.events for group in rates.groups)
    assert table.filter(pl.col("n") == 0)["rate"].to_list() == [None]


def test_shapes_follow_from_the_evidence() -> None:
    heat, words, heads = the(Heatmap), the(TokenScores), the(Attention)
    assert frame(heat).height == len(heat.rows) * len(heat.columns)
    assert frame(words).height == sum(len(text.scores) for text in words.texts)
    assert frame(words)["score"].sum() == pytest.approx(sum(sum(text.scores) for text in words.texts))
    assert frame(heads).height == sum(len(view.tokens) ** 2 for view in heads.texts)
    sums = frame(heads).group_by("key", "query_place").agg(pl.col("weight").sum())
    assert sums["weight"].to_list() == pytest.approx([1.0] * sums.height)
    assert frame(the(PairTests)).height == len(the(PairTests).pairs)
    assert frame(the(Spreads))["q50"].to_list()[-1] is None


def test_typed_cells_become_plain_values() -> None:
    cells = (
        *(Share(value=0.5), Count(value=3), Name(text="a"), Phrase(text="b"), Names(texts=("x", "y"))),
        *(Number(value=None), Range(low=0.1, high=0.2), Duration(seconds=1.5), None),
    )
    columns = tuple(Column(heading=say("Column")) for _ in cells)
    table = Table(name="t", title=say("T"), columns=columns, rows=(cells,))
    assert frame(table).columns == ["Column", *(f"Column ({n})" for n in range(2, 10))]
    assert frame(table).row(0) == (0.5, 3, "a", "b", "x, y", None, "0.1 to 0.2", 1.5, None)
    assert frame(table.model_copy(update={"rows": ()})).columns == frame(table).columns


def test_column_names_do_not_change_with_the_readers_language() -> None:
    class Other:
        def gettext(self, message: str) -> str:
            return message[::-1]

        def ngettext(self, one: str, many: str, n: int) -> str:
            return one[::-1]

    english = frame(the(Table)).columns
    with speaking(Other()):
        assert frame(the(Table)).columns == english


def test_a_run_gives_a_table_by_name_with_its_finding_and_verdict() -> None:
    table = RUN.table("rates.group.fpr")
    assert table["verdict"].unique().to_list() == ["fail"]
    assert table["finding"].unique().to_list() == ["group-rates.group.fpr"]
    assert RUN.table("attribution.completeness")["value"].to_list() == [0.97]


def test_evidence_of_one_name_in_several_findings_stands_one_below_the_other() -> None:
    rates = the(GroupRates)
    findings = tuple(
        Finding(
            audit="a",
            name=f"f{i}",
            verdict=Verdict.PASS,
            summary=say("S."),
            evidence=(rates,),
            method=Method(text=say("M.")),
        )
        for i in range(3)
    )
    run = RUN.model_copy(update={"findings": findings})
    assert run.table(rates.name).height == 3 * len(rates.groups)


def test_columns_of_the_data_called_finding_or_verdict_are_kept() -> None:
    columns = (Column(heading=say("verdict")), Column(heading=say("{x}", x="finding")))
    table = Table(name="t", title=say("T"), columns=columns, rows=((Name(text="v"), Name(text="f")),))
    finding = Finding(
        audit="a", name="n", verdict=Verdict.PASS, summary=say("S."), evidence=(table,), method=Method(text=say("M."))
    )
    assert "v" in RUN.model_copy(update={"findings": (finding,)}).table("t").row(0)


def test_an_unknown_name_names_the_nearest_one() -> None:
    with pytest.raises(KeyError, match=r"did you mean 'rates\.group\.fpr'"):
        RUN.table("rates.group.fpt")
    with pytest.raises(KeyError, match="there are"):
        RUN.table("?")


def test_an_interval_is_written_with_its_level() -> None:
    table = frame(the(PairTests))
    first = the(PairTests).pairs[0]
    assert Interval(low=table["low"][0], high=table["high"][0], level=table["level"][0]) == first.interval
