"""Streamlit in our colours: what `evenlight serve` passes on its command line, and the ground a page stands on."""

from __future__ import annotations

from reports.look.palette import DARK, LIGHT, MONO, SANS, Theme


def streamlit_options() -> list[str]:
    """Theme options for both grounds; the reader's system chooses, and Streamlit's menu may choose otherwise."""
    options = {"theme.font": SANS, "theme.codeFont": MONO, "theme.baseRadius": "6px", "theme.baseFontSize": "16"}
    for theme in (LIGHT, DARK):
        options |= {
            f"theme.{theme.name}.primaryColor": theme.accent,
            f"theme.{theme.name}.linkColor": theme.accent,
            f"theme.{theme.name}.backgroundColor": theme.ground,
            f"theme.{theme.name}.secondaryBackgroundColor": theme.raised,
            f"theme.{theme.name}.textColor": theme.ink,
            f"theme.{theme.name}.borderColor": theme.line,
        }
    return [f"--{name}={value}" for name, value in options.items()]


def ground() -> Theme:
    """The theme that this reader's page is in now."""
    import streamlit as st

    return DARK if st.context.theme.type == "dark" else LIGHT
