"""Whether a process was asked to end, by Ctrl-C, SIGTERM or a closed terminal."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

SLICE_SECONDS = 0.05


class Asked:
    """A plain flag. The locks of threading.Event must not be taken while a signal is handled."""

    def __init__(self) -> None:
        self.yes = False

    def wait(self, seconds: float) -> bool:
        """Waits, but not once it was asked; whether it was."""
        end = time.monotonic() + seconds
        while not self.yes and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, SLICE_SECONDS))
        return self.yes


@contextmanager
def asked_to_end(then: Callable[[], None] = lambda: None) -> Iterator[Asked]:
    """Sets the flag at the first signal and does something more; those after it change nothing. Main thread only."""
    asked = Asked()

    def handle(*_: object) -> None:
        first, asked.yes = not asked.yes, True
        if first:
            then()

    # Whoever ignores one, such as nohup, wants this to go on. Shells ignore Ctrl-C for what runs behind them: a
    # signal that comes all the same was sent on purpose.
    wanted = [number for number in SIGNALS if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
