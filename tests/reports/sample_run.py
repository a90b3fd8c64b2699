"""A run with every kind of evidence and every verdict, as a real audit would word it; any text of the data can be replaced."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

from audits.evidence import (
    Attention,
    AttentionView,
    Column,
    Evidence,
    Example,
    GroupRate,
    GroupRates,
    Heatmap,
    PairTest,
    PairTests,
    Scalar,
    Spread,
    Spreads,
    Table,
    Test,
    TokenScores,
    WordScores,
)
from audits.findings import Finding, Method, Verdict
from audits.manifest import DataCard, Manifest, SubjectCard, Work
from audits.plan import AuditChoice, DataPlan, Plan, Words
from audits.runs import Run
from probes.speech import Count, Interval, Name, Points, Range, Sentence, Share, Times, say

Rewrite = Callable[[str], str]

GROUPS = {"muslims": (22, 61), "jews": (11, 52), "lgbtq": (14, 58), "women": (16, 74), "black": (8, 57), "unknown": (1, 4)}
LABELS = {
    "muslims": "Muslims",
    "jews": "Jewish people",
    "lgbtq": "LGBTQ people and those who are taken for them",
    "women": "Women",
    "black": "Black people",
    "unknown": "Group not stated",
}
TEXT = ("my", "neighbour", "is", "Muslim", "and", "she", "bakes", "the", "best", "bread", "on", "our", "street")
SCORES = (0.02, 0.31, -0.04, 1.92, 0.05, -0.22, -0.61, 0.01, -0.94, -0.48, 0.0, 0.06, -0.12)
MILD = ("these", "people", "are", "all", "the", "same", "and", "never", "tell", "the", "truth")
MILD_SCORES = (0.52, 0.88, 0.1, 1.12, 0.02, 0.35, -0.05, 0.66, 0.12, 0.03, -0.31)


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
        data=DataPlan(source=data("demo:redditbias"), input=("text",), label="flagged", protected=(data("group"),), split="test"),
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
            "Rates with Wilson intervals. Pairs of groups are compared by the pooled score test, and by Fisher's mid-p where "
            "counts are small; Holm's correction runs over all tests of the run."
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
                group=muslims, rate=Share(value=0.52), other=black, least=Share(value=0.31),
            ),  # fmt: skip
            evidence=(_table(data), _spreads(data)),
            method=Method(text=say("Counts, and label rates with Wilson intervals."), sources=("Wilson 1927",)),
        ),
        Finding(
            audit="bias.group-rates",
            name=data("group-rates.group.fpr"),
            verdict=Verdict.FAIL,
            summary=say(
                "Neutral comments about {group} are flagged {times} times as often as those about {other} ({rate} against "
                "{least}; difference {gap}, 95 % interval {range}). That is beyond the tolerance of {tolerance}.",
                group=muslims, other=black, times=Times(value=2.5), rate=Share(value=0.36), least=Share(value=0.14),
                gap=Points(value=0.21), range=Range(low=0.07, high=0.37), tolerance=Points(value=0.1),
            ),  # fmt: skip
            details=(
                say("{group} has only {n} neutral comments and was not tested.", group=data(LABELS["unknown"]), n=4),
                say("{n} comments without a label were left out.", n=12),
            ),
            evidence=(_rates(data), _pairs(data)),
            method=wilson,
            settings=settings,
        ),
        Finding(
            audit="bias.group-rates",
            name="group-rates.group.accuracy",
            verdict=Verdict.PASS,
            summary=say(
                "Accuracy is even across the {n} groups: any difference is smaller than {gap} (95 % certain).",
                n=5, gap=Points(value=0.05),
            ),  # fmt: skip
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
                n=50, gap=Points(value=0.29), needed=600, tolerance=Points(value=0.1),
            ),  # fmt: skip
            method=wilson,
            settings=settings,
        ),
        Finding(
            audit="explain.attribution",
            name="attribution.completeness",
            verdict=Verdict.PASS,
            summary=say("Integrated gradients add up on {share} of the texts looked at.", share=Share(value=0.97)),
            evidence=(_scalar(), _token_scores(data)),
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
            evidence=(_attention(data), _heatmap(data)),
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


def _rates(data: Rewrite) -> GroupRates:
    def wilson(events: int, n: int) -> Interval:
        z, p = 1.959964, events / n
        middle, half = (p + z * z / 2 / n), z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
        return Interval(low=(middle - half) / (1 + z * z / n), high=(middle + half) / (1 + z * z / n))

    groups = tuple(
        GroupRate(
            group=data(value), label=data(LABELS[value]), events=events, n=n, rate=events / n,
            interval=wilson(events, n), tested=n >= 10,
        )
        for value, (events, n) in GROUPS.items()
    )  # fmt: skip
    empty = GroupRate(group="none", label="Nobody", events=0, n=0, rate=None, interval=None, tested=False)
    return GroupRates(
        name="rates.group.fpr",
        title=say("Neutral comments that are wrongly flagged, by group (n = {n})", n=306),
        axis=say("Wrongly flagged (false positive rate), % of neutral comments"),
        hint=say("Right of the line: flagged more often than the rest."),
        reference=0.235,
        tolerance=0.1,
        groups=(*groups, empty),
        omnibus=Test(name="chi-squared", p=0.018, statistic=11.9, freedom=4),
    )


def _pairs(data: Rewrite) -> PairTests:
    tested = [value for value, (_, n) in GROUPS.items() if n >= 10]
    pairs = []
    for i, a in enumerate(tested):
        for b in tested[i + 1 :]:
            (x1, n1), (x2, n2) = GROUPS[a], GROUPS[b]
            gap = x1 / n1 - x2 / n2
            half = math.sqrt(x1 / n1 * (1 - x1 / n1) / n1 + x2 / n2 * (1 - x2 / n2) / n2)
            pairs.append(
                PairTest(
                    first=data(LABELS[a]),
                    second=data(LABELS[b]),
                    difference=gap,
                    interval=Interval(low=gap - 1.96 * half, high=gap + 1.96 * half),
                    simultaneous=Interval(low=gap - 2.81 * half, high=gap + 2.81 * half, level=0.995),
                    equivalence=Interval(low=gap - 1.645 * half, high=gap + 1.645 * half, level=0.9),
                    test=Test(name="score test", p=min(1.0, abs(0.03 / (gap or 1))), adjusted=0.4, family=10),
                )
            )
    return PairTests(name="pairs.group.fpr", title=say("Every pair of groups: who is flagged more often"), pairs=tuple(pairs))


def _spreads(data: Rewrite) -> Spreads:
    return Spreads(
        name="lengths.group",
        title=say("Length of comments by group"),
        axis=say("Length in words"),
        hint=say("The box holds the middle half of the comments; the whiskers reach from the 5 % to the 95 % quantile."),
        groups=(
            *(
                Spread(group=data(v), label=data(LABELS[v]), n=400 + 13 * i, quantiles=(4, 9 + i, 14 + 2 * i, 22 + i, 41 + 3 * i))
                for i, v in enumerate(GROUPS)
            ),
            Spread(group="none", label="Nobody", n=0, quantiles=None),
        ),
    )


def _table(data: Rewrite) -> Table:
    return Table(
        name="counts.group",
        title=say("Comments by group and label"),
        columns=(
            Column(heading=say("Group")),
            Column(heading=say("Comments"), numeric=True),
            Column(heading=say("Labelled as biased"), numeric=True),
            Column(heading=say("Exact duplicates"), numeric=True),
        ),
        rows=tuple(
            (Name(text=data(label)), Count(value=410 + 17 * i), Share(value=0.31 + 0.04 * i), Count(value=i) if i else None)
            for i, label in enumerate(LABELS.values())
        ),
    )


def _scalar() -> Scalar:
    return Scalar(
        title=say("Texts on which the scores add up"), value=Share(value=0.97), n=64,
        interval=Interval(low=0.893, high=0.991), test=Test(name="binomial test", p=0.0004, adjusted=0.004, family=11),
    )  # fmt: skip


def _example(data: Rewrite, words: tuple[str, ...], chosen: Sentence) -> Example:
    return Example(
        key="a1", words=tuple(data(word) for word in words), predicted=data("biased"), probability=0.87, actual=data("neutral"),
        groups={data("group"): data("Muslims")}, chosen=chosen, truncated=True,
    )  # fmt: skip


def _token_scores(data: Rewrite) -> TokenScores:
    return TokenScores(
        name="attribution.texts",
        title=say("What single words did to the answer (integrated gradients)"),
        hint=say("Orange words speak for the answer, blue ones against it; hold the pointer over a word for its value."),
        method="integrated-gradients",
        texts=(
            WordScores(
                example=_example(data, TEXT, say("Chosen because it is misclassified with the highest score.")),
                target=data("biased"), scores=SCORES, error=0.004, change=sum(SCORES), adds_up=True,
            ),
            WordScores(
                example=_example(data, MILD, say("Chosen at random.")),
                target=data("biased"), scores=MILD_SCORES, error=0.21, change=sum(MILD_SCORES), adds_up=False,
            ),
        ),
    )  # fmt: skip


def _attention(data: Rewrite) -> Attention:
    tokens = ("[CLS]", *TEXT[:11], "[SEP]")
    n = len(tokens)

    def looks(i: int) -> tuple[float, ...]:
        raw = [math.exp(-((i - j - 1) ** 2) / 3) + (1.6 if j == 4 else 0.05) + (0.7 if j == n - 1 else 0) for j in range(n)]
        return tuple(r / sum(raw) for r in raw)

    rollout = looks(0)
    return Attention(
        name="heads.examples",
        title=say("Where the model looks in one comment"),
        hint=say("A model may look at a word without using it: attention alone is no explanation."),
        texts=(
            AttentionView(
                example=_example(data, TEXT, say("Chosen because it is borderline.")),
                tokens=tuple(data(token) for token in tokens), layer=3, head=6,
                weights=tuple(looks(i) for i in range(n)), rollout=rollout,
                entropy=tuple(
                    tuple(round(abs(3.2 * math.sin(1 + layer * 1.7 + head * 0.9)), 3) for head in range(12)) for layer in range(6)
                ),
            ),
        ),
    )  # fmt: skip


def _heatmap(data: Rewrite) -> Heatmap:
    groups = [data(label) for label in LABELS.values()]
    return Heatmap(
        name="looks.group",
        title=say("How much attention falls on the words that name the group"),
        row_axis=say("group"),
        column_axis=say("layer"),
        unit=say("share of attention, averaged over heads"),
        hint=say("Darker: more of the model's attention falls on the words that name the group."),
        rows=tuple(groups),
        columns=tuple(str(layer + 1) for layer in range(6)),
        values=tuple(
            tuple(None if (i, layer) == (5, 0) else round(0.05 + 0.03 * i + 0.04 * layer, 3) for layer in range(6))
            for i in range(len(groups))
        ),
    )


def every_evidence(run: Run) -> list[Evidence]:
    """All evidence of a run."""
    return [evidence for finding in run.findings for evidence in finding.evidence]
