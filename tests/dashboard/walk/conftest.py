"""One dashboard over planted runs for all tests of a process, and browsers to visit it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import a_browser
from tests.dashboard.running import served
from tests.dashboard.walk.planted import Planted, plant

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.dashboard.walk.visit import Visit

for _name in ("axe", "contents", "retracing", "visit"):
    pytest.register_assert_rewrite(f"tests.dashboard.walk.{_name}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return plant(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def dashboard(planted: Planted) -> Iterator[str]:
    with served(planted.home) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, dashboard: str) -> Iterator[Callable[..., Visit]]:
    """Opens an address in a browser of its own; in the end nobody may have complained."""
    from tests.dashboard.walk.visit import Visit

    opened: list[Visit] = []

    def fresh(address: str, **options: Any) -> Visit:
        opened.append(Visit(browser, dashboard, **options))
        return opened[-1].open(address)

    yield fresh
    for one in opened:
        one.check()
        one.close()
