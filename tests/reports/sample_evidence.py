"""Evidence of every kind, as real audits would hand it over."""

from __future__ import annotations

import math
from collections.abc import Callable

from audits.column_evidence import (
    ColumnScores,
    ColumnSwarm,
    Dependence,
    Dependences,
    Swarms,
    ValueStrip,
    Waterfalls,
)
from audits.evidence import (
    Attention,
    AttentionView,
    Column,
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
from probes.speech import Count, Interval, Name, Sentence, Share, say

Rewrite = Callable[[str], str]

GROUPS = {
    "muslims": (22, 61),
    "jews": (11, 52),
    "lgbtq": (14, 58),
    "women": (16, 74),
    "black": (8, 57),
    "unknown": (1, 4),
}
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


def wilson(events: int, n: int) -> Interval:
    """Wilson's 95 % interval."""
    z, p = 1.959964, events / n
    middle, half = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return Interval(low=(middle - half) / (1 + z * z / n), high=(middle + half) / (1 + z * z / n))


def sample_rates(data: Rewrite) -> GroupRates:
    groups = tuple(
        GroupRate(
            group=data(value),
            label=data(LABELS[value]),
            events=events,
            n=n,
            rate=events / n,
            interval=wilson(events, n),
            tested=n >= 10,
        )
        for value, (events, n) in GROUPS.items()
    )
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


def sample_pairs(data: Rewrite) -> PairTests:
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
    return PairTests(
        name="pairs.group.fpr", title=say("Every pair of groups: who is flagged more often"), pairs=tuple(pairs)
    )


def sample_spreads(data: Rewrite) -> Spreads:
    return Spreads(
        name="lengths.group",
        title=say("Length of comments by group"),
        axis=say("Length in words"),
        hint=say(
            "The box holds the middle half of the comments; the whiskers reach from the 5 % to the 95 % quantile."
        ),
        groups=(
            *(
                Spread(
                    group=data(v),
                    label=data(LABELS[v]),
                    n=400 + 13 * i,
                    quantiles=(4, 9 + i, 14 + 2 * i, 22 + i, 41 + 3 * i),
                )
                for i, v in enumerate(GROUPS)
            ),
            Spread(group="none", label="Nobody", n=0, quantiles=None),
        ),
    )


def sample_table(data: Rewrite) -> Table:
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
            (
                Name(text=data(label)),
                Count(value=410 + 17 * i),
                Share(value=0.31 + 0.04 * i),
                Count(value=i) if i else None,
            )
            for i, label in enumerate(LABELS.values())
        ),
    )


def sample_scalar() -> Scalar:
    return Scalar(
        title=say("Texts on which the scores add up"),
        value=Share(value=0.97),
        n=64,
        interval=Interval(low=0.893, high=0.991),
        test=Test(name="binomial test", p=0.0004, adjusted=0.004, family=11),
    )


def sample_example(data: Rewrite, words: tuple[str, ...], chosen: Sentence) -> Example:
    return Example(
        key="a1",
        words=tuple(data(word) for word in words),
        predicted=data("biased"),
        probability=0.87,
        actual=data("neutral"),
        groups={data("group"): data("Muslims")},
        chosen=chosen,
        truncated=True,
    )


def sample_token_scores(data: Rewrite) -> TokenScores:
    return TokenScores(
        name="attribution.texts",
        title=say("What single words did to the answer (integrated gradients)"),
        hint=say("Orange words speak for the answer, blue ones against it; rest on a word for its value."),
        method="integrated-gradients",
        texts=(
            WordScores(
                example=sample_example(data, TEXT, say("Chosen because it is misclassified with the highest score.")),
                target=data("biased"),
                scores=SCORES,
                error=0.004,
                change=sum(SCORES),
                adds_up=True,
            ),
            WordScores(
                example=sample_example(data, MILD, say("Chosen at random.")),
                target=data("biased"),
                scores=MILD_SCORES,
                error=0.21,
                change=sum(MILD_SCORES),
                adds_up=False,
            ),
        ),
    )


def sample_attention(data: Rewrite) -> Attention:
    tokens = ("[CLS]", *TEXT[:11], "[SEP]")
    n = len(tokens)

    def looks(i: int) -> tuple[float, ...]:
        raw = [
            math.exp(-((i - j - 1) ** 2) / 3) + (1.6 if j == 4 else 0.05) + (0.7 if j == n - 1 else 0) for j in range(n)
        ]
        return tuple(r / sum(raw) for r in raw)

    rollout = looks(0)
    entropy = tuple(
        tuple(round(abs(3.2 * math.sin(1 + layer * 1.7 + head * 0.9)), 3) for head in range(12)) for layer in range(6)
    )
    return Attention(
        name="heads.examples",
        title=say("Where the model looks in one comment"),
        hint=say("A model may look at a word without using it: attention alone is no explanation."),
        texts=(
            AttentionView(
                example=sample_example(data, TEXT, say("Chosen because it is borderline.")),
                tokens=tuple(data(token) for token in tokens),
                layer=3,
                head=6,
                weights=tuple(looks(i) for i in range(n)),
                rollout=rollout,
                entropy=entropy,
            ),
        ),
    )


def sample_heatmap(data: Rewrite) -> Heatmap:
    groups = [data(label) for label in LABELS.values()]
    return Heatmap(
        name="looks.group",
        title=say("How much attention falls on the words that name the group"),
        row_axis=say("group"),
        column_axis=say("layer"),
        unit=say("share of attention, averaged over heads"),
        hint=say("Stronger colour: more of the model's attention falls on the words that name the group."),
        rows=tuple(groups),
        columns=tuple(str(layer + 1) for layer in range(6)),
        values=tuple(
            tuple(None if (i, layer) == (5, 0) else round(0.05 + 0.03 * i + 0.04 * layer, 3) for layer in range(6))
            for i in range(len(groups))
        ),
    )


CELLS = {"age": "37", "marital status": "married", "hours a week": "", "town": "north"}
COLUMN_SCORES = (1.4, 0.8, -0.3, 0.0)


def sample_waterfalls(data: Rewrite) -> Waterfalls:
    chosen = say("Chosen because it is close to the decision boundary.")
    first = ColumnScores(
        example=sample_example(data, tuple(CELLS.values()), chosen).model_copy(
            update={"words": tuple(cell and data(cell) for cell in CELLS.values())}
        ),
        columns=tuple(map(data, CELLS)),
        target=data("biased"),
        scale="log-odds",
        base=-1.9,
        output=sum(COLUMN_SCORES) - 1.9,
        scores=COLUMN_SCORES,
        error=1e-9,
        adds_up=True,
    )
    many = tuple(data(f"column {at}") for at in range(14))
    second = first.model_copy(
        update={
            "example": sample_example(data, tuple(data(f"cell {at}") for at in range(14)), say("Chosen at random.")),
            "columns": many,
            "scale": "probability",
            "base": 0.24,
            "output": 0.31,
            "scores": tuple(0.01 * (at - 6) for at in range(14)),
            "adds_up": False,
            "error": 0.02,
        }
    )
    return Waterfalls(
        name="attribution.rows",
        title=say("How single answers come about, column by column"),
        hint=say("Orange columns raise the score, blue ones lower it."),
        method="tree",
        rows=(first, second, first, second),
    )


def sample_swarms(data: Rewrite) -> Swarms:
    def swarm(column: str, size: float, text: bool) -> ColumnSwarm:
        scores = tuple(round(size * math.sin(1.7 * at) + 0.1 * (at % 5), 4) for at in range(80))
        return ColumnSwarm(
            column=data(column),
            n=80,
            mean=sum(map(abs, scores)) / 80,
            interval=Interval(low=size / 3, high=size),
            scores=scores,
            values=tuple(data("north") if text else str(at) for at in range(80)),
            places=tuple(None if text or at == 7 else at / 79 for at in range(80)),
        )

    return Swarms(
        name="attribution.columns",
        title=say("What each column did to the score of {target}, over {n} people", target=data("biased"), n=80),
        axis=say("Contribution to the score of {target} (log-odds)", target=data("biased")),
        hint=say("One dot is one row; right of 0 the column raised the score."),
        columns=tuple(swarm(column, 2 / (at + 1), column == "town") for at, column in enumerate(CELLS)),
    )


def sample_dependences(data: Rewrite) -> Dependences:
    points = tuple((float(at), round(math.log1p(at) - 2, 3)) for at in range(17, 80))
    strips = (
        ValueStrip(value=data("north"), n=12, mean=0.4, scores=(0.1, 0.4, 0.7)),
        ValueStrip(value="", n=2, mean=-0.2, scores=(-0.1, -0.3)),
    )
    return Dependences(
        name="attribution.dependence",
        title=say("How the strongest columns' contributions depend on their values"),
        axis=say("Contribution to the score of {target} (log-odds)", target=data("biased")),
        hint=say("One dot is one row."),
        columns=(Dependence(column=data("age"), points=points, strips=strips[1:]),
                 Dependence(column=data("town"), strips=strips)),
    )  # fmt: skip
