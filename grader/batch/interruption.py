"""What Ctrl-C and SIGTERM do to a batch: once, it ends cleanly; twice, at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED = 130
"""The exit code, as shells report an interrupted command."""


@contextmanager
def interruptible() -> Iterator[list[Callable[[], None]]]:
    """Make the first signal a KeyboardInterrupt; at the second this process is gone.

    Yields:
        What to call before that end, the last first: processes to kill, a terminal to restore.
        It is called inside a signal handler and must not wait for anything.
    """
    asked = False
    farewell: list[Callable[[], None]] = []

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            for last_word in reversed(farewell):
                last_word()
            os._exit(_INTERRUPTED)
        asked = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield farewell
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
