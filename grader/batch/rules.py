"""The course's rules in assignment.yaml, as what picks an attempt and takes points from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from grader.assignment import Assignment
from grader.batch.marks import Mark
from grader.late import LateRule, penalty


@dataclass(frozen=True)
class CourseRules:
    """Which attempt counts, and what lateness costs."""

    attempts: Literal["last", "best"] = "last"
    late: LateRule | None = None

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The rules that an assignment states."""
        return cls(assignment.attempts, assignment.late)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The rules that ``text`` wrote; "" is that of no store's beginning, the usual ones."""
        if not text:
            return cls()
        told = json.loads(text)
        late = told["late"]
        return cls(told["attempts"], None if late is None else LateRule.model_validate(late))

    @property
    def text(self) -> str:
        """All of it on one line of JSON; equal rules give equal text."""
        late = None if self.late is None else self.late.model_dump(mode="json")
        return json.dumps({"attempts": self.attempts, "late": late}, sort_keys=True)

    def __str__(self) -> str:
        """In words: "the last attempt counts; late: 10 % a started day, up to 50 %"."""
        told = f"the {self.attempts} attempt counts"
        if self.late is None:
            return f"{told}; lateness costs nothing"
        unit = " %" if self.late.unit == "percent" else " points"
        day = "started day" if self.late.rounding == "started_day" else "day, by the second"
        told += f"; late: {self.late.per_day:g}{unit} a {day}"
        if self.late.grace_minutes:
            told += f", after {self.late.grace_minutes:g} min"
        return told if self.late.cap is None else f"{told}, up to {self.late.cap:g}{unit}"

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
