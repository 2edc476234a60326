"""grader/cli/interruption.py: a Ctrl-C that nothing can swallow."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade
from grader.cli.interruption import interruptible

pytestmark = pytest.mark.skipif(os.name == "nt", reason="interrupts itself by POSIX signals")

LONG = 30
"""Seconds that nobody waits for."""


class Heedless:
    """Python throws away what is raised while this is finalised."""

    def __del__(self) -> None:
        interrupt()


def interrupt(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    for _turn in range(3):  # so that Python looks at its signals here
        os.getpid()


def finalised() -> None:
    del_me = Heedless()
    del del_me


def called_back() -> None:
    gone = threading.Event()  # anything that can be referred to weakly
    watch = weakref.ref(gone, interrupt)
    del gone
    assert watch() is None


@pytest.mark.parametrize("lose", [finalised, called_back])
def test_what_python_swallows_comes_again(
    lose: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Also to a command that waits, and without a word about an exception that was ignored."""
    hook, handler = sys.unraisablehook, signal.getsignal(signal.SIGALRM)
    with interruptible() as interruption:

        def lose_and_wait() -> None:
            lose()
            assert interruption.asked  # that is: it was raised, and lost
            time.sleep(LONG)

        with pytest.raises(KeyboardInterrupt):
            lose_and_wait()
    assert capsys.readouterr().err == ""
    assert sys.unraisablehook is hook
    assert signal.getsignal(signal.SIGALRM) == handler


def test_other_exceptions_that_are_ignored_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """As without us."""

    class Broken:
        def __del__(self) -> None:
            raise ValueError("told")

    told: list[object] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda what: told.append(what.exc_value)
    try:
        with interruptible() as interruption:
            Broken()
            interruption.insist()  # nobody has asked
    finally:
        sys.unraisablehook = before
    assert [str(each) for each in told] == ["told"]
    assert capsys.readouterr().err == ""


def test_a_signal_that_is_ignored_from_the_start_stays_so() -> None:
    """As shells arrange it for what a script starts in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible() as interruption:
            interrupt()
        assert not interruption.asked
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_thread_can_run_a_command() -> None:
    """Only the main thread may handle signals; elsewhere a command does without."""
    done: list[Result] = []
    thread = threading.Thread(target=lambda: done.append(CliRunner().invoke(grade, ["schema"])))
    thread.start()
    thread.join()
    assert done[0].exit_code == 0, done[0].output
