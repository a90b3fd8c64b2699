"""Which examples an explanation audit looks at, by a rule that can be stated in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from audits.data.columns import KEY, LABEL, group_column
from probes.speech import Sentence, say, say_counted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of the sample and the part of the rule that put it there."""

    key: str
    reason: Sentence


def rule(per_group: int) -> Sentence:
    """The rule of `choose` for a method note."""
    return say_counted(
        "n",
        "{n} example is taken from each group: a misclassified one, or a random one where there is none. "
        "Draws follow from the plan's seed and the row's key.",
        "{n} examples are taken from each group: a third misclassified, a third closest to the decision boundary, "
        "a third at random; random ones fill what is short. Draws follow from the plan's seed and the row's key.",
        n=per_group,
    )


def choose(
    frame: pl.DataFrame,
    attributes: Sequence[str],
    per_group: int,
    seed: int,
    *,
    group_label: Callable[[str, str], str] | None = None,
) -> list[Chosen]:
    """From each group of each attribute, or from everybody where there is no attribute, `per_group` rows.

    A third are misclassified (`predicted` is not the label), drawn at random. A third are those of the rest whose
    `margin` is smallest. A third are drawn at random from the rest, and so is what the first two lack. What does not
    divide by three goes to the first parts first. A draw takes the rows of lowest rank, and a row's rank is a BLAKE2b
    digest of the seed, the part and its key: a row that comes or goes changes at most itself and one other row of its
    group, and the order of the rows does not matter. A row chosen for two groups is listed once, under the first.

    `frame` has the key, the label, the group columns, `predicted` and `margin`; rows without a label cannot be
    misclassified, rows without a margin are not borderline.
    """
    chosen: dict[str, Chosen] = {}
    for group, rows in _groups(frame, attributes, group_label or _as_it_stands):
        for part, key in _picked(rows, per_group, seed):
            chosen.setdefault(key, Chosen(key, _reason(part, group)))
    return list(chosen.values())


MISCLASSIFIED, BORDERLINE, RANDOM = "misclassified", "borderline", "random"


def _as_it_stands(_: str, value: str) -> str:
    return value


def _groups(
    frame: pl.DataFrame, attributes: Sequence[str], group_label: Callable[[str, str], str]
) -> Iterator[tuple[str | None, pl.DataFrame]]:
    if not attributes:
        yield None, frame
    for attribute in attributes:
        groups = frame.partition_by(group_column(attribute), as_dict=True)
        for (value,), rows in sorted(groups.items(), key=lambda group: str(group[0][0])):
            yield group_label(attribute, str(value)), rows


def _picked(rows: pl.DataFrame, per_group: int, seed: int) -> Iterator[tuple[str, str]]:
    third, over = divmod(per_group, 3)
    keys: list[str] = rows[KEY].to_list()
    margins = {key: abs(margin) for key, margin in zip(keys, rows["margin"], strict=True) if margin is not None}
    left = per_group
    taken: set[str] = set()
    parts = (
        (MISCLASSIFIED, _misclassified(rows), third + (over > 0), lambda key: (0.0, _rank(seed, MISCLASSIFIED, key))),
        (BORDERLINE, list(margins), third + (over > 1), lambda key: (margins[key], _rank(seed, BORDERLINE, key))),
        (RANDOM, keys, per_group, lambda key: (0.0, _rank(seed, RANDOM, key))),
    )
    for part, candidates, most, order in parts:
        first = sorted((key for key in candidates if key not in taken), key=order)[: min(most, left)]
        left -= len(first)
        taken.update(first)
        yield from ((part, key) for key in first)


def _misclassified(rows: pl.DataFrame) -> list[str]:
    import polars as pl

    label, predicted = pl.col(LABEL), pl.col("predicted")
    several = isinstance(rows.schema[LABEL], pl.List)
    wrong = ~label.list.contains(predicted) if several else label != predicted
    return rows.filter(wrong & label.is_not_null())[KEY].to_list()


def _rank(seed: int, part: str, key: str) -> bytes:
    return blake2b(f"{seed}\n{part}\n{key}".encode(), digest_size=16).digest()


def _reason(part: str, group: str | None) -> Sentence:
    if group is None:
        return {
            MISCLASSIFIED: say("Misclassified"),
            BORDERLINE: say("Close to the decision boundary"),
            RANDOM: say("Random"),
        }[part]
    return {
        MISCLASSIFIED: say("Misclassified, {group}", group=group),
        BORDERLINE: say("Close to the decision boundary, {group}", group=group),
        RANDOM: say("Random, {group}", group=group),
    }[part]
