"""Chromium as tests and benchmarks use it: the system's own, quiet, and with no way out of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "google-chrome", "chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip


def chromium() -> str | None:
    """Where the system's browser lies."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(found: str, *more: str) -> Iterator[Browser]:
    """The browser at this place, with more options."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=[*QUIET, *more])
        yield opened
        opened.close()


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The browser for tests, which are skipped where there is none; CI must have one."""
    found = chromium()
    if found is None:
        reason = f"no browser here: none of {', '.join(NAMES)} is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with launched(found) as opened:
        yield opened
