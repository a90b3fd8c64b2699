"""A finding opened in its place: its evidence drawn, its numbers to take away, and ways to the examples behind it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from audits.browse.filters import Filter
from audits.cell_evidence import Slices
from audits.column_evidence import Waterfalls
from audits.evidence import Attention, Evidence, GroupRates, Table, TokenScores
from audits.frames import frame
from dashboard import stage
from probes.speech import Names, Sentence, say
from reports.formats.contents import Section
from reports.formats.html import finding_body

MOST_ROWS: Final = 200
"""A longer table is opened up to here; the download holds all of it."""

MOST_SLICES: Final = 3
"""So many slices of a finding lead to their rows."""

MOST_BYTES: Final = 4_000_000
"""Larger tables are not carried inside the page; `evenlight report` writes them."""


def opened(section: Section, run_id: str, apart: type | None = None) -> Markup:
    """The finding's body with downloads and links; evidence of the kind `apart` is drawn elsewhere on the page."""
    evidence = tuple(_shortened(each) for each in section.finding.evidence if apart is None or type(each) is not apart)
    short = replace(section, finding=section.finding.model_copy(update={"evidence": evidence}))
    return stage.filled(
        "opened.html",
        body=finding_body(short),
        downloads=[link for each in section.finding.evidence for link in download(each, section.finding.name)],
        behind=_behind(section, run_id, here=apart is GroupRates),
    )


def download(evidence: Evidence, finding: str) -> list[tuple[str, Markup, Sentence]]:
    """A file name, an address that holds the numbers themselves, and what they are."""
    text = frame(evidence).write_csv().encode()
    if len(text) > MOST_BYTES:
        return []
    name = getattr(evidence, "name", finding)
    data = Markup("data:text/csv;base64,{}").format(b64encode(text).decode())
    return [(f"{name}.csv", data, evidence.title)]


def _shortened(evidence: Evidence) -> Evidence:
    if isinstance(evidence, Table) and len(evidence.rows) > MOST_ROWS:
        return evidence.model_copy(update={"rows": evidence.rows[:MOST_ROWS]})
    return evidence


def _behind(section: Section, run_id: str, here: bool) -> list[tuple[str, Sentence]]:
    """Where the rows behind the finding can be looked at."""
    links: list[tuple[str, Sentence]] = []
    for evidence in section.finding.evidence:
        match evidence:
            case GroupRates() if not here:
                query = urlencode({"run": run_id, "finding": section.finding.name})
                links.append((f"fairness?{query}", say("See it on the Fairness page")))
            case TokenScores(texts=(first, *_)) | Attention(texts=(first, *_)) | Waterfalls(rows=(first, *_)):
                query = urlencode({"run": run_id, "example": first.example.key})
                links.append((f"explain?{query}", say("Open the examples in Explain")))
            case Slices():
                links += _slices(evidence, run_id)
            case _:
                continue
    return [*dict(links).items(), (f"data?{urlencode({'run': run_id})}", say("See the rows"))]


def _slices(evidence: Slices, run_id: str) -> list[tuple[str, Sentence]]:
    """The rows of the worst slices; a text's length is no filter, and such slices have no link."""
    links: list[tuple[str, Sentence]] = []
    for one in evidence.slices:
        if any(condition.kind == "length" for condition in one.conditions):
            continue
        conditions = (*((evidence.within,) if evidence.within else ()), *one.conditions)
        filters = [Filter.model_validate(condition.model_dump(exclude={"words"})).text for condition in conditions]
        query = urlencode({"run": run_id, "filter": filters}, doseq=True)
        rule = Names(texts=tuple(condition.words for condition in one.conditions))
        links.append((f"data?{query}", say("See the rows where {rule}", rule=rule)))
    return links[:MOST_SLICES]
