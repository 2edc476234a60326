"""What Ctrl-C and SIGTERM do to a command: once, it ends cleanly; twice, at once.

Python throws away what is raised while it finalises an object or calls back a weak reference. A
Ctrl-C that comes just then would be lost, so it is heard of (`sys.unraisablehook`) and comes again
a moment later.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED: Final = 130
"""The exit code, as shells report an interrupted command."""
_A_MOMENT: Final = 0.01
"""Seconds; long enough for a finaliser to be over, and if not, it comes once more."""


@dataclass
class Interruption:
    """Whether somebody wants the command to end."""

    asked: bool = False
    farewell: list[Callable[[], None]] = field(default_factory=list)
    """What to call before an end at once, the last first: processes to kill, a terminal to restore.
    It is called inside a signal handler and must not wait for anything."""

    def insist(self) -> None:
        """Raise what was raised before and may have been lost.

        Raises:
            KeyboardInterrupt: somebody has asked.
        """
        if self.asked:
            raise KeyboardInterrupt

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        if self.asked:
            for last_word in reversed(self.farewell):
                last_word()
            os._exit(_INTERRUPTED)
        self.asked = True
        raise KeyboardInterrupt


pass_interruption = click.make_pass_decorator(Interruption, ensure=True)
"""Gives a command the Interruption that `grade` listens with, as its first argument."""


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Make the first signal a KeyboardInterrupt; at the second this process is gone.

    A signal that whoever started this process wants ignored stays so, as is the custom: shells do
    that for what a script puts into the background. In threads other than the main one, which may
    not handle signals, nothing is changed.
    """
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    heeded = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interruption._ask) for number in heeded}  # noqa: SLF001 - this module's own
    try:
        with _never_lost(interruption):
            yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _never_lost(interruption: Interruption) -> Iterator[None]:
    """Raise once more what was raised where Python throws it away."""
    if not hasattr(signal, "setitimer"):  # Windows; there, only what looks at `asked` is safe
        yield
        return

    def hear(lost: UnraisableHookArgs) -> None:
        if interruption.asked and issubclass(lost.exc_type, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, _A_MOMENT)
        else:
            hook(lost)

    def again(_signal: int, _frame: FrameType | None) -> None:
        interruption.insist()

    hook, sys.unraisablehook = sys.unraisablehook, hear
    before = signal.signal(signal.SIGALRM, again)
    try:
        yield
    finally:
        if interruption.asked:
            signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = hook
