"""What stands where in a report: findings by area with the worst first, what was left open, how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from audits.audit import Area
from audits.catalog import catalog
from audits.evidence import GroupRates, PairTests
from audits.findings import Finding, Verdict
from audits.runs import Run
from probes.speech import Phrase, Sentence, reader, say
from reports.figures import Drawing, drawn
from reports.look.palette import GroupColours
from reports.look.verdicts import WORST_FIRST, rank
from reports.look.wording import visible

COVER = 3
"""So many sentences stand on the cover."""

_AREAS = {"bias": Area.FAIRNESS, "fairness": Area.FAIRNESS, "data": Area.DATA}


def area_of(audit: str) -> Area:
    """Where an audit's findings stand; a plug-in that is not installed here is placed by its name's first part."""
    known = catalog().get(audit)
    return known.area if known else _AREAS.get(audit.partition(".")[0], Area.EXPLANATIONS)


def _gap(finding: Finding) -> float:
    """The largest difference between two groups that the finding shows: of two verdicts alike, it comes first."""
    shown = (evidence for evidence in finding.evidence if isinstance(evidence, PairTests))
    return max((abs(pair.difference) for evidence in shown for pair in evidence.pairs), default=0.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One option as it stood, and what it means."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Section:
    """One finding with its address on the page."""

    anchor: str
    area: Area
    finding: Finding
    colours: GroupColours

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """Its evidence, drawn now: a front end opens few findings of many."""
        return tuple(drawn(evidence, self.colours) for evidence in self.finding.evidence)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The audit's options, with the description each has in the audit where it is installed."""
        known = catalog().get(self.finding.audit)
        fields = known.model_fields if known else {}
        return tuple(
            Setting(name, _text(value), _translated(fields[name].description) if name in fields else "")
            for name, value in self.finding.settings.items()
        )

    @property
    def untested(self) -> tuple[str, ...]:
        """Groups that are shown but were too small to test."""
        rates = (e for e in self.finding.evidence if isinstance(e, GroupRates))
        return tuple(dict.fromkeys(group.label for e in rates for group in e.groups if not group.tested))


class Report:
    """A run, arranged for a reader."""

    def __init__(self, run: Run) -> None:
        self.run = run
        colours = GroupColours.of(run.findings)
        order = list(Area)
        placed = sorted(run.findings, key=lambda f: (order.index(area_of(f.audit)), rank(f.verdict), -_gap(f)))
        self.sections = tuple(
            Section(f"finding-{n}", area_of(f.audit), f, colours) for n, f in enumerate(placed, start=1)
        )

    def areas(self) -> Iterator[tuple[Area, Sequence[Section]]]:
        """The areas that have findings, with them."""
        for area in Area:
            sections = [section for section in self.sections if section.area == area]
            if sections:
                yield area, sections

    @property
    def counts(self) -> tuple[tuple[Verdict, int], ...]:
        """The verdicts that occur, worst first."""
        verdicts = self.run.verdicts
        return tuple((verdict, verdicts[verdict]) for verdict in WORST_FIRST if verdicts[verdict])

    @property
    def cover(self) -> Sequence[Section]:
        """The worst findings."""
        return sorted(self.sections, key=lambda section: rank(section.finding.verdict))[:COVER]

    @property
    def unchecked(self) -> Sequence[Section]:
        """Findings whose question could not be answered."""
        return [section for section in self.sections if not section.finding.verdict.checked]

    @property
    def part_checked(self) -> Sequence[Section]:
        """Findings that were answered, but not for every group."""
        return [section for section in self.sections if section.finding.verdict.checked and section.untested]

    @property
    def date(self) -> Sentence:
        """The day on which the run started."""
        day = self.run.manifest.started
        return say(
            "{day} {month} {year}", day=str(day.day), month=Phrase(text=_MONTHS[day.month - 1]), year=str(day.year)
        )

    @property
    def plan(self) -> str:
        """The plan as one would write it."""
        text = yaml.safe_dump(
            self.run.plan.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True, width=100
        )
        return visible(text)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _translated(text: str | None) -> str:
    return reader().gettext(text) if text else ""


def _text(value: Any) -> str:
    match value:
        case bool():
            return _translated("yes" if value else "no")
        case None:
            return "–"
        case str() | int() | float():
            return str(value)
        case Mapping():
            return ", ".join(f"{key}: {_text(each)}" for key, each in value.items()) or "–"
        case _:
            return ", ".join(_text(each) for each in value) or "–"
