"""Texts that try to be more than text."""

from __future__ import annotations

from audits.runs import Run
from tests.reports.sample_run import sample_run

ATTACKS = (
    "<script>document.title='owned'</script>",
    "<img src=http://127.0.0.1:9/x onerror=document.title='owned'>",
    '<a href="http://127.0.0.1:9/y">here</a>',
    "![picture](http://127.0.0.1:9/z)",
    "[link](javascript:alert(1))",
    "$\\frac{1}{2}$ and $x$",
    "‮drawkcab",
    "W" * 150,
    "</script><svg onload=document.title='owned'>",
    "--><iframe src=http://127.0.0.1:9/f></iframe>",
    "<b>bold</b><br>&lt;i&gt;",
    '" onmouseover="document.title=\'owned\'" x="',
    "{{ 7 * 7 }} {rate} %{x}",
    "👩🏽‍💻 العربية 中文",
    "\ue0000\ue001 \x00\x1b[31m",
)


class Hostile:
    """Gives every text the next attack in turn, and the same text always the same."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return self.seen.setdefault(text, f"{text[:30]} {ATTACKS[len(self.seen) % len(ATTACKS)]}")


def hostile_run() -> tuple[Run, set[str]]:
    """The sample run with every text from outside replaced, and those texts."""
    hostile = Hostile()
    run = sample_run(hostile)
    assert len(hostile.seen) > 2 * len(ATTACKS)
    return run, set(hostile.seen.values())
