"""Every end names the limit and what was used, and its help fits."""

from __future__ import annotations

from typing import get_args

import pytest

from grader.sandbox import ProcessLimits
from grader.sandbox.ending import NUMBER, WAITING, WITH_SERVER, Ended, ExitReport, Reason, verdict
from grader.student.stops import not_run, stopped

_MB = 1 << 20
_NOT_ALLOWED = "is not allowed while the code is graded"
_KILLED = "it was killed from outside, most often because memory ran out"


def _words(ended: Ended) -> tuple[str, str]:
    error = stopped(ended, "train", "train()", None)
    assert error.help
    return str(error), error.help


@pytest.mark.parametrize(
    ("ended", "message"),
    [
        (Ended("cpu", 10, 10.04), "stopped after 10 s of CPU time in train() (limit 10 s)"),
        (
            Ended("wall", 110, 110.2),
            "stopped after 110 s in train() without an answer (in all; limit 110 s)",
        ),
        (
            Ended("wall", 20, 20.2, WAITING),
            "stopped after 20.2 s in train() without an answer (it only waited; limit 20 s)",
        ),
        (
            Ended("memory", 1024 * _MB, 1296 * _MB),
            "stopped in train(): it needs more than 1024 MB of memory (it had 1300 MB)",
        ),
        (Ended("memory", 1024 * _MB), "stopped in train(): it needs more than 1024 MB of memory"),
        (
            Ended("output", 64 * _MB, 64.1 * _MB),
            "stopped in train() after it printed 64 MB (limit 64 MB)",
        ),
        (
            Ended("files", 64 * _MB, 71 * _MB),
            "stopped in train() after it wrote 71 MB of files (limit 64 MB)",
        ),
        (
            Ended("files", 4096, 5012, NUMBER),
            "stopped in train() after it made 5000 files (limit 4096)",
        ),
        (Ended("files", 16 * _MB), "stopped in train(): it wrote a file of more than 16 MB"),
        (
            Ended("forbidden", detail="SIGSYS"),
            f"stopped in train(): it made a system call that {_NOT_ALLOWED} (SIGSYS)",
        ),
        (
            Ended("crash", detail="SIGSEGV"),
            "the process crashed in train() (SIGSEGV: it touched memory that is not its own)",
        ),
        (
            Ended("crash", detail="SIGKILL"),
            f"the process crashed in train() (SIGKILL: {_KILLED})",
        ),
        (
            Ended("crash", detail="a signal"),
            "the process crashed in train() (it was ended by a signal)",
        ),
        (
            Ended("crash", detail=WITH_SERVER),
            "the process for train() ended together with the grader's own",
        ),
        (
            Ended("exit", detail="exit status 3"),
            "the process was ended by the code itself in train() (exit status 3)",
        ),
    ],
)
def test_an_end_is_told_with_limit_and_use(ended: Ended, message: str) -> None:
    """In the student's words."""
    assert _words(ended)[0] == message


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_words(reason: Reason) -> None:
    """Also when nothing else is known."""
    assert "train()" in _words(Ended(reason))[0]


def test_help_fits_the_signal() -> None:
    """Endless recursion ends in SIGSEGV; who lacks memory is not told to look for it."""
    assert "itself" in _words(Ended("crash", detail="SIGSEGV"))[1]
    assert "itself" not in _words(Ended("crash", detail="SIGKILL"))[1]
    assert "array" in _words(Ended("crash", detail="SIGKILL"))[1]


@pytest.mark.parametrize(
    ("report", "reason", "detail"),
    [
        (ExitReport(-31, 0.1, 0), "forbidden", "SIGSYS"),
        (ExitReport(-25, 0.1, 0), "files", None),
        (ExitReport(-24, 0.1, 0), "cpu", None),
        (ExitReport(-9, 0.1, 1000 * _MB), "memory", None),
        (ExitReport(-9, 0.1, 300 * _MB), "crash", "SIGKILL"),
        (ExitReport(-4, 0.1, 0), "crash", "SIGILL"),
        (ExitReport(-12, 0.1, 0), "crash", "a signal"),
        (ExitReport(-50, 0.1, 0), "crash", "a signal"),
        (ExitReport(77, 0.1, 0), "exit", "its own exit status"),
        (None, "crash", WITH_SERVER),
    ],
)
@pytest.mark.skipif("sys.platform != 'linux'", reason="other numbers")
def test_a_signal_is_a_verdict(report: ExitReport | None, reason: str, detail: str | None) -> None:
    """Signals of the kernel's limits are limits; which of the others it was is told of few."""
    ended = verdict(report, 10.0, ProcessLimits())
    assert (ended.reason, ended.detail) == (reason, detail)


def test_figures_cannot_spell_a_secret() -> None:
    """What a process uses is its own choice; two digits of it are told."""
    one, other = (_words(Ended("memory", 256 * _MB, used * _MB))[0] for used in (612, 613))
    assert one == other


def test_a_call_that_is_not_tried_says_why() -> None:
    """How often, and how it ended last."""
    stops = [stopped(Ended("cpu", 10, 10.0), "train", "train()", None)] * 2
    error = not_run("train", stops)
    assert str(error) == (
        "not run: train was stopped in 2 earlier cases "
        "(last: stopped after 10 s of CPU time in train() (limit 10 s))"
    )
    assert error.help == stops[0].help
    assert not error.process_lost
