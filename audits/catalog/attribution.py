"""explain.attribution: which words or columns moved the answer, and whether the scores add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from audits.adding_up import ENOUGH, ruling
from audits.audit import Area, Audit, audit
from audits.column_pictures import spread_out
from audits.evidence import Column, Scalar, Table, TokenScores, WordScores
from audits.findings import Finding, Method, Verdict
from audits.passes import Passes
from audits.samples import Sample, sample
from audits.statistics.intervals import wilson
from audits.word_ranking import rank_words
from probes.errors import NotApplicable
from probes.integrated_gradients import IntegratedGradients, by_word
from probes.predictions import Predictions
from probes.speech import Count, Name, Number, Phrase, Quantity, Range, Sentence, Share, say, say_counted
from probes.subjects.capabilities import Classifies, Differentiates, Tabular

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

TYPICAL = 20
"""Points of integration that a text takes, about."""


@audit("explain.attribution", area=Area.EXPLANATIONS, needs=(Classifies,))
class AttributionAudit(Audit):
    """Which words (Sundararajan et al. 2017) or columns (Lundberg and Lee 2017) moved the answer: do they add up?"""

    texts: int = Field(120, ge=1, le=100_000, description="Texts or rows explained, shared equally among the groups.")
    shown: int = Field(12, ge=0, le=200, description="Texts or rows drawn in the report.")
    tolerance: float = Field(0.05, gt=0, le=1, description="Largest completeness error, as a share of the change.")
    most_steps: int = Field(65, ge=9, le=1025, description="Points of the finest integration rule (texts).")
    background: int = Field(100, ge=1, le=1000, description="Rows whose values stand in for unknown columns (tables).")

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once, to choose from; a text takes about 20 gradients, a row of a table a background."""
        texts = min(self.texts, rows)
        if isinstance(subject, Tabular):
            return (Passes(Predictions(), rows), Passes(None, texts, forward=self.background))
        probe = IntegratedGradients(tolerance=self.tolerance, most_steps=self.most_steps)
        return (Passes(Predictions(), rows), Passes(probe, texts, backward=min(TYPICAL, self.most_steps)))

    def run(self, bench: Bench, data: Population) -> Iterator[Finding]:
        """Measures a stated sample and judges completeness."""
        subject = bench.subject
        assert isinstance(subject, Classifies)
        if isinstance(subject, Tabular):
            from audits.column_contributions import explain_columns

            yield explain_columns(self, bench, data)
            return
        if not isinstance(subject, Differentiates):
            raise NotApplicable(
                "{subject} cannot be asked this: the audit needs a model that differentiates or reads a table.",
                subject=subject.uri,
            )
        chosen = sample(bench, data, self.texts)
        probe = IntegratedGradients(tolerance=self.tolerance, most_steps=self.most_steps)
        results = bench.measure(probe, chosen.rows)
        examples = subject.encode([row.inputs for row in chosen.rows])
        scored = [
            WordScores(
                example=one.example(tuple(word.text for word in example.encoded.words)),
                target=subject.labels[int(result.target)],
                scores=tuple(map(float, by_word(result.scores, example))),
                error=float(result.error),
                change=float(result.change),
                adds_up=bool(result.adds_up),
                array=results.reference(at, "scores"),
            )
            for at, (one, example, result) in enumerate(zip(chosen.decided, examples, results, strict=True))
        ]
        yield self._finding(chosen, scored, [int(result.steps) for result in results], data)

    def _finding(self, chosen: Sample, texts: Sequence[WordScores], steps: Sequence[int], data: Population) -> Finding:
        verdict, summary = _judged(texts, self.tolerance, data.words.plural)
        good, n = sum(bool(text.adds_up) for text in texts), len(texts)
        return Finding(
            audit=self.name,
            name="attribution",
            verdict=verdict,
            summary=summary,
            details=(chosen.rule, *_details(texts)),
            evidence=(
                Scalar(
                    title=say("Texts whose word scores add up"),
                    value=Share(value=good / n),
                    n=n,
                    interval=wilson(good, n).at(()),
                ),
                self._drawn(texts),
                rank_words(texts),
                _errors(texts, steps),
            ),
            method=Method(
                text=say(
                    "Integrated gradients follow the model's logit from an empty text (every token replaced by "
                    "padding) to the text itself and share the change out among the words; subword scores are summed. "
                    "Points on the way are added until the scores add up within {tolerance} of the change, at most "
                    "{most} points. Verdict: pass when at least 95 % of at least 100 texts add up; fail when even the "
                    "upper bound of that share is below 95 %. Adding up is necessary, not sufficient, for an "
                    "explanation to be trusted.",
                    tolerance=Share(value=self.tolerance),
                    most=self.most_steps,
                ),
                sources=(
                    "Sundararajan, Taly and Yan (2017), Axiomatic attribution for deep networks",
                    "Clenshaw and Curtis (1960), A method for numerical integration on an automatic computer",
                ),
            ),
            settings=self.settings(),
        )

    def _drawn(self, texts: Sequence[WordScores]) -> TokenScores:
        return TokenScores(
            name="attribution.texts",
            title=say("Words for and against the model's answer"),
            hint=say("Orange words pushed towards the answer, blue words against it; the stronger, the more."),
            method="integrated gradients",
            texts=spread_out(texts, self.shown),
        )


def _judged(texts: Sequence[WordScores], tolerance: float, items: str) -> tuple[Verdict, Sentence]:
    good, n = sum(bool(text.adds_up) for text in texts), len(texts)
    interval = wilson(good, n).at(())
    values: dict[str, Quantity] = {
        "share": Share(value=good / n),
        "n": Count(value=n),
        "range": Range(low=interval.low, high=interval.high),
        "tolerance": Share(value=tolerance),
        "enough": Count(value=ENOUGH),
        "items": Name(text=items),
    }
    verdict = ruling(good, n)
    if verdict is Verdict.FAIL:
        return Verdict.FAIL, say(
            "Word scores cannot be taken at face value: only for {share} of {n} {items} (95 % interval {range} %) do "
            "they add up to the change of the model's answer within {tolerance}.",
            **values,
        )
    if verdict is Verdict.CONCERN:
        return Verdict.CONCERN, say(
            "Not every word score can be taken at face value: for {share} of {n} {items} (95 % interval {range} %) "
            "they add up to the change of the model's answer within {tolerance}.",
            **values,
        )
    if verdict is Verdict.INSUFFICIENT:
        return Verdict.INSUFFICIENT, say(
            "Word scores add up for {share} of {n} {items}, which is too few to judge the method: {enough} are needed.",
            **values,
        )
    return Verdict.PASS, say(
        "The words account for the answer: for {share} of {n} {items} (95 % interval {range} %) their scores add up to "
        "the change of the model's answer within {tolerance}.",
        **values,
    )


def _details(texts: Sequence[WordScores]) -> Iterator[Sentence]:
    cut = sum(text.example.truncated for text in texts)
    if cut:
        yield say_counted(
            "n",
            "{n} text is longer than the model can read; only its beginning is explained.",
            "{n} texts are longer than the model can read; only their beginnings are explained.",
            n=cut,
        )
    empty = sum(not text.scores for text in texts)
    if empty:
        yield say_counted("n", "{n} text is empty and has no words.", "{n} texts are empty and have no words.", n=empty)


def _errors(texts: Sequence[WordScores], steps: Sequence[int]) -> Table:
    return Table(
        name="attribution.completeness",
        title=say("Completeness error of every text, largest first"),
        columns=(
            Column(heading=say("Row")),
            Column(heading=say("Explained answer")),
            Column(heading=say("Probability"), numeric=True),
            Column(heading=say("Change of the logit"), numeric=True),
            Column(heading=say("Error"), numeric=True),
            Column(heading=say("Integration points"), numeric=True),
            Column(heading=say("Adds up")),
        ),
        rows=tuple(
            (
                Name(text=text.example.key),
                Name(text=text.target),
                Share(value=text.example.probability),
                Number(value=text.change, digits=3),
                Number(value=text.error, digits=2),
                Count(value=points),
                Phrase(text="yes" if text.adds_up else "no"),
            )
            for text, points in sorted(zip(texts, steps, strict=True), key=lambda pair: -(pair[0].error or 0.0))
        ),
    )
