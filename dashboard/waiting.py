"""A bar while something takes its time, in our words: what is done, how far it is, how long it will take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from audits.engine.progress import Progress, Step
from dashboard.labels import inert
from probes.speech import Duration, Sentence, say


@contextmanager
def waiting(said: Sentence) -> Iterator[Progress]:
    """A bar with these words, gone when the block ends; what the block is given moves it."""
    bar = st.empty()
    bar.progress(0.0, text=inert(said))

    def tell(step: Step) -> None:
        bar.progress(step.done / step.total if step.total else 1.0, text=inert(f"{said} {_far(step)}"))

    try:
        yield tell
    finally:
        bar.empty()


def _far(step: Step) -> Sentence:
    if step.left_seconds is None:
        return say("{done} of {n} rows.", done=step.done, n=step.total)
    return say(
        "{done} of {n} rows, {left} left.", done=step.done, n=step.total, left=Duration(seconds=step.left_seconds)
    )
