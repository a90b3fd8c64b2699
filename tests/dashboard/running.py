"""`evenlight serve` and a browser that can reach nothing but this machine, for tests that look at pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, WebSocket

ROOT = Path(__file__).parents[2]
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit asks for these below a page's own address first, and complains about its own 404."""

FRAMES = ("Unrecognized feature: ", "An iframe which has both allow-scripts and allow-same-origin")
"""Streamlit's frames ask for rights that Chromium no longer knows; ours, the report's preview, holds no script."""


def unused_port() -> int:
    """A port that nobody listens on; the system does not give it out again soon."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def streamlit(script: Path, *options: str) -> list[str]:
    """Streamlit as it is run without `evenlight serve`; the port comes last."""
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(script), "--server.headless=true"]
    return [*command, "--browser.gatherUsageStats=false", "--server.fileWatcherType=none",
            *(options or ["--server.address=127.0.0.1"]), "--server.port"]  # fmt: skip


@contextmanager
def running(command: list[str], path: str = "", port: int = 0, **environment: str) -> Iterator[str]:
    """The command, given a port as its last word, until the block ends; the address below which it answers."""
    port = port or unused_port()
    address = f"http://127.0.0.1:{port}/{path}"
    # A pipe that nobody reads would fill up and stop it.
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [*command, str(port)],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            for _ in range(600):
                if _answers(f"{address}_stcore/health"):
                    break
                if process.poll() is not None:
                    said.seek(0)
                    pytest.fail(f"it did not come up: {said.read()}")
                time.sleep(0.1)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _answers(address: str) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def served(home: Path, *words: str, port: int = 0, path: str = "", **environment: str) -> Iterator[str]:
    """A dashboard over the home, by the command itself; its address."""
    command = [sys.executable, "-P", "-m", "dashboard.cli", "serve", "--no-browser", "--no-worker", *words, "--port"]
    with running(command, path, port, EVENLIGHT_HOME=str(home), **environment) as address:
        yield address


class Visitor:
    """Somebody at a browser of their own, with everything that the browser asked for, got and complained about."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1400, "height": 900}, **options)
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self.heard: list[bytes] = []
        self.context.route("**/*", self._route)
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self._complain(said.type, said.text, said.location["url"]))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("websocket", self._listen)
        self.page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push("
            "e.violatedDirective + ' ' + e.blockedURI))"
        )

    def open(self, address: str) -> Page:
        """Loads the page and waits until it stands still."""
        self.page.goto(address)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Waits until the dashboard has drawn what it draws."""
        self.page.wait_for_selector(".stApp[data-test-connection-state='CONNECTED']", timeout=30_000)
        self.page.wait_for_selector(".stApp[data-test-script-state='notRunning']", timeout=60_000)
        # Not wait_for_function: it would need eval, which the dashboard's policy refuses.
        self.page.wait_for_selector(".stage :first-child, .stException", state="attached", timeout=30_000)
        self.page.wait_for_timeout(150)

    def still(self) -> None:
        """Waits until no bar and no spinner is left, then a moment for what arrives with the last of it."""
        for sign in ("[data-testid=stProgress]", "[data-testid=stSpinner]"):
            self.page.wait_for_selector(sign, state="detached", timeout=60_000)
        self.settle()
        self.page.wait_for_timeout(400)

    def everything(self) -> str:
        """All text of the page, inside of shadow roots too."""
        return str(
            self.page.evaluate(
                """() => { const all = []; const walk = (root) => { for (const one of root.querySelectorAll('*')) {
                if (one.shadowRoot) { all.push(one.shadowRoot.textContent); walk(one.shadowRoot); } } };
                all.push(document.documentElement.textContent); walk(document); return all.join('\\n'); }"""
            )
        )

    def _route(self, route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:")):
            route.continue_()
        else:
            self.refused.append(route.request.url)
            route.abort()

    def _complain(self, kind: str, text: str, url: str) -> None:
        known = (url.endswith(PROBES) and "404" in text) or text.startswith(FRAMES)
        if kind in ("error", "warning") and not known:
            self.complaints.append(f"{text} ({url})")

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.heard.append(data.encode() if isinstance(data, str) else data))

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
