"""Every test works offline, in a home of its own, and leaves the cores to others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Before torch or transformers is imported anywhere: they read these once.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Oracles import slowly, and machines are shared: an example may take its time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def own_home(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test sees or leaves anything in the home of whoever runs it.

    Tests on real assets keep the home that they were started with: fetched wheels and trained models lie there.
    """
    if request.node.get_closest_marker("assets") is not None:
        return
    home: Path = tmp_path_factory.mktemp("home") / "evenlight"
    monkeypatch.setenv("EVENLIGHT_HOME", str(home))
    monkeypatch.delenv("EVENLIGHT_STORE", raising=False)
    monkeypatch.delenv("EVENLIGHT_DATABASE", raising=False)
