"""Starting processes of our own in one go, whatever Ctrl-C or SIGTERM comes meanwhile.

A process that is interrupted while it takes over what it needs ends with a traceback.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a signal wait until the body is done; a second one does not wait.

    A process that is started in the body does not hear Ctrl-C until it calls ``hear_again``.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's to handle
        return
    arrived: list[int] = []
    handlers = {int(number): signal.getsignal(number) for number in _SIGNALS}

    def heed(number: int, frame: FrameType | None) -> None:
        handler = handlers[number]
        if callable(handler):
            handler(number, frame)

    def defer(number: int, frame: FrameType | None) -> None:
        arrived.append(number)
        if len(arrived) > 1:
            with contextlib.suppress(BaseException):
                heed(arrived[0], frame)
            heed(number, frame)

    deferred = [number for number, handler in handlers.items() if callable(handler)]
    for number in deferred:
        signal.signal(number, defer)
    try:
        with _deaf():
            yield
    finally:
        for number in deferred:
            signal.signal(number, handlers[number])
        if len(arrived) == 1:
            heed(arrived[0], None)


@contextmanager
def _deaf() -> Iterator[None]:
    """Block SIGINT: what is started inherits that, before it can do anything about signals."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # when it starts, it unblocks SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_again() -> None:
    """Take back what a process that was started undisturbed has inherited."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
