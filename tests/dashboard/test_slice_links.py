"""From a slice to its rows: the address carries the same conditions, and nothing where rows cannot be filtered so."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from audits.browse.filters import Filter
from audits.cell_evidence import Slices
from dashboard.opened import opened
from reports.formats.contents import Report
from tests.reports.sample_run import sample_run


def test_a_slice_leads_to_its_rows_by_its_own_conditions() -> None:
    (section,) = (
        section
        for section in Report(sample_run()).sections
        if any(isinstance(evidence, Slices) for evidence in section.finding.evidence)
    )
    html = str(opened(section, "r1"))
    links = [unescape(link) for link in re.findall(r'href="(data[^"]*filter[^"]*)"', html)]
    assert len(links) == 1, "two of the three sample slices are about a text's length"
    asked = parse_qs(urlsplit(links[0]).query)
    assert asked["run"] == ["r1"]
    assert [Filter.read(text) for text in asked["filter"]] == [
        Filter(column="@actual", kind="is", value="false"),
        Filter(column="@group.relationship", kind="is", value="Husband"),
        Filter(column="age", kind="between", value="45..90"),
    ]
    assert "See the rows where <bdi>relationship is Husband</bdi> and <bdi>age is 45 to 90</bdi>" in html
