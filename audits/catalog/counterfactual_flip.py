"""bias.counterfactual-flip: does the answer change when the group named in a text is swapped?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding, Verdict
from audits.passes import Passes
from probes.errors import BadPlan, NotApplicable
from probes.speech import Name, Names, Phrase, Sentence, say, say_counted
from probes.subjects.capabilities import Answers, Classifies, Recorded, Tabular

if TYPE_CHECKING:
    from audits.counterfactuals.contrasts import Material
    from audits.counterfactuals.flip_finding import FlipQuestion
    from audits.counterfactuals.lexicon import Lexicon
    from audits.data.population import Population, Rows
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

SWAPS = 3
"""About so many versions of a text with a term, for the estimate of a plan."""

SHARE_OF_A_LANGUAGE = 0.1
"""Templates are asked in a language that so large a share of the texts is written in."""


@audit("bias.counterfactual-flip", area=Area.FAIRNESS, needs=(Classifies,))
class CounterfactualFlip(Audit):
    """Answers that change when a group's words are swapped (Kusner et al. 2017, Garg et al. 2019); text models only."""

    attributes: tuple[str, ...] = Field(
        (), description="Lists to swap by, such as religion; all there are if left empty."
    )
    lists: str | None = Field(
        None, description="A file of your own word lists, which replace or extend ours; relative to the plan."
    )
    templates: Literal["when-needed", "always", "never"] = Field(
        "when-needed",
        description="Whether to ask neutral sentences of ours: where fewer than 10 texts name a group, always, never.",
    )
    tolerance: float = Field(0.05, gt=0, le=1, description="Largest share of texts that may get another answer.")
    primary: bool = Field(
        False, description="Whether the verdict counts like those of the plan's main metrics; else at most a concern."
    )
    texts: int = Field(1000, ge=10, description="Most texts of the data that are swapped, for each attribute.")
    versions: int = Field(12, ge=1, description="Most swaps of one text.")

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Only the texts tell how many hold a term: at most so many, each a few times."""
        return (Passes(None, min(rows, self.texts) * SWAPS),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """Finds terms in all texts, swaps them, asks once, and judges every attribute."""
        from audits.counterfactuals.contrasts import from_templates, from_texts
        from audits.counterfactuals.list_files import shipped_templates
        from audits.statistics.disparity import LEAST

        if isinstance(bench.subject, Recorded) or not isinstance(bench.subject, Answers):
            raise NotApplicable(
                "the answers stand in a table, so no swapped text can be asked about; audit the model itself"
            )
        if isinstance(bench.subject, Tabular):
            raise NotApplicable("a model of tables reads no text in which words could be swapped")
        chosen, notes = self._lexicons(bench.base)
        rows = data.rows()
        languages = _languages(rows)
        for lexicon in chosen.values():
            found = from_texts(rows, lexicon, self.texts, self.versions, bench.seed)
            asked = self.templates == "always" or (self.templates == "when-needed" and found.units < LEAST)
            if found.units >= LEAST or not asked:
                yield self._of_texts(bench, data, lexicon, found, notes)
            if asked:
                filled = from_templates(shipped_templates(), lexicon, languages)
                yield self._of_templates(bench, data, lexicon, filled, found, notes)

    def _lexicons(self, base: Path | None) -> tuple[dict[str, Lexicon], tuple[Sentence, ...]]:
        """The attributes that are asked for, and what the reader must know about the lists."""
        from audits.counterfactuals.flip_sentences import OWN_LISTS
        from audits.counterfactuals.lexicon import lexicons
        from audits.counterfactuals.list_files import word_lists
        from probes.nearest import nearest

        path = None if self.lists is None else (base or Path()) / self.lists
        known = lexicons(word_lists(path))
        for name in self.attributes:
            if name not in known:
                raise BadPlan(
                    "bias.counterfactual-flip is to swap by {name}, which there is no list for; did you mean {near}?",
                    name=name,
                    near=nearest(name, known) or ", ".join(known),
                )
        notes: tuple[Sentence, ...] = ()
        if path is not None:
            digest = blake2b(path.read_bytes(), digest_size=4).hexdigest()
            notes = (say(OWN_LISTS, path=self.lists or "", digest=digest),)
        return {name: known[name] for name in dict.fromkeys(self.attributes or known)}, notes

    def _of_texts(
        self, bench: Bench, data: Population, lexicon: Lexicon, found: Material, notes: tuple[Sentence, ...]
    ) -> Finding | Pending:
        from audits.counterfactuals import flip_sentences as speech

        counts: dict[str, str | int] = {
            "looked": data.size,
            "plural": data.words.plural,
            "attribute": lexicon.attribute,
        }
        if not found.holding:
            return self._question(bench, data, lexicon, False, notes).finding(
                Verdict.NOT_APPLICABLE, say(speech.NONE, **counts)
            )
        said = [say(speech.LOOKED, holding=found.holding, **counts)]
        if found.repeated:
            said.append(say_counted("n", *speech.REPEATED, n=found.repeated, plural=data.words.plural))
        if found.unsampled:
            said.append(say(speech.SAMPLED, n=found.unsampled, most=self.texts))
        if found.capped:
            said.append(say(speech.CAPPED, versions=self.versions))
        return self._judged(bench, data, lexicon, False, found, (*said, *notes))

    def _of_templates(
        self,
        bench: Bench,
        data: Population,
        lexicon: Lexicon,
        filled: Material,
        found: Material,
        notes: tuple[Sentence, ...],
    ) -> Finding | Pending:
        from audits.counterfactuals import flip_sentences as speech
        from audits.statistics.disparity import LEAST

        counts: dict[str, str | int] = {
            "looked": data.size,
            "plural": data.words.plural,
            "attribute": lexicon.attribute,
        }
        if not filled.contrasts:
            question = self._question(bench, data, lexicon, True, notes)
            return question.finding(Verdict.NOT_APPLICABLE, say(speech.NO_TEMPLATE, attribute=lexicon.attribute))
        few = found.units < LEAST
        said = (say(speech.TOO_FEW, holding=found.holding, **counts) if few else say(speech.BESIDE, **counts),)
        return self._judged(bench, data, lexicon, True, filled, (*said, *notes))

    def _judged(
        self,
        bench: Bench,
        data: Population,
        lexicon: Lexicon,
        templates: bool,
        material: Material,
        notes: tuple[Sentence, ...],
    ) -> Finding | Pending:
        import numpy as np

        from audits.counterfactuals import flip_sentences as speech
        from audits.counterfactuals.answers import ask
        from audits.counterfactuals.flip_finding import FlipPending
        from audits.statistics.flips import count_flips

        if material.unswapped:
            words = tuple(dict.fromkeys(one.word for one, _ in material.unswapped.most_common()))
            notes = (*notes, say(speech.UNSWAPPED, words=Names(texts=words)))
        if not material.contrasts:
            summary = say(speech.ALL_STUCK, n=material.holding, plural=data.words.plural, attribute=lexicon.attribute)
            return self._question(bench, data, lexicon, templates, notes).finding(Verdict.INSUFFICIENT, summary)
        answered = ask(bench, material.contrasts, data.positive(_labels(bench)))
        if answered.truncated:
            notes = (*notes, say_counted("n", *speech.CUT, n=answered.truncated))
        return FlipPending(
            question=self._question(bench, data, lexicon, templates, notes),
            flips=count_flips(answered, lexicon.groups),
            answered=answered,
            order=np.random.default_rng(bench.seed).permutation(len(answered.contrasts)).astype(float),
            unswapped=material.unswapped,
        )

    def _question(
        self, bench: Bench, data: Population, lexicon: Lexicon, templates: bool, notes: tuple[Sentence, ...]
    ) -> FlipQuestion:
        from audits.counterfactuals import flip_sentences as speech
        from audits.counterfactuals.flip_finding import FlipQuestion

        positive = data.positive(_labels(bench))
        word = data.words.positive
        return FlipQuestion(
            audit=self.name,
            name=f"counterfactual-flip.{lexicon.attribute}" + (".templates" if templates else ""),
            attribute=lexicon.attribute,
            plural=data.words.plural,
            templates=templates,
            tolerance=self.tolerance,
            primary=self.primary,
            selected=Phrase(text="selected") if word is None else Name(text=word),
            score=say(speech.ANSWERS_PROBABILITY) if positive is None else say(speech.PROBABILITY_OF, label=positive),
            settings=self.settings(),
            notes=notes,
        )


def _labels(bench: Bench) -> tuple[str, ...]:
    return bench.subject.labels if isinstance(bench.subject, Classifies) else ()


def _languages(rows: Rows) -> tuple[str, ...]:
    """Languages of our templates that a good part of the texts is written in; English where none is."""
    from audits.counterfactuals.lexicon import is_unspaced

    unspaced = sum(any(map(is_unspaced, row.inputs)) for row in rows)
    share = unspaced / len(rows) if len(rows) else 0.0
    chinese = ("zh",) if share >= SHARE_OF_A_LANGUAGE else ()
    return (*(("en",) if share <= 1 - SHARE_OF_A_LANGUAGE else ()), *chinese)
