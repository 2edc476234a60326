"""grader/starting.py: what is begun is finished before a Ctrl-C counts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from types import FrameType

import pytest

from grader.starting import hear_again, undisturbed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="interrupts itself by POSIX signals")


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The signals that came to the handlers that were there before."""
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


def come(number: signal.Signals) -> None:
    signal.raise_signal(number)
    os.getpid()  # Python looks at its signals here


def begin_and_finish(told: list[int], finished: list[str]) -> None:
    with undisturbed():
        come(signal.SIGTERM)
        assert told == []
        finished.append("all of it")


def test_a_signal_waits_until_all_is_done(heard: list[int]) -> None:
    """Then it counts, once, and the handlers are what they were."""
    finished: list[str] = []
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        begin_and_finish(heard, finished)
    assert (heard, finished) == ([signal.SIGTERM], ["all of it"])
    assert signal.getsignal(signal.SIGINT) is handler
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()


def test_the_second_signal_does_not_wait(heard: list[int]) -> None:
    """Both have come to the handler, which ends the process at the second."""

    def impatient() -> None:
        with undisturbed():
            come(signal.SIGTERM)
            come(signal.SIGTERM)
            pytest.fail("it went on")

    with pytest.raises(KeyboardInterrupt):
        impatient()
    assert heard == [signal.SIGTERM, signal.SIGTERM]


def test_what_is_started_is_deaf_to_ctrl_c_until_it_hears_again(heard: list[int]) -> None:
    """At a terminal it comes to all processes, also to those that cannot handle it yet."""
    code = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with undisturbed():
        child = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        hear_again()
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()
    assert (child.stdout.split(), heard) == ([b"True"], [])
