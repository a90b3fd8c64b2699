"""A walk whose every step has an address: back, forward and by a link one sees the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.dashboard.walk.visit import Visit

Seen = Callable[["Visit"], None]
"""Waits for what a step shows, and fails where it does not appear."""


class Walk:
    """Steps through the dashboard, to be gone back over."""

    def __init__(self, visit: Visit, seen: Seen) -> None:
        seen(visit)
        self.visit = visit
        self._steps: list[tuple[str, Seen]] = [(visit.address, seen)]

    def step(self, act: Callable[[], None], seen: Seen, **query: str | None) -> None:
        """Does something, which must show what is `seen`, change the address and make it say `query`."""
        act()
        self.visit.at(**query)
        seen(self.visit)
        assert self.visit.address != self._steps[-1][0]
        self._steps.append((self.visit.address, seen))

    def retrace(self, fresh: Callable[[str], Visit]) -> None:
        """Goes all the way back and forth again, and opens every address in a browser of its own."""
        for address, seen in reversed(self._steps[:-1]):
            self.visit.page.go_back()
            self._shows(address, seen)
        for address, seen in self._steps[1:]:
            self.visit.page.go_forward()
            self._shows(address, seen)
        other = fresh(self._steps[-1][0])
        self._steps[-1][1](other)
        for address, seen in self._steps[:-1]:
            seen(other.open(address))

    def _shows(self, address: str, seen: Seen) -> None:
        assert self.visit.address == address
        seen(self.visit)
