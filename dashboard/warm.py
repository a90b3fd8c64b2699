"""What pages import is imported while the server waits for its first reader, not while the reader waits."""

from __future__ import annotations

import time
from importlib import import_module
from threading import Thread
from typing import Final

from dashboard.shell import VIEWS

FIGURES: Final = ("plotly.graph_objects", "reports.figures.strip_chart", "audits.statistics.families")
"""Imported by pages only when they draw or judge."""


LOOK_SECONDS: Final = 0.05

PATIENCE: Final = 600
"""Looks for a server that is coming up; pages import for themselves where there is none."""


def begin() -> None:
    """Starts importing on a thread of its own; a page that comes earlier waits for what it needs itself."""
    Thread(target=_imported, name="warm", daemon=True).start()


def _imported() -> None:
    import streamlit as st

    from audits.catalog import catalog
    from reports.figures import figures
    from reports.formats import formats

    # What Streamlit caches asks for its runtime when it is defined.
    for _ in range(PATIENCE):
        if st.runtime.exists():
            break
        time.sleep(LOOK_SECONDS)
    for view in VIEWS:
        import_module(f"dashboard.views.{view.path}")
    for name in FIGURES:
        import_module(name)
    catalog()
    figures()
    formats()
