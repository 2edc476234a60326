"""How a student's process ended, and why a request to it has no answer."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Final, Literal

from grader.sandbox.limits import ProcessLimits

Reason = Literal["cpu", "wall", "memory", "output", "files", "forbidden", "exit", "crash"]

WITH_SERVER: Final = "it ended together with the process that started it"
"""The detail of an end that says nothing about the code that ran."""
WAITING: Final = "waiting"
"""The detail of a "wall" end: the seconds are those in which it did nothing."""
NUMBER: Final = "number"
"""The detail of a "files" end: limit and used count files, not bytes."""


@dataclass(frozen=True)
class ExitReport:
    """What is known of a process that has ended."""

    code: int
    """The exit status; the negative signal number when a signal ended it."""
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None


class Ended(Exception):
    """The process is gone, and so is everything it kept.

    Args:
        reason: which limit stopped it, or how it ended itself.
        limit: the limit, in seconds or bytes.
        used: how much was used, in the same unit.
        detail: "SIGSEGV", "exit status 3", or one of the words above.
    """

    def __init__(
        self,
        reason: Reason,
        limit: float | None = None,
        used: float | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.limit = limit
        self.used = used
        self.detail = detail


# Status and signal are the student's choice and could carry a hidden input, so that only those are
# told that a student needs to know.
_USUAL_STATUSES = (0, 1, 2)
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGFPE", "SIGBUS", "SIGILL", "SIGKILL", "SIGTERM")
_NEARLY_ALL = 0.9


class BrokenProtocol(Exception):
    """The process answered something that is no answer; it was killed."""


def verdict(report: ExitReport | None, cpu_limit: float | None, limits: ProcessLimits) -> Ended:
    """Why a process that nobody stopped has ended.

    Args:
        report: how it ended; None when the fork server died with it.
        cpu_limit: the limit of the request it was serving.
        limits: those of its whole life.
    """
    if report is None:
        return Ended("crash", detail=WITH_SERVER)
    if report.code >= 0:
        usual = report.code in _USUAL_STATUSES
        return Ended(
            "exit", detail=f"exit status {report.code}" if usual else "its own exit status"
        )
    number = -report.code
    if number == getattr(signal, "SIGXCPU", None):
        return Ended("cpu", limit=cpu_limit, used=report.cpu_seconds)
    if number == getattr(signal, "SIGXFSZ", None):
        return Ended("files", limit=limits.file_bytes)
    if number == getattr(signal, "SIGSYS", None):
        return Ended("forbidden", detail="SIGSYS")
    peak = report.peak_memory_bytes or 0
    if number == getattr(signal, "SIGKILL", None) and peak > _NEARLY_ALL * limits.memory_bytes:
        # The kernel kills so when a process, or the machine, has no memory left.
        return Ended("memory", limit=limits.memory_bytes, used=peak)
    name = next((name for name in _CRASHES if getattr(signal, name, None) == number), "a signal")
    return Ended("crash", detail=name)
