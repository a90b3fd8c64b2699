"""Serves the dashboard: Streamlit and a worker as children of one process, which ends both when it ends."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from audits.jobs.ending import Asked, asked_to_end
from audits.store.home import home
from dashboard.access import SECRETS, SIGN_IN, check_exposed
from dashboard.console import console, inert
from dashboard.theme import streamlit_options
from probes.errors import SetupBroken
from probes.speech import say

FIRST_PORT = 8501
PORTS = 20
"""So many ports are tried where any will do."""

READY_SECONDS = 60.0
END_SECONDS = 20.0
"""Children that have not ended after so long are killed; what is measured is kept even then."""

LONGEST_PAUSE = 30.0
"""A worker that dies again and again is started again after ever longer pauses, up to this one."""

STEADY_SECONDS = 60.0
"""A worker that lived so long is started again at once."""


def serve(
    *, host: str = "127.0.0.1", port: int = FIRST_PORT, base_path: str = "", worker: bool = True, browser: bool = True
) -> None:
    """Serves until Ctrl-C or SIGTERM. Raises SetupBroken in one line where it cannot, or must not, be served so."""
    prefix = base_path.strip("/")
    sign_in = check_exposed(host, prefix)
    _check_port(host, port)
    url = f"http://{_bracketed(host)}:{port}/{prefix}"
    with asked_to_end() as asked:
        page = _started(_page_command(host, port, prefix), {SIGN_IN: "required"} if sign_in else None, quiet=True)
        keeper = _Keeper() if worker else None
        try:
            if not _ready(page, host, port, prefix, asked):
                return
            console().print(inert(say("Evenlight is served at {url}; Ctrl-C ends it.", url=url)), soft_wrap=True)
            if browser:
                _open(url)
            while not asked.wait(0.5):
                _check_lives(page)
                if keeper is not None:
                    keeper.tend()
        finally:
            _end([page, *(keeper.children if keeper is not None else ())])


def free_port(first: int, host: str = "127.0.0.1") -> int:
    """The first port from here on that nobody uses. Raises SetupBroken where there is none nearby."""
    for port in range(first, first + PORTS):
        with suppress(SetupBroken):
            _check_port(host, port)
            return port
    raise SetupBroken("ports {first} to {last} are in use; free one", first=str(first), last=str(first + PORTS - 1))


@dataclass(slots=True)
class _Keeper:
    """Keeps one worker alive."""

    child: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    due: float = 0.0
    pause: float = field(default=1.0)

    @property
    def children(self) -> tuple[subprocess.Popen[bytes], ...]:
        return () if self.child is None else (self.child,)

    def tend(self) -> None:
        """Starts the worker, or starts it again where it died and the pause is over."""
        now = time.monotonic()
        if self.child is not None and self.child.poll() is not None:
            code = str(self.child.returncode)
            self.pause = 1.0 if now - self.begun > STEADY_SECONDS else min(2 * self.pause, LONGEST_PAUSE)
            self.child, self.due = None, now + self.pause
            line = say("The worker ended (exit code {code}) and is started again.", code=code)
            console(stderr=True).print(inert(line), soft_wrap=True)
        if self.child is None and now >= self.due:
            self.child, self.begun = _started([sys.executable, "-P", "-m", "dashboard.cli", "worker"]), now


def _page_command(host: str, port: int, prefix: str) -> list[str]:
    options = {
        "server.headless": "true",
        "server.address": host,
        "server.port": str(port),
        "server.baseUrlPath": prefix,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": "200",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.enableAgentApi": "false",
        "server.enableStaticServing": "false",
        # Nobody is who a header says: only sign-in tells.
        "server.trustedUserHeaders": "{}",
        # Streamlit's own list lets its cloud steer a page that it frames.
        "client.allowedOrigins": f"http://{_bracketed(host)}:{port}",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": "false",
        "logger.level": "warning",
        # Rich would print what went wrong to standard output.
        "logger.enableRich": "false",
        "secrets.files": str(home() / SECRETS),
    }
    script = str(Path(__file__).with_name("served.py"))
    # -P: a folder named audits in the working directory must not come before ours.
    command = [sys.executable, "-P", "-m", "streamlit", "run", script]
    return [*command, *(f"--{name}={value}" for name, value in options.items()), *streamlit_options()]


def _started(
    command: Sequence[str], settings: Mapping[str, str] | None = None, *, quiet: bool = False
) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which ends its children in order.
    out = subprocess.DEVNULL if quiet else None
    environment = {**os.environ, **(settings or {})}
    return subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=out, env=environment, start_new_session=True
    )


def _ready(page: subprocess.Popen[bytes], host: str, port: int, prefix: str, asked: Asked) -> bool:
    """Waits until the dashboard answers; False where it was told to end before."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        _check_lives(page)
        if _answers(host, port, prefix):
            return True
        if asked.wait(0.1):
            return False
    raise SetupBroken("the dashboard did not answer within a minute; see the lines above")


def _answers(host: str, port: int, prefix: str) -> bool:
    # Not through urllib, which would ask a proxy of the environment.
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", f"/{prefix}/_stcore/health".replace("//", "/"))
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _check_lives(page: subprocess.Popen[bytes]) -> None:
    code = page.poll()
    if code is not None:
        raise SetupBroken("the dashboard ended by itself (exit code {code}); see the lines above", code=str(code))


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + END_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _check_port(host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                # Connections that ended a moment ago do not count.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as problem:
        raise SetupBroken("{host} is no address of this machine; name another with --host", host=host) from problem
    except OSError as problem:
        raise SetupBroken(
            "port {port} on {host} cannot be used ({reason}); choose another with --port",
            port=str(port),
            host=host,
            reason=problem.strerror or type(problem).__name__,
        ) from problem


def _reachable(host: str) -> str:
    """Where this process reaches a server that listens on the host."""
    with suppress(ValueError):
        if ip_address(host).is_unspecified:
            return "::1" if ":" in host else "127.0.0.1"
    return host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _open(url: str) -> None:
    """Opens the reader's browser, where there is a screen: a browser in the terminal would hold up everything."""
    import webbrowser

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(url)
