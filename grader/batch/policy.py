"""Which of a student's attempts counts, and what lateness costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.standing import Attempt


@dataclass(frozen=True)
class Mark:
    """An attempt and what it earned by itself; None where it could not be marked."""

    attempt: Attempt
    earned: float | None
    points: float | None


class Policy(Protocol):
    """A course's rule."""

    def counted(self, marks: Sequence[Mark]) -> int:
        """The index of the attempt that counts; ``marks`` are all of one student, by number."""

    def penalty(self, mark: Mark) -> float:
        """Points that lateness takes off ``mark.earned``."""


class LastAttempt:
    """The last attempt counts, whenever it came."""

    def counted(self, marks: Sequence[Mark]) -> int:
        """The last one."""
        return len(marks) - 1

    def penalty(self, mark: Mark) -> float:  # noqa: ARG002 - the protocol's signature
        """Nothing."""
        return 0.0
