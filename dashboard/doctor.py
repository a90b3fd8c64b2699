"""Checks of the installation, each with what to do where it fails."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from audits.store.home import database_url, home, store_url
from dashboard.whole import check_whole
from probes.errors import EvenlightError, SetupBroken
from probes.speech import Number, Sentence, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LEAST_SPACE = 3e9
"""Bytes that a first demo needs in the home."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and whether it stops the work."""

    name: Sentence
    found: Sentence
    broken: bool = False


def checks() -> list[Check]:
    """All checks; one that fails says what was found, what was wanted and the next move."""
    looks: list[tuple[Sentence, Callable[[], Sentence]]] = [
        (say("Packages"), _packages),
        (say("Home"), _home),
        (say("Runs"), _runs),
        (say("Measurements"), _measurements),
        (say("Torch"), _torch),
        (say("Transformers"), _transformers),
        (say("Browser for PDF and screenshots"), _browser),
        (say("Hub"), _hub),
    ]
    return [_looked(name, look) for name, look in looks]


def _looked(name: Sentence, look: Callable[[], Sentence]) -> Check:
    try:
        return Check(name, look())
    except EvenlightError as problem:
        return Check(name, problem.sentence, broken=True)


def _packages() -> Sentence:
    check_whole()
    return say("evenlight {version}, all four packages side by side", version=_version("evenlight"))


def _home() -> Sentence:
    folder = home()
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as problem:
        raise SetupBroken(
            "{path} cannot be written; set EVENLIGHT_HOME to another folder", path=str(folder)
        ) from problem
    if free < LEAST_SPACE:
        raise SetupBroken(
            "{path} has {free} free; a first demo needs 3 GB: free some or set EVENLIGHT_HOME",
            path=str(folder),
            free=Number(value=free / 1e9, unit="GB"),
        )
    return say("{path}, {free} free", path=str(folder), free=Number(value=free / 1e9, digits=3, unit="GB"))


def _runs() -> Sentence:
    from audits.store.runs import Runs

    return say("{n} in the list", n=len(Runs(database_url()).entries()))


def _measurements() -> Sentence:
    return say("{url}", url=store_url())


def _torch() -> Sentence:
    try:
        import torch
    except (ImportError, OSError) as problem:
        reason = " ".join(str(problem).split())[:160]
        raise SetupBroken("torch cannot be loaded ({reason}); install it again", reason=reason) from problem

    from probes.subjects.hf_classifier import detect_device

    return say("torch {version} on {device}", version=torch.__version__, device=detect_device())


def _transformers() -> Sentence:
    return say("transformers {version}", version=_version("transformers"))


def _browser() -> Sentence:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        return say("none found; reports open in any browser, only screenshots in tests need Chromium here")
    return say("{path}", path=found)


def _hub() -> Sentence:
    if os.environ.get("HF_HUB_OFFLINE"):
        return say("offline (HF_HUB_OFFLINE is set): models open from folders")
    return say("models open from folders, or by name where the hub can be reached")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError as problem:
        raise SetupBroken("{name} is not installed; run pip install evenlight", name=name) from problem
