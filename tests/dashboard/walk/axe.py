"""What axe-core, which looks into open shadow roots too, finds wrong with a page for people with disabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

GRAVE: Final = ("serious", "critical")

FOREIGN: Final[dict[tuple[str, str], str]] = {}
"""Rule and part of a selector of Streamlit's own markup -> why we cannot mend it."""


def barriers(page: Page) -> list[str]:
    """Grave violations, each with its element and what is wrong with it."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            where = str(node["target"])
            if node["impact"] in GRAVE and not any(
                violation["id"] == rule and part in f"{where} {node['html']}" for rule, part in FOREIGN
            ):
                found.append(f"{violation['id']} at {where}: {node['html'][:120]} {node['failureSummary']}")
    return found
