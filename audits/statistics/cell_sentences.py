"""What is said about the cells of crossed attributes, beside what is said about any gap."""

from __future__ import annotations

from typing import Final

from audits.findings import Method
from probes.speech import say

EVEN: Final = (
    " is even across the {cells} groups by {attributes}: any difference between two of them is smaller than {bound} "
    "(95 % certain)."
)
NOT_COVERED: Final = " Too small to be covered: {small} of the groups."
BY: Final = " by {attributes}"
SHRUNK: Final = (
    "Drawn towards the rate of all groups as far as its {n} {plural} ask for (empirical Bayes), the rate "
    "{relation} {high} is {shrunk} (95 % interval {range})."
)
EXPLORES: Final = "Crossings are explored: the verdict is a concern at most. The option primary lets it fail."
SMALL_CELLS: Final = "Listed but not compared, with fewer than {least} such {plural}: {untested}."
UNRECORDED: Final = (
    "{n} {item} lacks a recorded value of {attributes}; it is listed and not compared.",
    "{n} {plural} lack a recorded value of {attributes}; they are listed and not compared.",
)
AGAINST_REST: Final = (
    "With {cells} groups large enough, each is tested against all others together rather than in pairs."
)

METHOD: Final = Method(
    text=say(
        "Each cell's rate is counted within the metric's own denominator and given Wilson's 95 % interval; cells with "
        "fewer than 10 or without a recorded value are listed and not tested. Up to 30 cells are compared in all "
        "pairs, more cells each with all the others together: by the pooled score test, or Fisher's mid-p where fewer "
        "than 5 are expected; Holm's correction runs over all comparisons, metrics and crossings of the audit. "
        "Pass: the 90 % interval (Newcombe) of the difference of every pair of cells lies inside the tolerance. Fail: "
        "after correction p is below .05, the difference is beyond the tolerance, and its simultaneous 95 % interval "
        "lies beyond half of it (a concern, unless the audit is made primary). Concern: p is below .05. Anything else "
        "is not enough evidence. Beside each rate stands its empirical Bayes value: the mean of its beta posterior, "
        "whose prior is the beta-binomial of greatest likelihood over all recorded cells, worth at most as many rows "
        "as there are; its interval leaves out that the prior is itself estimated. It is shown and decides nothing."
    ),
    sources=(
        "Crenshaw (1989), Demarginalizing the intersection of race and sex",
        "Buolamwini and Gebru (2018), Gender shades",
        "Foulds et al. (2020), An intersectional definition of fairness",
        "Griffiths (1973), Maximum likelihood estimation for the beta-binomial distribution",
        "Efron and Morris (1975), Data analysis using Stein's estimator and its generalizations",
        "Wilson (1927), Probable inference, the law of succession, and statistical inference",
        "Newcombe (1998), Interval estimation for the difference between independent proportions",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
        "Berger (1982), Multiparameter hypothesis testing and acceptance sampling",
    ),
)
