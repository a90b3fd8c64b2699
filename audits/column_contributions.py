"""explain.attribution for models of tables: which columns moved the answer, and whether their contributions add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.adding_up import adds_up, ruling
from audits.background import Drawn, background
from audits.column_evidence import ColumnScores, ColumnSwarm
from audits.column_pictures import dependences, spread_out, swarms, waterfalls
from audits.evidence import Column, Scalar, Table
from audits.findings import Finding, Method, Verdict
from audits.samples import Sample, sample
from audits.statistics.intervals import wilson
from probes.shapley_values import ShapleyValues
from probes.speech import Count, Name, Names, Number, Phrase, Quantity, Range, Sentence, Share, say
from probes.subjects.capabilities import Classifies, Explaining, Tabular

if TYPE_CHECKING:
    from audits.catalog.attribution import AttributionAudit
    from audits.data.population import Population
    from audits.engine.bench import Bench

NAMED: Final = 3
"""So many of the strongest columns are named in the finding's sentence."""

WAYS: Final = {
    "tree": "They are computed exactly by walking the trees, in which each column is one column.",
    "linear": "They are computed exactly from the weights; the parts that one column was split into are summed, "
    "which a linear model allows.",
    "exact": "They are computed exactly over all sets of columns, with the whole pipeline as a function of its "
    "original columns.",
    "permutation": "They are means over 10 random orders of the columns, each walked both ways, with the whole "
    "pipeline as a function of its original columns: unbiased, and not exact.",
}

SCALES: Final = {
    "log-odds": "log-odds: 0 is even chances, and +1 multiplies the odds by 2.7",
    "probability": "the probability",
}


def explain_columns(audit: AttributionAudit, bench: Bench, data: Population) -> Finding:
    """Measures a stated sample against a stated background, and judges whether contributions add up."""
    subject = bench.subject
    assert isinstance(subject, Classifies)
    assert isinstance(subject, Tabular)
    chosen = sample(bench, data, audit.texts)
    drawn = background(data, audit.background, bench.seed)
    how = subject.explaining()
    target = _target(subject.labels, bench, data)
    probe = ShapleyValues(rows=drawn.rows, target=target, seed=bench.seed)
    results = bench.measure(probe, chosen.rows)
    rows = []
    for at, (one, row, result) in enumerate(zip(chosen.decided, chosen.rows, results, strict=True)):
        base, output = float(result.base), float(result.output)
        change, size = output - base, float(np.abs(result.values).sum())
        error = abs(float(result.values.sum()) - change)
        rows.append(
            ColumnScores(
                example=one.example(row.inputs),
                columns=subject.features,
                target=subject.labels[target],
                scale=how.scale,
                base=base,
                output=output,
                scores=tuple(map(float, result.values)),
                error=error,
                adds_up=adds_up(error, change, size, audit.tolerance),
                array=results.reference(at, "values"),
            )
        )
    return _finding(audit, chosen, drawn, how, rows, data)


def _target(labels: tuple[str, ...], bench: Bench, data: Population) -> int:
    """One class for all rows, so that they can be compared: the plan's, else the one predicted most often."""
    from audits.engine.decisions import PREDICTED, predictions

    positive = data.positive(labels)
    if positive is None:
        counts = Counter(predictions(bench, data)[PREDICTED].to_list())
        positive = min(labels, key=lambda label: (-counts[label], labels.index(label)))
    return labels.index(positive)


def _finding(
    audit: AttributionAudit,
    chosen: Sample,
    drawn: Drawn,
    how: Explaining,
    rows: Sequence[ColumnScores],
    data: Population,
) -> Finding:
    good, n = sum(bool(row.adds_up) for row in rows), len(rows)
    ranked = swarms(rows, data.words.plural)
    strongest = tuple(column.column for column in ranked.columns[:NAMED] if column.mean > 0)
    verdict = ruling(good, n)
    return Finding(
        audit=audit.name,
        name="attribution",
        verdict=verdict,
        summary=_summary(verdict, good, n, strongest, audit.tolerance, data.words.plural),
        details=(chosen.rule, drawn.told, *_protected(ranked.columns, data)),
        evidence=(
            Scalar(
                title=say("{items} whose contributions add up", items=data.words.plural),
                value=Share(value=good / n),
                n=n,
                interval=wilson(good, n).at(()),
            ),
            ranked,
            waterfalls(spread_out(rows, audit.shown), how.method),
            dependences(rows, [column.column for column in ranked.columns]),
            _errors(rows),
        ),
        method=_method(how, rows[0].target, audit.tolerance),
        settings=audit.settings(),
    )


def _summary(verdict: Verdict, good: int, n: int, strongest: tuple[str, ...], tolerance: float, items: str) -> Sentence:
    interval = wilson(good, n).at(())
    values: dict[str, Quantity] = {
        "share": Share(value=good / n),
        "n": Count(value=n),
        "range": Range(low=interval.low, high=interval.high),
        "tolerance": Share(value=tolerance),
        "items": Name(text=items),
        "columns": Names(texts=strongest),
    }
    moved = " What moves it most: {columns}." if strongest else " No column moves it."
    match verdict:
        case Verdict.FAIL:
            return say(
                "Contributions of columns cannot be taken at face value: only for {share} of {n} {items} (95 % "
                "interval {range} %) do they add up to the model's answer within {tolerance}.",
                **values,
            )
        case Verdict.CONCERN:
            return say(
                "Not every contribution can be taken at face value: for {share} of {n} {items} (95 % interval {range} "
                "%) they add up to the model's answer within {tolerance}.",
                **values,
            )
        case Verdict.INSUFFICIENT:
            return say(
                "Contributions of columns add up for {share} of {n} {items}, which is too few to judge the method."
                + moved,
                **values,
            )
        case _:
            return say(
                "The columns account for the answer: for {share} of {n} {items} (95 % interval {range} %) their "
                "contributions add up to it within {tolerance}." + moved,
                **values,
            )


def _protected(ranked: Sequence[ColumnSwarm], data: Population) -> Iterator[Sentence]:
    """A protected attribute among the columns is no proxy: the model reads it."""
    names = [swarm.column for swarm in ranked]
    for attribute in data.attributes:
        if attribute in names:
            yield say(
                "The model reads the protected attribute {attribute}, number {rank} of {n} columns by how far it moves "
                "the answer. A low rank does not clear it: other columns may stand in for it.",
                attribute=attribute,
                rank=names.index(attribute) + 1,
                n=len(names),
            )


def _method(how: Explaining, target: str, tolerance: float) -> Method:
    return Method(
        text=say(
            "Shapley values share the difference between the model's score of a row and its mean score over the "
            "background out among the columns: each gets its mean effect over all orders in which columns could become "
            "known, and an unknown one takes the background's values whatever the others hold. The score is that of "
            "{target}, in {scale}. {way} A row adds up where base and contributions reach the score that the model "
            "itself gives within {tolerance} of the change. Verdict: pass when at least 95 % of at least 100 rows add "
            "up; fail when even the upper bound of that share is below 95 %. Adding up is necessary, not sufficient: "
            "contributions describe this model against this background, not what causes what.",
            target=target,
            scale=Phrase(text=SCALES[how.scale]),
            way=Phrase(text=WAYS[how.method]),
            tolerance=Share(value=tolerance),
        ),
        sources=(
            "Lundberg and Lee (2017), A unified approach to interpreting model predictions",
            "Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees",
            "Janzing, Minorics and Blöbaum (2020), Feature relevance quantification in explainable AI",
        ),
    )


def _errors(rows: Sequence[ColumnScores]) -> Table:
    numbers = (say("Probability"), say("Mean score of the background"), say("Score of the row"), say("Error"))
    return Table(
        name="attribution.completeness",
        title=say("Error of every row, largest first"),
        columns=(
            Column(heading=say("Row")),
            Column(heading=say("Predicted")),
            *(Column(heading=heading, numeric=True) for heading in numbers),
            Column(heading=say("Adds up")),
        ),
        rows=tuple(
            (
                Name(text=row.example.key),
                Name(text=row.example.predicted),
                Share(value=row.example.probability),
                Number(value=row.base, digits=3),
                Number(value=row.output, digits=3),
                Number(value=row.error, digits=2),
                Phrase(text="yes" if row.adds_up else "no"),
            )
            for row in sorted(rows, key=lambda row: -(row.error or 0.0))
        ),
    )
