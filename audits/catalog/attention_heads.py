"""attention.heads: where the model looks in chosen examples, in every layer and head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import Field

from audits.attention_view import attention_view
from audits.audit import Area, Audit, audit
from audits.evidence import Attention, AttentionView, Heatmap, Scalar
from audits.findings import Finding, Method, Verdict
from audits.passes import Passes
from audits.samples import Decided, sample
from audits.statistics.intervals import wilson
from probes.attention import AttentionHeads, AttentionMaps, answering_token, entropy
from probes.example import Example
from probes.predictions import Predictions
from probes.speech import Count, Name, Number, Quantity, Range, Sentence, Share, say, say_counted
from probes.subjects.capabilities import Attends, Classifies

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

FLAT: Final = 0.9
"""From this share of its words, looked at as if all alike (2 to the entropy of rollout), a text's picture is flat."""

LEAST_WORDS: Final = 3
"""Words that a text must have for its picture to be judged flat or not."""


@audit("attention.heads", area=Area.EXPLANATIONS, needs=(Classifies, Attends))
class AttentionHeadsAudit(Audit):
    """Where does the model look, in every layer and head, and does that single words out (Abnar and Zuidema 2020)?"""

    texts: int = Field(
        60, ge=1, le=10_000, description="Texts whose attention is read, shared equally among the groups."
    )
    shown: int = Field(6, ge=0, le=50, description="Texts drawn in the report.")
    longest: int = Field(48, ge=2, le=512, description="Tokens of the longest text that is drawn.")

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once, to choose from; each text that is looked at once more."""
        return (Passes(Predictions(), rows), Passes(AttentionHeads(), min(self.texts, rows)))

    def run(self, bench: Bench, data: Population) -> Iterator[Finding]:
        """Reads attention on a stated sample and judges whether its picture says anything."""
        subject = bench.subject
        assert isinstance(subject, Attends)
        subject.check_attention()
        chosen = sample(bench, data, self.texts)
        results = bench.measure(AttentionHeads(), chosen.rows)
        examples = subject.encode([row.inputs for row in chosen.rows])
        views: list[AttentionView] = []
        entropies: list[np.ndarray] = []
        flatness: list[float] = []
        for at, (one, example, maps) in enumerate(zip(chosen.decided, examples, results, strict=True)):
            entropies.append(maps.entropy)
            flat = _flatness(maps, example)
            if flat is not None:
                flatness.append(flat)
            if (
                len(views) < self.shown
                and LEAST_WORDS <= len(example.encoded) <= self.longest
                and at % self._stride(len(examples)) == 0
            ):
                about = one.example(tuple(word.text for word in example.encoded.words))
                view = attention_view(about, example.encoded, maps)
                views.append(view.model_copy(update={"array": results.reference(at, "weights")}))
        mean = np.mean(entropies, axis=0)
        verdict, summary = _judged(flatness, mean, len(examples), data.words.plural)
        flat_count = sum(value >= FLAT for value in flatness)
        yield Finding(
            audit=self.name,
            name="heads",
            verdict=verdict,
            summary=summary,
            details=(chosen.rule, *_details(chosen.decided, self.longest)),
            evidence=(
                *(
                    [
                        Scalar(
                            title=say("Texts in which attention singles words out"),
                            value=Share(value=1 - flat_count / len(flatness)),
                            n=len(flatness),
                            interval=wilson(len(flatness) - flat_count, len(flatness)).at(()),
                        )
                    ]
                    if flatness
                    else []
                ),
                _entropy_map(mean, len(examples)),
                Attention(
                    name="heads.texts",
                    title=say("Where the model looks in single texts"),
                    hint=say(
                        "Each line goes from a word to a word it looks at; the thicker, the more of its attention."
                    ),
                    texts=tuple(views),
                ),
            ),
            method=_METHOD,
            settings=self.settings(),
        )

    def _stride(self, texts: int) -> int:
        return max(1, texts // max(1, self.shown))


_METHOD: Final = Method(
    text=say(
        "One pass keeps the attention weights of every layer and head. A head's entropy says over how many tokens it "
        "spreads its attention: 0 bits is one token, each further bit twice as many. Rollout follows attention through "
        "the layers to the token that the answer is read from, half of each layer passing by on the residual path. The "
        "picture is called flat where 2 to the entropy of rollout over the words, the number of words looked at as if "
        "all alike, is at least nine tenths of the words. "
        "Verdict: pass when fewer than half of the texts are flat, concern otherwise. The head drawn for a text is the "
        "one that looks hardest at single words that are not neighbours. Attention shows where the model looks, not "
        "why it answers."
    ),
    sources=(
        "Abnar and Zuidema (2020), Quantifying attention flow in transformers",
        "Jain and Wallace (2019), Attention is not explanation",
        "Clark, Khandelwal, Levy and Manning (2019), What does BERT look at?",
    ),
)


def _judged(flatness: Sequence[float], mean: np.ndarray, texts: int, items: str) -> tuple[Verdict, Sentence]:
    heads = int(mean.size)
    if not flatness:
        return Verdict.INSUFFICIENT, say(
            "Attention was read in {heads} heads, but none of {n} {items} has at least {least} words, so nothing "
            "can be said about where the model looks.",
            heads=heads,
            n=texts,
            items=items,
            least=LEAST_WORDS,
        )
    flat = sum(value >= FLAT for value in flatness)
    interval = wilson(flat, len(flatness)).at(())
    values: dict[str, Quantity] = {
        "share": Share(value=flat / len(flatness)),
        "range": Range(low=interval.low, high=interval.high),
        "n": Count(value=len(flatness)),
        "items": Name(text=items),
        "heads": Count(value=heads),
        "low": Number(value=float(mean.min()), digits=2),
        "high": Number(value=float(mean.max()), digits=2),
    }
    if flat * 2 < len(flatness):
        return Verdict.PASS, say(
            "Attention singles words out: only in {share} of {n} {items} (95 % interval {range} %) is the picture "
            "nearly flat. The {heads} heads spread their attention over {low} to {high} bits.",
            **values,
        )
    return Verdict.CONCERN, say(
        "Attention says little about single words: in {share} of {n} {items} (95 % interval {range} %) the model looks "
        "at nine words in ten as if all alike. The {heads} heads spread their attention over {low} to {high} bits.",
        **values,
    )


def _flatness(maps: AttentionMaps, example: Example) -> float | None:
    """Effective number of words looked at (2 to the entropy of rollout) over all words; None for too few words."""
    words = example.encoded.words
    if len(words) < LEAST_WORDS:
        return None
    row = answering_token(maps.weights)
    # The mean over a word's tokens: long words are not looked at more for being cut into more tokens.
    mass = np.array([maps.rollout[row, word.start : word.stop].mean() for word in words], dtype=np.float64)
    if not mass.sum():
        return 1.0  # only added tokens are looked at, so all words are looked at alike: not at all
    return float(2 ** entropy(mass / mass.sum()) / len(words))


def _entropy_map(mean: np.ndarray, texts: int) -> Heatmap:
    return Heatmap(
        name="heads.entropy",
        title=say("How widely each head looks, mean over {n} texts", n=texts),
        row_axis=say("Layer"),
        column_axis=say("Head"),
        unit=say("bits"),
        hint=say("0 bits: the head looks at a single token; each further bit is twice as many."),
        rows=tuple(str(layer + 1) for layer in range(mean.shape[0])),
        columns=tuple(str(head + 1) for head in range(mean.shape[1])),
        values=tuple(tuple(round(float(value), 4) for value in row) for row in mean),
    )


def _details(decided: Sequence[Decided], longest: int) -> Iterator[Sentence]:
    cut = sum(one.truncated for one in decided)
    if cut:
        yield say_counted(
            "n",
            "{n} text is longer than the model can read; attention is over its beginning.",
            "{n} texts are longer than the model can read; attention is over their beginnings.",
            n=cut,
        )
    yield say("Texts of more than {longest} tokens are measured but not drawn.", longest=longest)
