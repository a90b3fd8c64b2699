"""Whether server and browser grow while somebody clicks for a long time."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from benchmarks.doings import on

if TYPE_CHECKING:
    import psutil
    from playwright.sync_api import Browser, Page

    from audits.runs import Run

EVERY: Final = 10
"""Interactions between two looks at the memory."""

GROWTH: Final = 0.05
"""The last third may be so much larger than the first, which still fills caches."""


def measure(browser: Browser, base: str, run: Run, server: psutil.Process, steps: int) -> str:
    """So many interactions with one page after another; a table of the thirds."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    places = (
        (f"scorecard?run={run.id}", ".card-row", ".chip.verdict"),
        (f"fairness?run={run.id}", ".js-plotly-plot .point", ".picks li:not(:has([aria-pressed=true])) button"),
        (f"data?run={run.id}", "[data-testid=stDataFrame] canvas", ".parts .chip"),
    )
    server_mb, page_mb = [], []
    page.goto(base + places[0][0])
    # The first round loads what each page needs, such as plotly, and does not count.
    for done in range(steps + EVERY * len(places)):
        address, ready, what = places[done // EVERY % len(places)]
        if done % EVERY == 0:
            _go(page, address)
            page.locator(ready).first.wait_for(state="visible")
        on(what)(page)
        page.wait_for_timeout(60)
        page.locator(".stApp[data-test-script-state=notRunning]").wait_for(state="attached")
        if done >= EVERY * len(places) and done % EVERY == EVERY - 1 and done // EVERY % len(places) == 0:
            devtools.send("HeapProfiler.collectGarbage")
            metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
            page_mb.append(metrics["JSHeapUsedSize"] / 1e6)
            server_mb.append(server.memory_info().rss / 1e6)
    context.close()
    lines = [
        f"Memory over {steps} interactions",
        "",
        "| what | first third | last third | grows |",
        "| --- | ---: | ---: | --- |",
    ]
    lines += [_line("server, resident", server_mb), _line("browser, JavaScript heap", page_mb)]
    return "\n".join(lines)


def _go(page: Page, address: str) -> None:
    """By the navigation, as people do: the page is not loaded afresh."""
    name = address.partition("?")[0].capitalize()
    page.locator(".st-key-navigation").get_by_role("link", name=name, exact=True).click()


def _line(what: str, values: list[float]) -> str:
    third = max(1, len(values) // 3)
    first, last = statistics.median(values[:third]), statistics.median(values[-third:])
    grows = "no" if last <= first * (1 + GROWTH) else "YES"
    return f"| {what} | {first:.0f} MB | {last:.0f} MB | {grows} |"
