"""A tiny model that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded BERT classifier as a checkpoint folder."""
    from tests.probes.tiny_models import bert

    return bert(tmp_path_factory.mktemp("tiny") / "bert", labels=("neutral", "flagged"))
