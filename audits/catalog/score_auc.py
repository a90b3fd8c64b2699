"""bias.score-auc: do scores tell right from wrong equally well in every group, and across groups?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field, field_validator

from audits.audit import Area, Pending, audit
from audits.findings import Finding, Method
from audits.score_gaps import GapSentences
from audits.scored import ScoreAudit, Scored
from audits.statistics.auc import Setting
from probes.speech import say
from probes.subjects.capabilities import Classifies

EVERY_SETTING: tuple[Setting, ...] = ("subgroup", "bpsn", "bnsp")

METHOD: Final = Method(
    text=say(
        "The area under the ROC curve is the share of pairs of a positive and a negative row in which the positive one "
        "scores higher; a tie counts half. It is counted exactly from how often each score occurs. Within a group both "
        "rows are the group's; BPSN takes the positive row from everybody else, BNSP the negative one. Variances are "
        "DeLong's, intervals lie on the logit scale; settings that share their background are compared with their "
        "covariance. Pairs of groups are compared on the logit scale, with Holm's correction over all pairs and "
        "settings of the attribute, and judged by the rule of bias.group-rates."
    ),
    sources=(
        "Borkan et al. (2019), Nuanced metrics for measuring unintended bias with real data for text classification",
        "DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated ROC curves",
        "Hanley and McNeil (1982), The meaning and use of the area under a ROC curve",
        "Zou and Donner (2008), Construction of confidence limits about effect measures",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)

SENTENCES: Final[dict[Setting, GapSentences]] = {
    "subgroup": GapSentences(
        title="How well scores tell {plural} labelled {label} from those labelled {other} within a group (AUC)",
        more="Scores tell {plural} labelled {label} from those labelled {other} better {relation} {high} than "
        "{relation} {low} "
        "(AUC {high_value} against {low_value}; difference {gap}, 95 % interval {range}).",
        unsettled="Whether scores tell {plural} labelled {label} from those labelled {other} equally well in every "
        "group (AUC) cannot be told.",
    ),
    "bpsn": GapSentences(
        title="How well scores tell the group's {plural} labelled {other} from everybody else's labelled {label} "
        "(BPSN AUC)",
        more="{plural} {relation} {low} labelled {other} are scored above other groups' {plural} labelled {label} more "
        "often than those {relation} {high} (BPSN AUC {low_value} against {high_value}; difference {gap}, 95 % "
        "interval {range}).",
        unsettled="Whether {plural} labelled {other} score too high equally seldom in every group (BPSN AUC) cannot be "
        "told.",
    ),
    "bnsp": GapSentences(
        title="How well scores tell the group's {plural} labelled {label} from everybody else's labelled {other} "
        "(BNSP AUC)",
        more="{plural} {relation} {low} labelled {label} are scored below other groups' {plural} labelled {other} more "
        "often than those {relation} {high} (BNSP AUC {low_value} against {high_value}; difference {gap}, 95 % "
        "interval {range}).",
        unsettled="Whether {plural} labelled {label} score too low equally seldom in every group (BNSP AUC) cannot be "
        "told.",
    ),
}


@audit("bias.score-auc", area=Area.FAIRNESS, needs=(Classifies,))
class ScoreAuc(ScoreAudit):
    """Do scores rank equally well within and across groups (Borkan et al. 2019)? Blind to any threshold."""

    compare: tuple[Setting, ...] = Field(
        EVERY_SETTING,
        min_length=1,
        description="Whose rows are told apart: within the group, or the group's against everybody else's.",
    )

    @field_validator("compare")
    @classmethod
    def _each_once(cls, compare: tuple[Setting, ...]) -> tuple[Setting, ...]:
        return tuple(dict.fromkeys(compare))

    def asked(self) -> Sequence[tuple[str, GapSentences, Method]]:
        """One finding a setting."""
        return [(setting, SENTENCES[setting], METHOD) for setting in self.compare]

    def judged(self, scored: Scored) -> Iterator[Finding | Pending]:
        """Every setting from the same counts."""
        from audits.auc_gaps import judge

        for setting in self.compare:
            yield judge(self.question(scored, setting, SENTENCES[setting], METHOD), scored, setting)
