"""Which rows are audited: a path, a source or an upload, and what was found there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from audits.data.glance import Glance, glance
from audits.data.mapping import need_columns
from audits.plan import DataPlan
from audits.store.home import home
from audits.store.uploads import KINDS, LARGEST, keep
from dashboard import access, shelf, stage
from dashboard.fields import seed
from dashboard.new_audit.draft import Draft, draft, fill, write
from dashboard.new_audit.telling import told
from probes.errors import BadData, EvenlightError
from probes.speech import Sentence, say

BUILT_IN: Final = ("demo:redditbias", "demo:adult", "demo:compas")
"""Sets that Evenlight makes itself."""

EARLIER: Final = 6
"""So many sources of earlier runs are offered."""


def choose(kept: Draft) -> Glance | None:
    """The section: a box for the source, a place to send a table to, and the first rows."""
    left, right = st.columns(2, gap="large")
    with left:
        typed = st.text_input(
            str(say("File, folder or source")),
            key=seed(kept.key("source"), kept.data.source),
            placeholder="comments.csv",
            help=str(say("A path on this machine, datasets: and a name, or one of the sets below.")),
        )
    with right:
        _upload(kept)
    source = (typed or "").strip()
    if source != kept.data.source:
        kept = write(data=kept.data.model_copy(update={"source": source}), sent="")
    stage.show(
        stage.filled("known.html", known=_known(), chosen=kept.data.source, act="source"), key="known-rows", on_act=_act
    )
    if not kept.data.source:
        return None
    seen = looked(kept.data.source, kept.folder, stamp(kept))
    if isinstance(seen, Sentence):
        told(seen, "rows")
        return None
    stage.show(stage.filled("found_rows.html", seen=seen, sent=kept.sent), key="found-rows")
    with st.expander(str(say("First rows"))):
        st.dataframe(seen.first, hide_index=True, height=min(300, 38 + 36 * len(seen.first)))
    return seen


@st.cache_resource(ttl=600, max_entries=8, show_spinner=str(say("Reading the data")))
def looked(source: str, base: Path, version: tuple[int, int]) -> Glance | Sentence:
    """What is there, or why it cannot be read; another version of the file is read again."""
    del version
    try:
        return glance(source, base=base, home=home())
    except EvenlightError as problem:
        return problem.sentence


def fits(seen: Glance, data: DataPlan) -> bool:
    """Whether all the columns that the plan names are there."""
    try:
        need_columns(seen.first.schema, data)
    except BadData:
        return False
    return True


def stamp(kept: Draft) -> tuple[int, int]:
    """Changes with the file that the rows come from."""
    try:
        there = (kept.folder / Path(kept.data.source).expanduser()).stat()
    except (OSError, ValueError, RuntimeError):
        return (0, 0)
    return (there.st_mtime_ns, there.st_size)


def _upload(kept: Draft) -> None:
    file = st.file_uploader(
        str(say("Or send a table")),
        type=[kind[1:] for kind in KINDS],
        key=kept.key("upload"),
        max_upload_size=LARGEST // 1_000_000,
    )
    if file is None or not access.may_start():
        return
    try:
        path = keep(file.name, file.getvalue())
    except EvenlightError as problem:
        told(problem.sentence, "upload")
        return
    fill(data=draft().data.model_copy(update={"source": str(path)}), sent=file.name)
    st.rerun()


def _known() -> list[tuple[str, str]]:
    sent = str(home() / "uploads")
    earlier = dict.fromkeys(entry.source for entry in shelf.entries() if not entry.source.startswith(sent))
    return [(name, name) for name in (*BUILT_IN, *[name for name in earlier if name not in BUILT_IN][:EARLIER])]


def _act(act: stage.Act) -> None:
    if act["act"] == "source":
        fill(data=draft().data.model_copy(update={"source": act["value"]}), sent="")
