"""Shows a piece of our own markup on a Streamlit page and hears what is clicked in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st
from jinja2 import Environment
from markupsafe import Markup

from reports.figures.pieces import environment, script, stylesheet
from reports.figures.table import table_html
from reports.formats.html import reading_css
from reports.look.palette import scheme_variables
from reports.look.verdicts import counted, icon, word

Act = Mapping[str, str]
"""What was clicked: `act` names it, and whatever else the element said in its data attributes."""


def show(html: Markup, key: str, on_act: Callable[[Act], None] | None = None) -> None:
    """Puts the markup on the page; clicks on elements with `data-act` call `on_act` before the page is made anew.

    Links with `data-go` lead to another page of the dashboard without loading it afresh.
    """

    def heard() -> None:
        act = st.session_state[key].act
        if act is None:
            return
        if act["act"] == "go":
            st.session_state["going"] = act["href"]
        elif on_act is not None:
            on_act(act)

    _component()(key=key, data={"html": str(html)}, on_act_change=heard)


def filled(template: str, **values: Any) -> Markup:
    """A template of the dashboard, filled."""
    return Markup(_templates().get_template(template).render(**values))  # noqa: S704 - rendered with autoescape


@cache
def page_css() -> str:
    """Style for Streamlit's own elements around the stages."""
    return f"<style>{scheme_variables('.stApp')}{_own('page.css')}</style>"


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    shell = f"{script()}\n{_own('stage.js')}"
    css = f"{scheme_variables(':host')}{reading_css()}{stylesheet()}{_own('stage.css')}"
    return st.components.v2.component("evenlight", html='<div class="stage"></div>\n', css=css, js=shell)


def _own(name: str) -> str:
    return files("dashboard").joinpath("templates", name).read_text("utf-8")


@cache
def _templates() -> Environment:
    jinja = environment("dashboard", "templates")
    jinja.globals |= {"icon": icon, "word": word, "counted": counted, "table_html": table_html}
    return jinja
