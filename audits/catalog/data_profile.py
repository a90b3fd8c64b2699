"""data.profile: what stands in the data before any model is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from audits.audit import Area, Audit, Pending, audit
from audits.evidence import Evidence
from audits.findings import Finding, Method, Verdict
from probes.speech import Count, Name, Names, Sentence, Share, say, say_counted

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench

MOST_GROUPS = 100
"""An attribute or a label with more values is a measurement or a name, not a grouping."""


@audit("data.profile", area=Area.DATA)
class DataProfile(Audit):
    """Counts, gaps, repeats and base rates (Gebru et al. 2021, Datasheets for datasets); describes, needs no model."""

    smallest_group: int = Field(10, ge=1, description="Groups and labels with fewer rows are a concern.")
    missing: float = Field(0.05, ge=0, le=1, description="Largest share of rows that may lack a mapped value.")
    duplicates: float = Field(0.01, ge=0, le=1, description="Largest share of rows that may repeat another's input.")

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """Missing values, repeats and labels of all rows, then every protected attribute."""
        yield self._missing(data)
        yield self._repeats(data)
        yield self._labels(data)
        for attribute in data.attributes:
            yield self._groups(data, attribute)
        if not data.attributes:
            reason = say("Groups were not counted: the plan names no protected attribute; name one in data.protected.")
            yield self._finding("groups", Verdict.NOT_APPLICABLE, reason)

    def _missing(self, data: Population) -> Finding:
        from audits.statistics.profile_evidence import missing_table
        from audits.statistics.profiles import empty_cells

        empty = empty_cells(data)
        notes = () if data.plan.label else (say("The plan names no label column, so no answer can be called right."),)
        if not empty or not data.size:
            reason = say("Missing values were not counted: the plan maps no column, or the data has no row.")
            return self._finding("missing", Verdict.NOT_APPLICABLE, reason, notes)
        evidence = (missing_table(empty, data),)
        worst = max(empty, key=lambda column: empty[column])
        if not empty[worst]:
            summary = say("Nothing is missing from the {n} {plural}.", n=data.size, plural=data.words.plural)
            return self._finding("missing", Verdict.PASS, summary, notes, evidence)
        share = empty[worst] / data.size
        found = "{column} is empty for {count} of the {n} {plural} ({share})."
        many = share > self.missing
        summary = say(
            found + (" That is more than {limit}." if many else " That is no more than {limit}."),
            column=worst,
            count=empty[worst],
            n=data.size,
            plural=data.words.plural,
            share=Share(value=share),
            limit=Share(value=self.missing),
        )
        return self._finding("missing", Verdict.CONCERN if many else Verdict.PASS, summary, notes, evidence)

    def _repeats(self, data: Population) -> Finding:
        from audits.statistics.profiles import repeats

        if not data.plan.input:
            reason = say("Duplicates were not looked for: the plan names no input column.")
            return self._finding("duplicates", Verdict.NOT_APPLICABLE, reason)
        found = repeats(data)
        if not found.rows:
            reason = say("Duplicates were not looked for: every input is empty.")
            return self._finding("duplicates", Verdict.NOT_APPLICABLE, reason)
        plural = data.words.plural
        if not found.surplus:
            summary = say("No two of the {n} {plural} have the same input.", n=found.rows, plural=plural)
            return self._finding("duplicates", Verdict.PASS, summary)
        share = found.surplus / found.rows
        many = share > self.duplicates
        limit = " That is more than {limit}." if many else " That is no more than {limit}."
        summary = say_counted(
            "count",
            "{count} of the {n} {plural} repeats another one's input ({share})." + limit,
            "{count} of the {n} {plural} repeat another one's input ({share})." + limit,
            count=found.surplus,
            n=found.rows,
            plural=plural,
            share=Share(value=share),
            limit=Share(value=self.duplicates),
        )
        details = say_counted(
            "texts",
            "{texts} input occurs more than once; {conflicting} with different labels.",
            "{texts} inputs occur more than once; {conflicting} of them with different labels.",
            texts=found.texts,
            conflicting=found.conflicting,
        )
        return self._finding("duplicates", Verdict.CONCERN if many else Verdict.PASS, summary, (details,))

    def _labels(self, data: Population) -> Finding:
        from audits.statistics.profile_evidence import labels_table
        from audits.statistics.profiles import label_counts

        counts = label_counts(data, None)
        labels = {label: rows for _, label, rows in counts.iter_rows() if label is not None}
        if not labels:
            reason = say("Labels were not counted: no {item} has one.", item=data.words.item)
            return self._finding("labels", Verdict.NOT_APPLICABLE, reason)
        few = [label for label, rows in labels.items() if rows < self.smallest_group]
        rarest = min(labels, key=lambda label: (labels[label], label))
        evidence = (labels_table(labels, data, most=MOST_GROUPS),)
        if len(labels) == 1:
            summary = say("Every label is {label}: there is nothing to tell apart.", label=rarest)
        elif len(labels) > MOST_GROUPS:
            summary = say("There are {k} different labels, which are hardly classes.", k=len(labels))
        else:
            summary = say(
                "There are {k} labels; the rarest is {label}, on {n} {plural} ({share})."
                + (" Fewer than {least} rows have: {few}." if few else ""),
                k=len(labels),
                label=rarest,
                n=labels[rarest],
                plural=data.words.plural,
                share=Share(value=labels[rarest] / sum(labels.values())),
                least=self.smallest_group,
                few=Names(texts=tuple(few)),
            )
        fine = 1 < len(labels) <= MOST_GROUPS and not few
        return self._finding("labels", Verdict.PASS if fine else Verdict.CONCERN, summary, (), evidence)

    def _groups(self, data: Population, attribute: str) -> Finding:
        from audits.data.columns import MISSING
        from audits.statistics.metrics import in_order
        from audits.statistics.profile_evidence import group_evidence
        from audits.statistics.profiles import group_sizes

        sizes = group_sizes(data, attribute)
        if len(sizes) > MOST_GROUPS:
            reason = say(
                "Groups of {attribute} were not counted: it has {found} different values, and at most {most} are; "
                "put them into fewer groups.",
                attribute=attribute,
                found=len(sizes),
                most=MOST_GROUPS,
            )
            return self._finding(attribute, Verdict.NOT_APPLICABLE, reason)
        recorded = [group for group in in_order(sizes) if group != MISSING]
        if not recorded:
            reason = say("{attribute} is recorded for no {item}.", attribute=attribute, item=data.words.item)
            return self._finding(attribute, Verdict.NOT_APPLICABLE, reason)
        details, evidence = group_evidence(data, attribute, sizes, self.smallest_group)
        names = {group: data.group_label(attribute, group) for group in recorded}
        small = tuple(names[group] for group in recorded if sizes[group] < self.smallest_group)
        by_size = sorted(recorded, key=lambda group: sizes[group])
        least, most = by_size[0], by_size[-1]
        if len(recorded) == 1:
            template = "By {attribute} there is only one group, {low}, with {n_low} {plural}: nothing to compare."
        else:
            template = (
                "By {attribute} there are {k} groups, from {n_low} {plural} {relation} {low} "
                "to {n_high} {relation} {high}." + (" Fewer than {limit} each: {small}." if small else "")
            )
        summary = say(
            template,
            attribute=attribute,
            k=len(recorded),
            n_low=Count(value=sizes[least]),
            n_high=Count(value=sizes[most]),
            low=Name(text=names[least]),
            high=Name(text=names[most]),
            relation=data.words.relation,
            plural=data.words.plural,
            limit=self.smallest_group,
            small=Names(texts=small, most=20),
        )
        concern = bool(small) or len(recorded) == 1
        return self._finding(attribute, Verdict.CONCERN if concern else Verdict.PASS, summary, details, evidence)

    def _finding(
        self,
        name: str,
        verdict: Verdict,
        summary: Sentence,
        details: Sequence[Sentence] = (),
        evidence: Sequence[Evidence] = (),
    ) -> Finding:
        return Finding(
            audit=self.name,
            name=f"profile.{name}",
            verdict=verdict,
            summary=summary,
            details=tuple(details),
            evidence=tuple(evidence),
            method=Method(
                text=say(
                    "Rows are counted as they are. A concern is: more than {missing} of the rows without a label, a "
                    "recorded group or an input; more than {duplicates} of the rows with an input that another row has "
                    "too, character for character; a label or a group with fewer than {least} rows, or only one of "
                    "them. Label rates (Wilson's 95 % interval) and lengths describe the data and decide nothing.",
                    missing=Share(value=self.missing),
                    duplicates=Share(value=self.duplicates),
                    least=self.smallest_group,
                ),
                sources=(
                    "Gebru et al. (2021), Datasheets for datasets",
                    "Wilson (1927), Probable inference, the law of succession, and statistical inference",
                ),
            ),
            settings=self.settings(),
        )
