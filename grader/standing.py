"""Where a student stands: the attempt that counts, its Result, and the points that remain of it.

What a rule takes (lateness) or a person gives or takes (adjustments) is kept beside the Result and
never inside it. Plain data; everything that a batch writes is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from grader.brief import Brief, brief_of
from grader.result import Result
from grader.score import rounded

NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class Student:
    """Somebody who hands in. Without a roster the id is what the folder's entry is called."""

    id: str
    """Unique in the course."""
    name: str = ""
    email: str = ""
    section: str = ""
    ids: tuple[tuple[str, str], ...] = ()
    """What course systems know them by, for what is handed back to one of these: "canvas" (the
    user's number), "sis", "login" (both Canvas's), "moodle" ("Participant 1234567"), "university";
    none of somebody who is on no list."""

    def known_as(self, system: str) -> str:
        """The id in one of these systems; "" where nobody said it."""
        return next((value for name, value in self.ids if name == system), "")


@dataclass(frozen=True)
class Attempt:
    """One submission of a student."""

    student: Student
    number: int
    """From 1, in the order in which they were handed in."""
    name: str
    """Unique in the batch and fit for a file name: "s1042", "s1042-2"."""
    submitted_at: datetime | None = None
    """Aware, in UTC; None where nobody recorded it."""
    late_seconds: int = 0
    """How long after the deadline, before any grace."""
    sha256: str = ""
    """Of what was handed in (grader/intake/identity.py); "" where it was not computed yet."""
    remark: str = ""
    """What its row should say to staff: "late; by how much is unknown, nothing was taken"."""


@dataclass(frozen=True)
class Adjustment:
    """Points that a person gave or took, with the reason. It outlives a regrade."""

    points: float
    """Negative where they were taken."""
    reason: str
    author: str
    made_at: datetime
    """Aware, in UTC."""


class _Marked(Protocol):
    """What a standing knows of a submission's marks."""

    @property
    def earned(self) -> float:
        """Points."""

    @property
    def points(self) -> float:
        """The most that could be earned."""


_MarksT = TypeVar("_MarksT", bound=_Marked)


@dataclass(frozen=True)
class _Standing(Generic[_MarksT]):
    """Where a student stands; what is kept of the marks is up to the two below."""

    student: Student
    attempt: Attempt
    """The attempt that counts. Of somebody who handed in nothing: number 0, no file's name."""
    attempts: int
    """How many the student handed in."""
    result: _MarksT | None
    """None where the attempt could not be marked; ``trouble`` says why."""
    trouble: str | None = None
    """Why a person must look: the grader failed, or the file is no submission."""
    failed: bool = False
    """Whether the grader itself failed on it."""
    penalty: float = 0.0
    """Points taken for lateness, at most what was earned."""
    adjustments: tuple[Adjustment, ...] = ()
    """In the order in which they were made; revoked ones are not among them."""

    @property
    def handed_in(self) -> bool:
        """False for somebody on the roster of whom there is no submission: no feedback either."""
        return self.attempts > 0

    @property
    def name(self) -> str:
        """What the row and its feedback file are called."""
        return self.attempt.name

    @property
    def earned(self) -> float | None:
        """What the submission earned by itself; None without a Result."""
        return None if self.result is None else self.result.earned

    @property
    def points(self) -> float | None:
        """What could be earned; None without a Result."""
        return None if self.result is None else self.result.points

    @property
    def adjusted(self) -> float:
        """The sum of the adjustments."""
        return rounded(sum(each.points for each in self.adjustments))

    @property
    def final(self) -> float | None:
        """What counts: max(0, earned − penalty) + adjustments, at least 0, with two decimals.

        A person's adjustment counts also where nothing could be marked; without Result and
        adjustment there is no mark, which is not a mark of 0: None.
        """
        adjusted = self.adjusted if self.adjustments else None
        return final_points(self.earned, self.penalty, adjusted)


class Standing(_Standing[Result]):
    """One row of a gradebook, with all that is known."""

    def row(self) -> Row:
        """The same in brief."""
        brief = None if self.result is None else brief_of(self.result)
        return Row(
            *(self.student, self.attempt, self.attempts, brief, self.trouble, self.failed),
            *(self.penalty, self.adjustments),
        )


class Row(_Standing[Brief]):
    """One row of a gradebook, its Result in brief: many of these are read in little time."""


def final_points(earned: float | None, penalty: float, adjusted: float | None) -> float | None:
    """What counts of it: see Standing.final.

    Args:
        earned: by the submission itself; None where it could not be marked.
        penalty: for lateness.
        adjusted: the sum of all adjustments; None where there are none.
    """
    if earned is None and adjusted is None:
        return None
    kept = max(0.0, (earned or 0.0) - penalty)
    return max(0.0, rounded(kept + (adjusted or 0.0)))


@dataclass(frozen=True)
class Column:
    """One part of the assignment: what a gradebook has a column for."""

    id: str
    title: str
    points: float


@dataclass(frozen=True)
class Course:
    """All standings of an assignment; iterating twice reads them twice.

    A hundred thousand Results do not fit into memory: nothing that takes a Course keeps them.
    """

    assignment: str
    title: str
    columns: tuple[Column, ...]
    """The parts, in the assignment's order."""
    read: Callable[[], Iterator[Standing]]
    read_rows: Callable[[], Iterator[Row]] | None = None
    """The same in brief, where that can be had for less than by ``read``."""

    def __iter__(self) -> Iterator[Standing]:
        """The standings, sorted by the students' ids."""
        return self.read()

    def rows(self) -> Iterator[Row]:
        """The standings in brief, in the same order: for what a whole class is shown by."""
        if self.read_rows is None:
            return (standing.row() for standing in self.read())
        return self.read_rows()
