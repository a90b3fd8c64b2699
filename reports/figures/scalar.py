"""One number with its n, interval and test, as large as it deserves."""

from __future__ import annotations

from audits.evidence import Scalar
from probes.speech import Points, Probability, Range, Share
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.look.palette import GroupColours
from reports.look.wording import fragment, shown


@draws(Scalar)
def scalar(evidence: Scalar, _: GroupColours) -> Drawing:
    """The number, and in one line what it rests on."""
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=piece("scalar.html", value=shown(evidence.value), rests_on=_rests_on(evidence)),
    )


def _rests_on(evidence: Scalar) -> list[str]:
    parts = [fragment("n = {n}", n=evidence.n)]
    if evidence.interval is not None:
        percent = isinstance(evidence.value, Share | Points)
        between = Range(low=evidence.interval.low, high=evidence.interval.high, percent=percent)
        parts.append(fragment("{level} interval {range}", level=Share(value=evidence.interval.level), range=between))
    if evidence.test is not None:
        test = evidence.test
        p = Probability(value=test.p if test.adjusted is None else test.adjusted)
        parts.append(fragment("{test}: {p}", test=test.name, p=p))
        if test.adjusted is not None and test.family is not None:
            parts.append(fragment("corrected over {n} tests", n=test.family))
        if test.p is None and test.reason is not None:
            parts.append(test.reason)
    return parts
