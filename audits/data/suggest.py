"""What the columns of a source probably mean, each guess with its reason; nothing is taken over without being shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from audits.data.glance import FEW, Column, Kind
from probes.speech import Count, Sentence, say

GROUPS: Final = frozenset(
    "gender sex race racial ethnicity ethnic religion religious faith age ages nationality citizenship country "
    "disability disabled handicap orientation sexuality lgbt lgbtq caste marital pregnant pregnancy veteran skin "
    "origin native foreign immigrant migrant dialect minority group groups identity demographic".split()
)
GROUPS_CHINESE: Final = (
    "性别",
    "种族",
    "民族",
    "宗教",
    "信仰",
    "年龄",
    "国籍",
    "残疾",
    "性取向",
    "婚姻",
    "籍贯",
    "户籍",
    "群体",
    "地域",
)
"""Parts of names; Chinese is written without blanks."""

LABELS: Final = frozenset("label labels target class category outcome truth gold y answer annotation verdict".split())
LABELS_CHINESE: Final = ("标签", "类别", "标注", "真值", "结果")
TEXTS: Final = frozenset("text texts comment sentence content body message review tweet post document phrase".split())
TEXTS_CHINESE: Final = ("文本", "内容", "评论", "句子", "正文")
PAIRS: Final = (
    ("premise", "hypothesis"),
    ("sentence1", "sentence2"),
    ("text1", "text2"),
    ("text_a", "text_b"),
    ("question", "passage"),
    ("question1", "question2"),
    ("question", "context"),
)
"""Names under which pairs of texts are published."""
SPLITS: Final = frozenset("split fold subset partition".split())
SPLITS_CHINESE: Final = ("划分", "数据集")
HELD_OUT: Final = ("test", "eval", "validation", "valid", "dev", "val")
"""Parts that are fit to be audited, the best first."""
IDS: Final = frozenset("id ids key uuid guid identifier".split())
IDS_CHINESE: Final = ("编号", "序号")
WEIGHTS: Final = frozenset("weight weights".split())
WEIGHTS_CHINESE: Final = ("权重",)

MOST_MISSING: Final = 0.5
"""An attribute that more rows lack tells little about anybody."""
LONG: Final = 20
"""Letters from which a text is more than a name."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A column and why it was thought of."""

    column: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the columns may mean."""

    input: tuple[Suggested, ...] = ()
    label: Suggested | None = None
    protected: tuple[Suggested, ...] = ()
    id: Suggested | None = None
    weight: Suggested | None = None
    split: Suggested | None = None
    part: str | None = None
    """The part of the split that is audited."""


def suggest(columns: Sequence[Column], classes: Sequence[str] = (), taken: Collection[str] = ()) -> Suggestions:
    """Guesses for a source, given the model's classes and the columns that are spoken for, such as predictions."""
    free = [column for column in columns if column.name not in taken]
    label = _label(free, classes)
    rest = [column for column in free if label is None or column.name != label.column]
    split = _split(rest)
    key = _named(rest, IDS, IDS_CHINESE, lambda c: c.unique, say("every row has its own, and the name says id"))
    weight = _named(
        rest, WEIGHTS, WEIGHTS_CHINESE, lambda c: c.kind is Kind.NUMBER, say("numbers, and the name says weight")
    )
    used = {each.column for each in (split, key, weight) if each is not None}
    rest = [column for column in rest if column.name not in used]
    texts = _input(rest)
    used = {each.column for each in texts}
    part = next((column for column in columns if split is not None and column.name == split.column), None)
    return Suggestions(
        input=texts,
        label=label,
        protected=_protected(column for column in rest if column.name not in used),
        id=key,
        weight=weight,
        split=split,
        part=_part(part.values) if part is not None else None,
    )


def _protected(columns: Iterable[Column]) -> tuple[Suggested, ...]:
    return tuple(
        Suggested(column.name, say("{n} values, and the name looks like a group", n=Count(value=column.distinct)))
        for column in columns
        if 2 <= column.distinct <= FEW and column.missing <= MOST_MISSING and column.kind is not Kind.LIST
        if _says(column.name, GROUPS, GROUPS_CHINESE)
    )


def _label(columns: Sequence[Column], classes: Sequence[str]) -> Suggested | None:
    few = [column for column in columns if 1 < column.distinct <= FEW]
    by_name = [column for column in few if _says(column.name, LABELS, LABELS_CHINESE)]
    for names, reason in (
        (set(classes), say("its values are the model's classes")),
        ({str(at) for at in range(len(classes))}, say("its values are the numbers of the model's classes")),
    ):
        fitting = [column for column in few if names and set(column.values) <= names]
        # Numbers alone are too common to go by: any column of 0 and 1 would be one.
        chosen = next((column for column in by_name if column in fitting), None)
        if chosen is None and fitting and names == set(classes):
            chosen = fitting[0]
        if chosen is not None:
            return Suggested(chosen.name, reason)
    return Suggested(by_name[0].name, say("the name says that it is the answer")) if by_name else None


def _input(columns: Sequence[Column]) -> tuple[Suggested, ...]:
    names = {column.name.casefold(): column.name for column in columns if column.kind is Kind.TEXT}
    for pair in PAIRS:
        if all(name in names for name in pair):
            return tuple(Suggested(names[name], say("known as one of a pair of texts")) for name in pair)
    texts = [
        column
        for column in columns
        if column.kind is Kind.TEXT and (column.letters >= LONG or _says(column.name, TEXTS, TEXTS_CHINESE))
    ]
    if not texts:
        return ()
    longest = max(texts, key=lambda column: (_says(column.name, TEXTS, TEXTS_CHINESE), column.letters))
    return (Suggested(longest.name, say("{n} letters on average", n=Count(value=round(longest.letters)))),)


def _split(columns: Sequence[Column]) -> Suggested | None:
    for column in columns:
        parts = {value.casefold() for value in column.values}
        named = _says(column.name, SPLITS, SPLITS_CHINESE)
        if 2 <= column.distinct <= 10 and (named or (parts & {"train", "fit"} and parts & set(HELD_OUT))):
            return Suggested(column.name, say("its values look like parts of a data set"))
    return None


def _part(values: Sequence[str]) -> str | None:
    spelt = {value.casefold(): value for value in values}
    return next((spelt[name] for name in HELD_OUT if name in spelt), None)


def _named(
    columns: Iterable[Column], words: Set[str], chinese: Sequence[str], fits: Callable[[Column], bool], reason: Sentence
) -> Suggested | None:
    return next(
        (Suggested(column.name, reason) for column in columns if fits(column) and _says(column.name, words, chinese)),
        None,
    )


def _says(name: str, words: Set[str], chinese: Sequence[str]) -> bool:
    """Whether one of the words stands in a column's name, however its words are joined."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return bool(words & set(re.findall(r"[a-z]+", apart.casefold()))) or any(part in name for part in chinese)
