"""The CPU time of a whole submission, shared by all its processes."""

from __future__ import annotations

import threading

from grader.result import Place
from grader.student.errors import Stopped


class Budget:
    """What is left of a submission's CPU seconds; safe to use from several threads.

    Every call has a limit of its own. This one keeps a submission whose every call just stays
    within that from holding up all others.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._spent = 0.0
        self._lock = threading.Lock()

    def grant(self, wanted: float, function: str, place: Place | None) -> float:
        """The CPU seconds that one request may take: what is wanted, or what is left of all.

        Raises:
            Stopped: nothing is left.
        """
        left = self._seconds - self._spent
        if left > 0:
            return min(wanted, left)
        error = Stopped(
            f"{function} was not run: the submission has used all of its "
            f"{self._seconds:g} s of CPU time",
            function=function,
            place=place,
            help="make the slowest functions faster, first of all train()",
        )
        error.reason, error.limit, error.used = "cpu", self._seconds, self._spent
        raise error

    def spend(self, seconds: float) -> None:
        """Count what a request took."""
        with self._lock:
            self._spent += seconds
