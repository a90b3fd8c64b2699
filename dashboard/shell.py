"""What stands around every page: sign-in, navigation, the chosen run, and errors in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from audits.store.runs import RunEntry
from dashboard import access, address, doorway, shelf, stage
from dashboard.labels import inert
from probes.errors import EvenlightError
from probes.speech import Sentence, say
from reports.look.wording import prose


@dataclass(frozen=True, slots=True)
class View:
    """A page: its place in the address, its name, and whether it is about a run."""

    path: str
    title: Sentence
    of_run: bool = True

    @property
    def render(self) -> Callable[[], None]:
        """The view's own function, imported when it is first shown."""

        def page() -> None:
            module = import_module(f"dashboard.views.{self.path}")
            try:
                module.render()
            except EvenlightError as problem:
                failed(problem)

        page.__name__ = self.path
        return page


VIEWS: Final = (
    View("runs", say("Runs"), of_run=False),
    View("scorecard", say("Scorecard")),
    View("explain", say("Explain")),
    View("fairness", say("Fairness")),
    View("data", say("Data")),
    View("reports", say("Reports")),
    View("new_audit", say("New audit"), of_run=False),
)
"""In the order in which they stand in the navigation; the first is home."""


def main() -> None:
    """One rerun of the dashboard."""
    st.set_page_config(
        page_title="Evenlight", page_icon=str(files("dashboard") / "templates" / "icon.svg"), layout="wide"
    )
    st.html(stage.page_css())
    if access.gate() is None:
        return
    pages = {
        view.path: st.Page(view.render, title=str(view.title), url_path=view.path if place else "", default=not place)
        for place, view in enumerate(VIEWS)
    }
    page = st.navigation(list(pages.values()), position="hidden")
    going = st.session_state.pop("going", None)
    if going is not None:
        path, _, query = going.partition("?")
        st.switch_page(pages.get(path, pages["runs"]), query_params=parse_qs(query))
    _navigation(pages)
    page.run()


def this_run() -> RunEntry | None:
    """The run that the page is about, noted for the pages beside it; where there is none, the page says what to do."""
    listed = shelf.entries()
    entry = shelf.chosen(listed)
    if entry is not None:
        st.session_state["run"] = entry.id
        return entry
    if address.asked("run"):
        empty(
            say("There is no finished run {run}.", run=address.asked("run")),
            say("It may still be at work, or it was made somewhere else."),
            {"./": say("See all runs")},
        )
    else:
        empty(
            say("No audit has been finished yet."),
            say("Start one here, or try the demo with evenlight demo."),
            {"new_audit": say("New audit")},
        )
    return None


def empty(said: Sentence, hint: Sentence, links: dict[str, Sentence] | None = None) -> None:
    """A screen with nothing to show: what there is not, and what to do next."""
    stage.show(stage.filled("empty.html", said=said, hint=hint, links=links or {}), key="empty")


def failed(problem: EvenlightError) -> None:
    """An error in one line, in place of what could not be shown."""
    stage.show(Markup('<p class="problem" role="alert">{}</p>').format(prose(problem.sentence)), key="problem")


def _navigation(pages: Mapping[str, Page]) -> None:
    run = address.asked("run") or st.session_state.get("run", "")
    with st.container(horizontal=True, gap="small", key="navigation"):
        st.html('<a class="brand" href="./">Evenlight</a>')
        for view in VIEWS:
            query = {"run": run} if view.of_run and run else None
            st.page_link(pages[view.path], label=inert(view.title), query_params=query)
        if email := access.reader():
            doorway.who(email)
