"""One reader at a browser of their own, and everything that the browser complained about meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
WIDTHS: Final = (1400, 390)

PROBES: Final = ("/_stcore/health", "/_stcore/host-config")
"""On a page other than the first Streamlit asks for these beneath the page's own address before it asks above."""

FOREIGN: Final = {
    "Unrecognized feature: ": "Streamlit asks for permissions for every frame, and this browser has no name for some",
    "An iframe which has both allow-scripts and allow-same-origin": "Streamlit's frame around the preview of a report, "
    "which has a policy of its own",
}
"""How complaints begin that are Streamlit's own, and why they are made."""

READY: Final = ".stApp[data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
SLOWEST: Final = 30_000
"""Milliseconds for anything to appear: machines are shared."""

expect.set_options(timeout=SLOWEST)


class Visit:
    """A page of the dashboard, opened at an address below `base`."""

    def __init__(self, browser: Browser, base: str, theme: Theme = "light", width: int = 1400) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        self.context.set_default_timeout(SLOWEST)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self._heard(said.type, said.text, said.location.get("url", "")))
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def open(self, address: str) -> Visit:
        """Loads the address afresh."""
        self.page.goto(address if address.startswith("http") else f"{self.base}{address}")
        return self.settled()

    def settled(self) -> Visit:
        """Waits until something of ours is drawn and the server has nothing more to say."""
        self.page.locator(".stage > *").first.wait_for(state="attached")
        self.page.locator(READY).wait_for(state="attached")
        return self

    def see(self, selector: str, text: Any = None) -> Locator:
        """The first element that fits and is visible; waits for it."""
        found = self.page.locator(selector, **({} if text is None else {"has_text": text})).first
        expect(found).to_be_visible()
        return found

    def click(self, name: str, exact: bool = True) -> None:
        """Clicks the button or link of this name."""
        button, link = (self.page.get_by_role(role, name=name, exact=exact) for role in ("button", "link"))
        button.or_(link).first.click()

    def choose(self, label: str, option: str) -> None:
        """Chooses from one of Streamlit's lists."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        box.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def cell(self, column: int, row: int) -> None:
        """Clicks a cell of Streamlit's table, which is painted; the headings are row 0."""
        self.see(".stApp[data-test-script-state='notRunning']")
        table = self.see("[data-testid=stDataFrame] canvas")
        box = None
        # A table that is still being laid out does not hear where it was clicked.
        while box is None or box != table.bounding_box():
            box = table.bounding_box()
            self.page.wait_for_timeout(300)
        self.page.mouse.click(box["x"] + 60 + 150 * column, box["y"] + 35 * row + 17)

    def at(self, **query: str | None) -> None:
        """Waits until the address says so; None is a name that is not in it."""
        for name, value in query.items():
            self._wait(lambda name=name: self._asked_for(name), value)

    @property
    def address(self) -> str:
        """Where the browser is."""
        return self.page.url

    def texts(self, selector: str) -> list[str]:
        """What each of the elements says."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def everything(self) -> str:
        """All that our own markup on the page says."""
        return " ".join(self.texts(".stage"))

    def picture(self, path: Path) -> None:
        """The whole page, however long."""
        view = self.page.viewport_size
        assert view is not None
        tall = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": view["width"], "height": max(view["height"], min(tall + 20, 8000))})
        # Charts and painted tables take their new size on their own time.
        self.page.wait_for_timeout(500)
        self.page.screenshot(path=path)
        self.page.set_viewport_size(view)

    def check(self) -> None:
        """Nothing broke, nobody complained, nothing left this machine."""
        assert self.texts("[data-testid=stException]") == []
        assert self.texts(".problem") == []
        assert self.complaints == []

    def close(self) -> None:
        """Ends the visit."""
        self.context.close()

    def _asked_for(self, name: str) -> str | None:
        return next(iter(parse_qs(urlsplit(self.page.url).query).get(name, [])), None)

    def _wait(self, found: Any, wanted: str | None) -> None:
        for _ in range(SLOWEST // 50):
            if found() == wanted:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.page.url} does not say {wanted!r} but {found()!r}")

    def _heard(self, kind: str, text: str, url: str) -> None:
        ours = not ("404" in text and url.endswith(PROBES)) and not text.startswith(tuple(FOREIGN))
        if kind in ("error", "warning") and ours:
            self.complaints.append(f"{kind}: {text} ({url})")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.complaints.append(f"asked another machine: {url}")
