"""Tiny classifiers, built once: they are read from disk as any checkpoint is."""

from __future__ import annotations

from pathlib import Path

import pytest

from probes.subjects.hf_classifier import HFClassifier
from tests.probes.asking import opened
from tests.probes.tiny_models import KINDS


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: build(tmp_path_factory.mktemp("checkpoints") / kind) for kind, build in KINDS.items()}


@pytest.fixture(scope="session")
def subjects(checkpoints: dict[str, Path]) -> dict[str, HFClassifier]:
    return {kind: opened(folder) for kind, folder in checkpoints.items()}


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def subject(subjects: dict[str, HFClassifier], kind: str) -> HFClassifier:
    return subjects[kind]


@pytest.fixture(scope="session")
def bert(subjects: dict[str, HFClassifier]) -> HFClassifier:
    return subjects["bert"]
