"""The course's rules in assignment.yaml, as what picks an attempt and takes points from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from grader.assignment import Assignment
from grader.batch.policy import Mark
from grader.late import LateRule, penalty


@dataclass(frozen=True)
class CourseRules:
    """Which attempt counts, and what lateness costs; a Policy."""

    attempts: Literal["last", "best"] = "last"
    late: LateRule | None = None

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The rules that an assignment states."""
        return cls(assignment.attempts, assignment.late)

    def counted(self, marks: Sequence[Mark]) -> int:
        """The last attempt; or the one with most points after the penalty, of equals the first.

        An attempt that could not be marked is nobody's best unless none could.
        """
        if self.attempts == "last":
            return len(marks) - 1
        return max(range(len(marks)), key=lambda index: (self._kept(marks[index]), -index))

    def penalty(self, mark: Mark) -> float:
        """Points that lateness takes off what the attempt earned; 0 where it earned nothing."""
        return penalty(self.late, mark.attempt.late_seconds, mark.earned or 0.0)

    def _kept(self, mark: Mark) -> float:
        return -1.0 if mark.earned is None else mark.earned - self.penalty(mark)
