"""Pages without a browser: what they put on the stage is kept as markup, and what is clicked there is heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from markupsafe import Markup

from dashboard import stage
from dashboard.stage import Act


@dataclass
class Stages:
    """What stands on the stages, by their keys, and the click that the next rerun hears."""

    shown: dict[str, str] = field(default_factory=dict)
    click: tuple[str, Act] | None = None

    def show(self, html: Markup, key: str, on_act: Callable[[Act], None] | None = None) -> None:
        """In place of `stage.show`; a click is heard before the page is made anew, as there."""
        import streamlit as st

        self.shown[key] = str(html)
        if self.click is not None and self.click[0] == key:
            _, act = self.click
            self.click = None
            assert on_act is not None
            on_act(act)
            st.rerun()

    def __contains__(self, text: str) -> bool:
        return any(text in html for html in self.shown.values())


def staged(monkeypatch: pytest.MonkeyPatch) -> Stages:
    """Every stage from now on."""
    kept = Stages()
    monkeypatch.setattr(stage, "show", kept.show)
    return kept
