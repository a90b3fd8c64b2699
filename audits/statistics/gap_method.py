"""How a disparity is decided, in the words that stand under each finding."""

from __future__ import annotations

from typing import Final

from audits.findings import Method
from audits.statistics.definitions import DEFINITIONS, AnyMetric
from probes.speech import say

_METHOD: Final = Method(
    text=say(
        "Each group's rate is counted within the metric's own denominator and given Wilson's 95 % interval. "
        "Every pair of groups is compared by the pooled score test, or Fisher's mid-p where fewer than 5 are expected "
        "in a cell, and Holm's correction runs over all pairs and metrics of the attribute. "
        "Pass: the 90 % interval (Newcombe) of every difference lies inside the tolerance. "
        "Fail: after correction p is below .05, the difference is beyond the tolerance, and its simultaneous 95 % "
        "interval lies beyond half of it. Concern: p is below .05. Anything else is not enough evidence. "
        "F1 is compared through the share of hits among hits, misses and false alarms; balanced accuracy by a "
        "studentised bootstrap of the counts. A rate and its complement count once in the correction. Exploratory "
        "metrics are corrected by themselves and are a concern at most. "
        "Ratios, the four-fifths rule and the test of overall equality are shown and decide nothing."
    ),
    sources=(
        "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning",
        "Agarwal et al. (2018), A reductions approach to fair classification",
        "Wilson (1927), Probable inference, the law of succession, and statistical inference",
        "Newcombe (1998), Interval estimation for the difference between independent proportions",
        "Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach",
        "Katz, Baptista, Azen and Pike (1978), Obtaining confidence intervals for the risk ratio in cohort studies",
        "Lancaster (1961), Significance tests in discrete distributions",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
        "Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach",
        "Kish (1965), Survey sampling",
    ),
)


def method(metric: AnyMetric) -> Method:
    """How it is decided, with the source of this metric first."""
    sources = dict.fromkeys((DEFINITIONS[metric].source, *_METHOD.sources))
    return Method(text=_METHOD.text, sources=tuple(sources))
