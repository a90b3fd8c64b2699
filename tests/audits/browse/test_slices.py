"""Slices by name: their sentences say whom they hold, and their filters find just those."""

from __future__ import annotations

import polars as pl
import pytest

from audits.browse.slices import slices
from tests.audits.browse.conftest import Finish
from tests.audits.engine.worlds import comments

WORDS = {
    "item": "comment",
    "positive": "flagged as rude",
    "relation": "about",
    "groups": {"women": "Women", "<b>": "Bold"},
}


def test_every_slice_counts_what_its_filters_find(finish: Finish) -> None:
    rows = finish(words=WORDS).rows()
    found = {one.key: one for one in slices(rows)}
    frame = rows.frame.collect()
    assert all(one.count == rows.count(one.filters) for one in found.values())
    selected, actual = pl.col("@selected"), pl.col("@actual")
    assert found["wrong"].count == frame.filter(selected & ~actual).height
    assert found["missed"].count == frame.filter(~selected & actual).height
    assert found["misclassified"].count == found["wrong"].count + found["missed"].count
    groups = [one for one in found.values() if one.key.startswith("group:")]
    assert sum(one.count for one in groups) == frame.height
    assert [one.count for one in groups] == sorted((one.count for one in groups), reverse=True)


def test_slices_are_told_in_the_words_of_the_plan(finish: Finish) -> None:
    found = {one.key: one for one in slices(finish(words=WORDS).rows())}
    assert str(found["wrong"].name) == "Wrongly flagged as rude"
    assert str(found["wrong"].meaning) == "The comments that are flagged as rude and not labelled flagged."
    assert str(found["missed"].meaning) == "The comments that are labelled flagged and not flagged as rude."
    assert str(found["group:group:women"].name) == "Group: Women"
    assert str(found["group:group:women"].meaning) == "The comments about Women."


def test_a_run_has_the_slices_that_are_known_of_it(finish: Finish) -> None:
    data = comments(30).with_columns(said=pl.lit("neutral"))
    keys = [one.key for one in slices(finish(data, subject="table:?prediction=said", data={"input": None}).rows())]
    assert "borderline" not in keys
    assert keys[:3] == ["wrong", "missed", "misclassified"]
    unlabelled = slices(finish(comments(30), folder="unlabelled", data={"label": None}).rows())
    assert {one.key: one.count for one in unlabelled}["misclassified"] == 0
    only = slices(finish(audits=["data.profile"], folder="profile", data={"input": None}).rows())
    assert {one.key.partition(":")[0] for one in only} == {"group"}


def test_a_group_that_is_not_recorded_is_a_slice_too(finish: Finish) -> None:
    data = comments(30).with_columns(group=pl.when(pl.int_range(30) < 4).then(None).otherwise(pl.col("group")))
    rows = finish(data).rows()
    (missing,) = [one for one in slices(rows) if "not recorded" in str(one.name)]
    assert missing.count == 4 == rows.count(missing.filters)


@pytest.mark.parametrize("group", ["<b>", "a:b~c!", "1..2", "%41", "-"])
def test_groups_of_any_name_can_be_asked_for(finish: Finish, group: str) -> None:
    from audits.browse.filters import Filter

    data = comments(20).with_columns(group=pl.when(pl.int_range(20) < 5).then(pl.lit(group)).otherwise(pl.lit("x")))
    rows = finish(data).rows()
    (one,) = [part for part in slices(rows) if part.key == f"group:group:{group}"]
    assert rows.count([Filter.read(part.text) for part in one.filters]) == 5
