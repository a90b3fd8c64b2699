"""How fast the dashboard answers: `python -m benchmarks.dashboard [--quick] [--home FOLDER]`."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from benchmarks import memory
from benchmarks.clock import Times, answered, as_json, cold, table
from benchmarks.doings import RUNS, Doing, View, doings, listed, live, views
from benchmarks.large_runs import Measured, prepare
from tests.browser import chromium, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE_AIM: Final = 1500.0
INTERACTION_AIM: Final = 300.0


def main() -> None:
    """Prepares the runs, serves them, measures, prints one table."""
    asked = _asked()
    found = chromium()
    if found is None:
        sys.exit("Chromium or Chrome is needed.")
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder) / "home"
        runs = prepare(home, rows=50_000 if asked.quick else 1_000_000, texts=500 if asked.quick else 10_000)
        with served(home) as (base, process), launched(found, "--enable-precise-memory-info") as browser:
            times = [*pages(browser, base, runs, asked), *interactions(browser, base, runs, asked)]
            print(machine(runs), "", table(times), sep="\n", flush=True)
            if asked.json:
                asked.json.write_text(as_json(times), "utf-8")
            if not asked.only:
                steps = 60 if asked.quick else 500
                print("", memory.measure(browser, base, runs.demo, process, steps), sep="\n")


def _asked() -> argparse.Namespace:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--quick", action="store_true", help="Smaller runs, fewer repetitions.")
    said.add_argument("--home", type=Path, help="Where the runs are kept between calls; else a temporary folder.")
    said.add_argument("--repeat", type=int, default=0, help="Repetitions of each; 10 where left out, 3 with --quick.")
    said.add_argument("--only", default="", help="Measure only what has this in its name; memory is left out.")
    said.add_argument("--json", type=Path, help="Also write all times.")
    asked = said.parse_args()
    asked.repeat = asked.repeat or (3 if asked.quick else 10)
    return asked


def kinds(runs: Measured) -> list[tuple[str, str, bool]]:
    """Each run: what it is called in the table, its id, and whether a model reads its texts."""
    demo = "tiny (stands in)" if runs.stand_in else "demo"
    return [(demo, runs.demo.id, True), ("table", runs.table.id, False), ("texts", runs.texts.id, True)]


def pages(browser: Browser, base: str, runs: Measured, asked: argparse.Namespace) -> Iterator[Times]:
    """Cold loads; the server has shown each page once."""
    listed_views: list[tuple[str, View]] = [("all", RUNS)]
    for (kind, _, texts), run in zip(kinds(runs), (runs.demo, runs.table, runs.texts), strict=True):
        listed_views += [(kind, view) for view in views(run, texts)]
    for kind, view in listed_views:
        if asked.only not in f"{view.name}: page":
            continue
        cold(browser, base + view.address, view.ready)
        taken = tuple(cold(browser, base + view.address, view.ready) for _ in range(asked.repeat))
        yield _told(Times(kind, f"{view.name}: page", taken, PAGE_AIM))


def interactions(browser: Browser, base: str, runs: Measured, asked: argparse.Namespace) -> Iterator[Times]:
    """Clicks, each page in a browser of its own; live ones come last."""
    todo: list[tuple[str, Doing]] = [("all", doing) for doing in listed("table")]
    for (kind, _, texts), run in zip(kinds(runs), (runs.demo, runs.table, runs.texts), strict=True):
        todo += [(kind, doing) for doing in doings(run, texts)]
    todo += [(kinds(runs)[0][0], doing) for doing in live(runs.demo)]
    for kind, doing in todo:
        if asked.only in doing.name:
            yield _told(timed(browser, base, kind, doing, asked.repeat))


def timed(browser: Browser, base: str, kind: str, doing: Doing, repeat: int) -> Times:
    """The interaction so many times; the first rounds, in which answers are not kept yet, do not count."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(base + doing.address)
    page.locator(doing.ready).first.wait_for(state="visible")
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for(state="attached")
    warm = 1 if doing.live else max(2, len(doing.acts))
    taken, told = [], []
    for at in range(warm + repeat):
        act = doing.acts[at % len(doing.acts)]
        took, said = answered(page, partial(act, page), doing.changes)
        if at >= warm:
            taken.append(took)
            told += [] if said is None else [said]
    context.close()
    aim = None if doing.live else INTERACTION_AIM
    return Times(kind, doing.name + (" (model asked)" if doing.live else ""), tuple(taken), aim, tuple(told))


def _told(one: Times) -> Times:
    print(f"{one.run}, {one.what}: {one.median:.0f} ms", file=sys.stderr, flush=True)
    return one


@contextmanager
def served(home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """`evenlight serve` over the home: its address, and the process of the dashboard itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--no-browser", "--no-worker", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *words],
        env={**os.environ, "EVENLIGHT_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield f"http://127.0.0.1:{port}/", psutil.Process(process.pid).children()[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def machine(runs: Measured) -> str:
    """What it was measured on."""
    cores, load = psutil.cpu_count(), psutil.getloadavg()[0]
    ours = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "polars", "torch", "playwright"))
    demo = "random tiny BERT in place of the demo" if runs.stand_in else "the demo's own run"
    return (
        f"{cores} cores, {platform.machine()}, Python {platform.python_version()}, {ours}; load {load:.1f}; {demo}; "
        f"{runs.table.manifest.data.rows:,} rows in the table"
    )


if __name__ == "__main__":
    main()
