"""Below a path of a reverse proxy, and at the wire: pages, links and downloads stay below it, strangers outside."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from audits.store.runs import Runs
from dashboard.shell import VIEWS
from tests.browser import a_browser
from tests.dashboard.identity_provider import provider
from tests.dashboard.reverse_proxy import proxied
from tests.dashboard.running import Visitor, running, served, streamlit, unused_port
from tests.reports.sample_run import sample_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PREFIX = "/audits/here"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def home_of(folder: Path) -> Path:
    run, runs = sample_run(), Runs(f"sqlite:///{folder / 'evenlight.db'}")
    runs.start(run.id, run.plan, run.manifest.started)
    runs.finish(run)
    return folder


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    port = unused_port()
    home = home_of(tmp_path_factory.mktemp("proxied"))
    with (
        served(home, "--base-path", PREFIX, port=port, path=f"{PREFIX[1:]}/"),
        proxied(PREFIX, port) as (address, outside),
    ):
        yield address, outside


@pytest.mark.browser
def test_every_page_stays_below_the_prefix(browser: Browser, behind: tuple[str, list[str]]) -> None:
    address, outside = behind
    with Visitor(browser) as reader:
        for view in VIEWS:
            reader.open(f"{address}{'' if view is VIEWS[0] else view.path}")
            assert reader.page.locator(".stage").first.is_visible()
        assert [asked for asked in reader.asked if not asked.startswith((address, "data:", "blob:", "about:"))] == []
        assert reader.complaints == []
    assert outside == []


@pytest.mark.browser
def test_links_lead_below_the_prefix(browser: Browser, behind: tuple[str, list[str]]) -> None:
    address, outside = behind
    with Visitor(browser) as reader:
        page = reader.open(address)
        page.locator("a[data-go]").first.click()
        page.wait_for_url(f"{address}scorecard?run=*")
        reader.settle()
        links = page.locator("a[data-go]").evaluate_all("all => all.map(one => one.href)")
        page.get_by_role("link", name="Fairness").click()
        page.wait_for_url(f"{address}fairness*")
        reader.settle()
        page.get_by_role("link", name="Evenlight").click()
        page.wait_for_url(address)
        reader.settle()
        # Opened in a tab of its own a link is the browser's affair: it has no script of ours to mend it.
        assert [link for link in links if not link.startswith(address)] == []
        assert reader.complaints == []
    assert outside == []


@pytest.mark.browser
def test_downloads_come_from_below_the_prefix(browser: Browser, behind: tuple[str, list[str]]) -> None:
    address, outside = behind
    with Visitor(browser) as reader:
        page = reader.open(f"{address}reports")
        reader.still()
        with page.expect_download(timeout=60_000) as taken:
            page.locator("[data-testid=stDownloadButton] button").first.click()
        assert taken.value.url.startswith((address, f"blob:{address[:20]}"))
        assert taken.value.path().stat().st_size > 1000
    assert outside == []


@pytest.mark.browser
def test_sign_in_leads_back_below_the_prefix(browser: Browser, tmp_path: Path) -> None:
    port = unused_port()
    (tmp_path / "access.yaml").write_text("viewers: [reader@example.org]\n")
    with provider() as people, proxied(PREFIX, port) as (address, outside):
        (tmp_path / "secrets.toml").write_text(people.secrets(address))
        with (
            served(home_of(tmp_path), "--base-path", PREFIX, port=port, path=f"{PREFIX[1:]}/"),
            Visitor(browser) as reader,
        ):
            people.claims = {"email": "reader@example.org"}
            page = reader.open(f"{address}reports")
            with page.expect_navigation(url=address):
                page.get_by_role("button", name="Sign in").click()
            reader.settle()
            assert sample_run().plan.name in reader.everything()
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("button", name="Sign in").wait_for()
            assert page.url == address
            assert reader.complaints == []
        assert outside == []


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(home_of(tmp_path_factory.mktemp("plain"))) as address:
        yield address


def answer(address: str, path: str, **headers: str) -> Any:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


@pytest.mark.parametrize("origin", ["https://attacker.example.com", "null", "http://127.0.0.1.example.com"])
def test_pages_of_others_open_no_connection(dashboard: str, origin: str) -> None:
    stream = dashboard.replace("http", "ws") + "_stcore/stream"
    with pytest.raises(InvalidStatus), connect(stream, origin=Origin(origin), proxy=None):
        pass


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/static/nowhere.js"])
def test_every_answer_forbids_what_is_not_needed(dashboard: str, path: str) -> None:
    got = answer(dashboard, path)
    policy = got.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert "http:" not in policy
    assert "https:" not in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"] == "same-origin"


def test_nothing_is_offered_to_machines_or_to_a_cloud(dashboard: str) -> None:
    assert answer(dashboard, "/_stcore/agent/interact").status in (403, 404, 405)
    config = answer(dashboard, "/_stcore/host-config").read().decode()
    assert "streamlit" not in config


def told_without_browser(address: str, **headers: str) -> bytes:
    """What a program hears that asks for a page as browsers do."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    with connect(
        address.replace("http", "ws") + "_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        proxy=None,
        additional_headers=headers,
        max_size=None,
    ) as socket:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        socket.send(ask.SerializeToString())
        heard = b""
        while True:
            message = socket.recv(timeout=60)
            assert isinstance(message, bytes)
            heard += message
            read = ForwardMsg.FromString(message)
            if read.WhichOneof("type") == "script_finished":
                return heard


def test_a_program_hears_what_a_reader_sees(dashboard: str) -> None:
    assert sample_run().plan.name.encode() in told_without_browser(dashboard)


def test_streamlit_itself_shows_nothing_where_others_reach_it(tmp_path: Path) -> None:
    command = streamlit(ROOT / "dashboard" / "app.py", "--server.address=0.0.0.0")
    with running(command, EVENLIGHT_HOME=str(home_of(tmp_path))) as address:
        heard = told_without_browser(address)
        assert b"no sign-in is set up" in heard
        assert sample_run().plan.name.encode() not in heard


def test_a_forged_identity_is_none(tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text("auditors: [auditor@example.org]\n")
    port = unused_port()
    with provider() as people:
        (tmp_path / "secrets.toml").write_text(people.secrets(f"http://127.0.0.1:{port}"))
        with served(home_of(tmp_path), port=port) as address:
            for headers in (
                {"Cookie": '_streamlit_user="2|1:0|10:1|15:_streamlit_user|4:e30=|00"'},
                {"X-Forwarded-Email": "auditor@example.org", "X-Streamlit-User": "auditor@example.org"},
            ):
                heard = told_without_browser(address, **headers)
                assert b"Sign in to see" in heard
                assert sample_run().plan.name.encode() not in heard
