"""How long a page takes, told by the browser itself: from the last key or button that went down to what is shown."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IDLE: Final = ".stApp[data-test-script-state=notRunning]"
PATIENCE: Final = 120_000

WATCH: Final = """([selector, progress]) => {
  const roots = () => [document, ...[...document.querySelectorAll('[data-testid^=stBidi]')].map(e => e.shadowRoot)];
  const all = (wanted) => roots().flatMap(root => root ? [...root.querySelectorAll(wanted)] : []);
  const shown = () => all(selector).filter(e => e.closest('canvas') || e.getClientRects().length)
    .map(e => e.tagName + e.textContent + (e.value || '')).join('|');
  const before = shown();
  window.heard = 0; window.told = null;
  for (const kind of ['pointerdown', 'keydown'])
    addEventListener(kind, () => { window.heard = performance.now(); }, {capture: true});
  window.answer = new Promise(done => {
    const look = () => {
      if (window.heard) {
        if (window.told === null && all(progress).some(e => e.getClientRects().length))
          window.told = performance.now() - window.heard;
        const now = shown();
        if (now && now !== before) { done([performance.now() - window.heard, window.told]); return; }
      }
      requestAnimationFrame(look);
    };
    look();
  });
}"""
"""Notes when the input came and when what the selector finds, in shadow roots too, reads otherwise than before."""

PROGRESS: Final = "[data-testid=stSpinner], [data-testid=stProgress], [data-testid=stStatusWidget]"


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one thing that was done again and again."""

    run: str
    what: str
    times: tuple[float, ...]
    aim: float | None
    told: tuple[float, ...] = ()
    """When something said that it is at work, where that was seen."""

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def high(self) -> float:
        """The 95th percentile: the value that 95 of 100 do not exceed, by the nearest rank."""
        ordered = sorted(self.times)
        return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def cold(browser: Browser, address: str, ready: str) -> float:
    """Milliseconds until the page is there in a browser that has never seen it, and the server has said all."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(ready).first.wait_for(state="visible", timeout=PATIENCE)
    page.locator(IDLE).wait_for(state="attached", timeout=PATIENCE)
    taken = 1000 * (time.perf_counter() - begun)
    context.close()
    return taken


def answered(page: Page, act: Callable[[], object], changes: str) -> tuple[float, float | None]:
    """Milliseconds from the input to another content of what the selector finds, and to the first sign of work."""
    page.evaluate(WATCH, [changes, PROGRESS])
    act()
    taken, told = page.evaluate(
        f"() => Promise.race([window.answer, new Promise((_, no) => setTimeout(no, {PATIENCE}, 'no answer'))])"
    )
    page.locator(IDLE).wait_for(state="attached", timeout=PATIENCE)
    return float(taken), None if told is None else float(told)


def table(times: Iterable[Times]) -> str:
    """One line each, with the aim and whether the median meets it."""
    lines = ["| run | what | n | median | 95 % | aim | met |", "| --- | --- | ---: | ---: | ---: | ---: | --- |"]
    for one in times:
        aim = "progress in 300 ms" if one.aim is None else f"{one.aim:.0f} ms"
        cells = (one.run, one.what, len(one.times), f"{one.median:.0f} ms", f"{one.high:.0f} ms", aim, _met(one))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _met(one: Times) -> str:
    if one.aim is not None:
        return "yes" if one.median <= one.aim else "NO"
    if one.median <= 300:
        return "yes"
    return f"shown at {statistics.median(one.told):.0f} ms" if one.told else "NO"


def as_json(times: Iterable[Times]) -> str:
    """The same for other programs."""
    return json.dumps([{"run": t.run, "what": t.what, "ms": t.times, "told_ms": t.told} for t in times])
