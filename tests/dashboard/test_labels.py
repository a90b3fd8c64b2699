"""Text in labels is seen as it was written: Streamlit finds nothing in it to interpret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.labels import inert
from probes.speech import say
from reports.look.wording import visible
from tests.browser import a_browser
from tests.dashboard.running import Visitor, running, streamlit
from tests.reports.hostile import ATTACKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MARKS = (
    *ATTACKS,
    ":material/home: :smile: :red[hot] :streamlit: :blue-badge[x]",
    "www.example.com https://example.org a@b.com WWW.EXAMPLE.COM HTTP://X.ORG",
    "# head\n\n- item\n1. one\n> quote\n---",
    "-> <- <-> -- ---",
    "~~s~~ **b** _i_ `c` | a | b |",
    "[^1] [x]: y \\* \\\\ &amp; &#36;",
    "bias.group-rates",
)

PAGE = """
import json, sys
import streamlit as st
for label in json.loads({labels!r}):
    st.checkbox(label, help=label, key=label)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.mark.browser
def test_a_label_shows_its_letters_and_nothing_else(browser: Browser, tmp_path: Path) -> None:
    import json

    (tmp_path / "page.py").write_text(PAGE.format(labels=json.dumps([inert(text) for text in MARKS])), "utf-8")
    with running(streamlit(tmp_path / "page.py")) as address, Visitor(browser) as reader:
        reader.page.goto(address)
        last = reader.page.locator("[data-testid=stCheckbox]").nth(len(MARKS) - 1)
        last.wait_for()
        seen = reader.page.locator("[data-testid=stCheckbox] [data-testid=stMarkdownContainer]")
        for at, text in enumerate(MARKS):
            shown = seen.nth(at).text_content() or ""
            assert shown.replace("\u2060", "") == " ".join(visible(text).split())
            assert seen.nth(at).locator("p *").count() == 0
        assert reader.dialogs == []
        assert all(asked.startswith((address, "data:", "blob:")) for asked in reader.asked)


def test_a_sentence_is_inert_too() -> None:
    assert inert(say("{name} *is* here.", name="**x**")) == "\\*\\*x\\*\\* \\*is\\* here\\."
