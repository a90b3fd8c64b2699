"""Numbers and rates by group as rows."""

from __future__ import annotations

from collections.abc import Iterator

from audits.evidence import GroupRates, Heatmap, PairTests, Scalar, Spreads
from audits.frames.rows import Row, bounds, plain, rows, significance
from probes.speech.language import ENGLISH


@rows.register
def _scalar(evidence: Scalar) -> Iterator[Row]:
    yield {
        "title": evidence.title.text(ENGLISH),
        "value": plain(evidence.value),
        "n": evidence.n,
        **bounds(evidence.interval),
        **significance(evidence.test),
    }


@rows.register
def _group_rates(evidence: GroupRates) -> Iterator[Row]:
    for group in evidence.groups:
        yield {
            "group": group.group,
            "label": group.label,
            "events": group.events,
            "n": group.n,
            "rate": group.rate,
            **bounds(group.interval),
            "tested": group.tested,
            "reference": evidence.reference,
            "tolerance": evidence.tolerance,
        }


@rows.register
def _pair_tests(evidence: PairTests) -> Iterator[Row]:
    for pair in evidence.pairs:
        yield {
            "first": pair.first,
            "second": pair.second,
            "difference": pair.difference,
            **bounds(pair.interval),
            **bounds(pair.simultaneous, "simultaneous_"),
            **bounds(pair.equivalence, "equivalence_"),
            **significance(pair.test),
        }


@rows.register
def _spreads(evidence: Spreads) -> Iterator[Row]:
    for group in evidence.groups:
        quantiles = group.quantiles or (None,) * 5
        yield {
            "group": group.group,
            "label": group.label,
            "n": group.n,
            **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles, strict=True)),
        }


@rows.register
def _heatmap(evidence: Heatmap) -> Iterator[Row]:
    for row, values in zip(evidence.rows, evidence.values, strict=True):
        for column, value in zip(evidence.columns, values, strict=True):
            yield {"row": row, "column": column, "value": value}
