"""A run that is killed at any moment goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import audits
from audits.engine import bench
from audits.evidence import Heatmap, TokenScores
from audits.findings import Finding
from audits.runs import Run
from audits.store.home import database_url, home
from audits.store.packs import unpack
from audits.store.runs import Runs, State
from probes.attention import AttentionMaps
from probes.errors import StoreFailed
from probes.integrated_gradients import Attribution
from probes.predictions import Prediction
from tests.audits.engine.worlds import comments, write_plan

SLOW = """
import sys, time
import audits
from audits.engine import bench
from probes.subjects.hf_classifier import HFClassifier

bench.FLUSH_ROWS = 8
answer = HFClassifier.answer

def slowly(self, batch):
    time.sleep(0.02)
    return answer(self, batch)

HFClassifier.answer = slowly
audits.run(sys.argv[1])
"""

KINDS = {"Predictions": Prediction, "IntegratedGradients": Attribution, "AttentionHeads": AttentionMaps}
EVERY: list[Any] = ["bias.group-rates", {"explain.attribution": {"texts": 30}}, {"attention.heads": {"texts": 12}}]


def packs(probe: str) -> list[Path]:
    """The packs of a probe that lie in the home."""
    spaces = [file.parent for file in home().glob("measurements/*/space.txt") if file.read_text().startswith(probe)]
    return [pack for space in spaces for pack in space.glob("*.pack")]


def stored() -> int:
    """Row results that lie in the home."""
    return sum(len(unpack(pack.read_bytes(), kind)) for probe, kind in KINDS.items() for pack in packs(probe))


def killed_once_there_are_packs_of(probe: str, plan: Path) -> None:
    """Runs the plan in a process of its own and kills it while results of the probe are being written."""
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(plan)], cwd=Path.cwd(), env=os.environ.copy())
    try:
        end = time.monotonic() + 120
        while not packs(probe):
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def scores(finding: Finding) -> list[float]:
    """Scores of words, changes of logits and probabilities, as they were measured."""
    texts = [text for evidence in finding.evidence if isinstance(evidence, TokenScores) for text in evidence.texts]
    return [number for text in texts for number in (*text.scores, text.change or 0.0, text.example.probability)]


def entropies(finding: Finding) -> list[float]:
    """Entropies of heads, rounded to four digits."""
    maps = [evidence for evidence in finding.evidence if isinstance(evidence, Heatmap)]
    return [value or 0.0 for one in maps for row in one.values for value in row]


@pytest.fixture
def plan(tmp_path: Path, tiny_bert: Path) -> Path:
    rows = comments(120).with_columns(pl.col("label").replace({"calm": "neutral"}))
    return write_plan(tmp_path / "plan", rows, EVERY, subject=f"hf:{tiny_bert}?device=cpu")


@pytest.mark.parametrize("probe", ["Predictions", "IntegratedGradients"])
def test_a_killed_run_goes_on_and_ends_in_the_same_verdicts(
    probe: str, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_once_there_are_packs_of(probe, plan)
    kept = stored()
    assert kept > 0
    assert [entry.state for entry in Runs(database_url()).entries()] == [State.INTERRUPTED]

    resumed = audits.run(plan)
    assert [entry.state for entry in Runs(database_url()).entries()] == [State.FINISHED, State.INTERRUPTED]
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "clean"))
    clean = audits.run(plan)

    assert resumed.manifest.work.measured == clean.manifest.work.measured - kept
    assert resumed.manifest.work.reused == clean.manifest.work.reused + kept
    assert resumed.manifest.work.set_aside == 0
    same(resumed, clean)


def same(left: Run, right: Run) -> None:
    assert [(f.name, f.verdict) for f in left.findings] == [(f.name, f.verdict) for f in right.findings]
    for one, other in zip(left.findings, right.findings, strict=True):
        assert str(one.summary) == str(other.summary)
        assert scores(one) == pytest.approx(scores(other), abs=1e-6)
        assert entropies(one) == pytest.approx(entropies(other), abs=1.5e-4)
    assert sum(len(scores(finding)) for finding in left.findings) > 50
    assert sum(len(entropies(finding)) for finding in left.findings) == 12


def test_a_run_that_found_the_disk_full_goes_on_once_there_is_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = write_plan(tmp_path, comments(100), ["bias.group-rates", "data.profile"])
    monkeypatch.setattr(bench, "FLUSH_ROWS", 10)
    durable, calls = os.fsync, iter(range(10**6))

    def full(handle: int) -> None:
        if next(calls) > 8:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        durable(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreFailed, match="no space left") as caught:
            audits.run(plan)
    assert "\n" not in str(caught.value)
    kept = stored()
    assert 0 < kept < 100
    assert not [path for path in home().rglob(".*") if path.is_file()]
    work = audits.run(plan).manifest.work
    assert (work.measured, work.reused) == (100 - kept, kept)
    failed = Runs(database_url()).entries()[1]
    assert failed.state is State.FAILED
    assert "no space left" in (failed.message or "")
