"""A plan that takes a while, on a tiny model."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from audits.jobs import pulse, worker
from tests.audits.engine.test_resume import EVERY
from tests.audits.engine.worlds import comments, write_plan


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded BERT classifier as a checkpoint folder."""
    from tests.probes.tiny_models import bert

    return bert(tmp_path_factory.mktemp("tiny") / "bert", labels=("neutral", "flagged"))


@pytest.fixture
def real_plan(tmp_path: Path, tiny_bert: Path) -> Path:
    """Predictions, attributions and attention, asked of a checkpoint beside the plan."""
    shutil.copytree(tiny_bert, tmp_path / "real" / "model")
    return write_plan(tmp_path / "real", comments(120), EVERY, subject="hf:model?device=cpu")


@pytest.fixture
def long_plan(tmp_path: Path) -> Path:
    """Many rows, asked of the scripted subject."""
    return write_plan(tmp_path / "long", comments(1000), ["bias.group-rates"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers in the test's own process look often."""
    monkeypatch.delenv("EVENLIGHT_QUEUE", raising=False)
    for name, seconds in {"LOOK_SECONDS": 0.05, "AGAIN_SECONDS": 0.05, "MEND_SECONDS": 0.2}.items():
        monkeypatch.setattr(worker, name, seconds)
    monkeypatch.setattr(pulse, "EVERY_SECONDS", 0.1)


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """What a worker's process sets for its log is as it was."""
    before = logging.getLogger("audits.jobs").level
    yield
    logging.getLogger("audits.jobs").setLevel(before)
