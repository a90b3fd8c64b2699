"""The closing step: one correction over a family, whichever audits its tests came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from audits.evidence import Test
from audits.findings import Finding, Method, Verdict
from audits.statistics.families import close
from audits.statistics.holm import holm
from probes.speech import say


def finding(name: str) -> Finding:
    return Finding(audit="a", name=name, verdict=Verdict.PASS, summary=say("Fine."), method=Method(text=say("None.")))


@dataclass
class Draft:
    name: str
    family: str
    p: Sequence[float | None]
    closed_with: list[Test] = field(default_factory=list)

    @property
    def tests(self) -> Sequence[Test]:
        return [Test(name="t", p=p) for p in self.p]

    def close(self, tests: Sequence[Test]) -> Finding:
        self.closed_with = list(tests)
        return finding(self.name)


def test_families_are_corrected_apart_and_findings_keep_their_order() -> None:
    one, two, other = Draft("one", "f", [0.01, None]), Draft("two", "f", [0.02, 0.5]), Draft("other", "g", [0.03])
    closed = close([one, finding("plain"), other, two])
    assert [f.name for f in closed] == ["one", "plain", "other", "two"]
    tests = [*one.closed_with, *two.closed_with]
    assert [t.adjusted for t in tests] == list(holm([0.01, None, 0.02, 0.5]))
    assert [t.family for t in tests] == [3, None, 3, 3]
    assert [(t.p, t.adjusted, t.family) for t in other.closed_with] == [(0.03, 0.03, 1)]


def test_nothing_to_close() -> None:
    assert close([]) == ()
    empty = Draft("empty", "f", [])
    assert [f.name for f in close([empty])] == ["empty"]


@dataclass
class Asking(Draft):
    hypotheses: str = ""


def test_the_same_question_asked_twice_is_counted_once() -> None:
    one, other = Asking("one", "f", [0.01, 0.02], hypotheses="q"), Asking("other", "f", [0.01, 0.02], hypotheses="q")
    close([one, other])
    assert [t.adjusted for t in one.closed_with] == [t.adjusted for t in other.closed_with] == [0.02, 0.02]
    assert {t.family for t in (*one.closed_with, *other.closed_with)} == {2}


def test_other_answers_to_a_question_of_the_same_name_are_counted_for_themselves() -> None:
    one, other = Asking("one", "f", [0.01], hypotheses="q"), Asking("other", "f", [0.03], hypotheses="q")
    close([one, other])
    assert [t.adjusted for t in (*one.closed_with, *other.closed_with)] == [0.02, 0.03]
