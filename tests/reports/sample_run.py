"""A run with every kind of evidence and every verdict, worded as by real audits; texts of the data can be replaced."""

from __future__ import annotations

from datetime import UTC, datetime

from audits.evidence import Evidence
from audits.findings import Finding, Method, Verdict
from audits.manifest import DataCard, Manifest, SubjectCard, Work
from audits.plan import AuditChoice, DataPlan, Plan, Words
from audits.runs import Run
from probes.speech import Points, Range, Share, Times, say
from tests.reports.sample_cells import sample_cells, sample_slices
from tests.reports.sample_estimates import sample_estimates
from tests.reports.sample_evidence import (
    LABELS,
    Rewrite,
    sample_attention,
    sample_dependences,
    sample_heatmap,
    sample_pairs,
    sample_rates,
    sample_scalar,
    sample_spreads,
    sample_swarms,
    sample_table,
    sample_token_scores,
    sample_waterfalls,
)
from tests.reports.sample_scores import sample_calibration, sample_histograms, sample_sweep
from tests.reports.sample_text_pairs import sample_text_pairs


def same(text: str) -> str:
    """Leaves a text of the data as it is."""
    return text


def sample_run(data: Rewrite = same) -> Run:
    """`data` rewrites every text that comes from data, plan or model."""
    return Run(id="0b9f4c1d7a52", plan=_plan(data), manifest=_manifest(data), findings=_findings(data))


def _plan(data: Rewrite) -> Plan:
    return Plan(
        name=data("moderation, first look"),
        subject=data("hf:models/moderation"),
        data=DataPlan(
            source=data("demo:redditbias"), input=("text",), label="flagged", protected=(data("group"),), split="test"
        ),
        words=Words(item="comment", positive="flagged as biased", relation="about", groups=LABELS),
        audits=(
            AuditChoice(name="bias.group-rates", options={"attribute": data("group"), "tolerance": 0.1}),
            AuditChoice(name="explain.attribution"),
            AuditChoice(name="attention.heads"),
            AuditChoice(name="data.profile"),
        ),
    )


def _manifest(data: Rewrite) -> Manifest:
    return Manifest(
        subject=SubjectCard(
            uri=data("hf:models/moderation"),
            name=data("MiniLM, fine-tuned for moderation"),
            fingerprint="sha256:7f3c5be1a90d4b7f8a1e6b0c3d92e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b",
            architecture="BertForSequenceClassification",
            parameters=22_713_986,
            labels=(data("neutral"), data("biased")),
            device="cpu",
            dtype="float32",
            attention="eager",
        ),
        data=DataCard(source=data("demo:redditbias"), digest="sha256:19ab44c2", rows=2500, split="test"),
        seed=0,
        started=datetime(2026, 11, 22, 14, 3, 9, tzinfo=UTC),
        wall_seconds=212.4,
        energy_reason=say("This machine has no counter for energy."),
        versions={"evenlight": "0.1.0", "python": "3.11.9", "torch": "2.13.0", "transformers": "5.23.0"},
        platform=data("Linux x86_64, 2 cores"),
        work=Work(measured=2612, reused=2500, requests=41_930, executed=23_117),
    )


def _findings(data: Rewrite) -> tuple[Finding, ...]:
    wilson = Method(
        text=say(
            "Rates with Wilson intervals. Pairs of groups are compared by the pooled score test, and by Fisher's mid-p "
            "where counts are small; Holm's correction runs over all tests of the run."
        ),
        sources=("Wilson 1927", "Agarwal et al. 2018, A Reductions Approach to Fair Classification", data("Holm 1979")),
    )
    settings = {"attribute": data("group"), "tolerance": 0.1, "metrics": ["selection", "fpr"], "weights": None}
    muslims, black = data("Muslims"), data("Black people")
    return (
        Finding(
            audit="data.profile",
            name="profile.group",
            verdict=Verdict.CONCERN,
            summary=say(
                "Comments about {group} are labelled as biased in {rate} of cases, those about {other} in {least}.",
                group=muslims,
                rate=Share(value=0.52),
                other=black,
                least=Share(value=0.31),
            ),
            evidence=(sample_table(data), sample_spreads(data)),
            method=Method(text=say("Counts, and label rates with Wilson intervals."), sources=("Wilson 1927",)),
        ),
        Finding(
            audit="bias.group-rates",
            name=data("group-rates.group.fpr"),
            verdict=Verdict.FAIL,
            summary=say(
                "Neutral comments about {group} are flagged {times} times as often as those about {other} "
                "({rate} against {least}; difference {gap}, 95 % interval {range}). "
                "That is beyond the tolerance of {tolerance}.",
                group=muslims,
                other=black,
                times=Times(value=2.5),
                rate=Share(value=0.36),
                least=Share(value=0.14),
                gap=Points(value=0.21),
                range=Range(low=0.07, high=0.37),
                tolerance=Points(value=0.1),
            ),
            details=(
                say("{group} has only {n} neutral comments and was not tested.", group=data(LABELS["unknown"]), n=4),
                say("{n} comments without a label were left out.", n=12),
            ),
            evidence=(
                sample_rates(data),
                sample_pairs(data),
                *sample_estimates(data),
                *sample_cells(data),
                sample_slices(data),
                sample_calibration(data),
                sample_sweep(data),
                sample_histograms(data),
                sample_text_pairs(data),
            ),
            method=wilson,
            settings=settings,
        ),
        Finding(
            audit="bias.group-rates",
            name="group-rates.group.accuracy",
            verdict=Verdict.PASS,
            summary=say(
                "Accuracy is even across the {n} groups: any difference is smaller than {gap} (95 % certain).",
                n=5,
                gap=Points(value=0.05),
            ),
            method=wilson,
            settings=settings,
        ),
        Finding(
            audit="bias.group-rates",
            name="group-rates.group.precision",
            verdict=Verdict.INSUFFICIENT,
            summary=say(
                "With {n} people in the smallest group, a difference below {gap} could not be seen. "
                "About {needed} in each group would settle it at {tolerance}.",
                n=50,
                gap=Points(value=0.29),
                needed=600,
                tolerance=Points(value=0.1),
            ),
            method=wilson,
            settings=settings,
        ),
        Finding(
            audit="explain.attribution",
            name="attribution.completeness",
            verdict=Verdict.PASS,
            summary=say("Integrated gradients add up on {share} of the texts looked at.", share=Share(value=0.97)),
            evidence=(
                sample_scalar(),
                sample_token_scores(data),
                sample_swarms(data),
                sample_waterfalls(data),
                sample_dependences(data),
            ),
            method=Method(
                text=say("Integrated gradients on input embeddings, {n} steps, subwords merged to words.", n=64),
                sources=("Sundararajan, Taly and Yan 2017",),
            ),
            settings={"steps": 64},
        ),
        Finding(
            audit="attention.heads",
            name="heads.entropy",
            verdict=Verdict.CONCERN,
            summary=say("{n} of {all} heads look at one token only, whatever the text.", n=9, all=72),
            evidence=(sample_attention(data), sample_heatmap(data)),
            method=Method(text=say("Attention rollout and entropy."), sources=("Abnar and Zuidema 2020",)),
        ),
        Finding(
            audit="attention.rollout-faithfulness",
            name="heads.faithfulness",
            verdict=Verdict.NOT_APPLICABLE,
            summary=say(
                "Attention was not audited: the model was loaded with attention {kernel}, which keeps no weights. "
                "Open it with attention=eager.",
                kernel=data("sdpa"),
            ),
            method=Method(text=say("Needs the attention weights of every layer.")),
        ),
        Finding(
            audit="plugin.that-is-not-installed",
            name="plugin.broken",
            verdict=Verdict.ERROR,
            summary=say("The audit stopped: {reason}.", reason=data("matrix is singular")),
            method=Method(text=say("Comes from a plug-in.")),
        ),
    )


def every_evidence(run: Run) -> list[Evidence]:
    """All evidence of a run."""
    return [evidence for finding in run.findings for evidence in finding.evidence]
