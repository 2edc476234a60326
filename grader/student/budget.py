"""The time of a whole submission, shared by all its processes."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from grader.result import Place
from grader.sandbox import Deadline
from grader.student.errors import Stopped

_HELP = "make the slowest functions faster, first of all train()"
_WAITING_HELP = "remove sleep() and the like"


class Budget:
    """What is left of a submission's CPU seconds; safe to use from several threads.

    Every call has a limit of its own. This one keeps a submission whose every call just stays
    within that from holding up all others. Seconds of waiting count as well: hundreds of calls
    that each sleep a little take hours. Where the grader itself is stopped at some moment, it
    also ends students' code before that, so that there is a Result.
    """

    def __init__(self, seconds: float) -> None:
        self.until: float | None = None
        """A moment of time.monotonic() at which the last request ends; None for never."""
        self._seconds = seconds
        self._spent = 0.0
        self._waited = 0.0
        self._lock = threading.Lock()

    def grant(self, wanted: float, function: str, place: Place | None) -> float:
        """The CPU seconds that one request may take: what is wanted, or what is left of all.

        Raises:
            Stopped: nothing is left, or the time is up.
        """
        if self.time_is_up:
            raise self.stop(f"{function} was not run", function, place)
        left = self._seconds - self._spent
        if left > 0:
            return min(wanted, left)
        waits = self._waited > self._spent / 2
        of_what = ", and only waited in most of them" if waits else " of CPU time"
        error = Stopped(
            f"{function} was not run: the submission has used all of its "
            f"{self._seconds:g} s{of_what}",
            function=function,
            place=place,
            help=_WAITING_HELP if waits else _HELP,
        )
        error.reason = "wall" if waits else "cpu"
        error.limit, error.used = self._seconds, self._spent
        raise error

    @property
    def is_spent(self) -> bool:
        """Whether nothing is granted any more."""
        return self.time_is_up or self._spent >= self._seconds

    @property
    def time_is_up(self) -> bool:
        """Whether the moment has come at which everything ends."""
        return self.until is not None and time.monotonic() >= self.until

    def bounded(self, deadline: Deadline) -> Deadline:
        """The deadline, or an earlier one where everything ends before it."""
        if self.until is None:
            return deadline
        left = max(0.0, self.until - time.monotonic())
        return replace(deadline, wall_seconds=min(deadline.wall_seconds, left))

    def stop(self, what: str, function: str, place: Place | None) -> Stopped:
        """The error for a function when the time is up.

        Args:
            what: what became of it: "f was not run".
            function: its name.
            place: where it stands.
        """
        message = f"{what}: the time for marking one submission is used up"
        error = Stopped(message, function=function, place=place, help=_HELP)
        error.reason = "wall"
        return error

    def spend(self, seconds: float, waited: float = 0.0) -> None:
        """Count what a request took: CPU seconds, and seconds in which it only waited."""
        with self._lock:
            self._spent += seconds + waited
            self._waited += waited
