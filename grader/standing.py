"""Where a student stands: the attempt that counts, its Result, and the points that remain of it.

What a rule takes (lateness) or a person gives or takes (adjustments) is kept beside the Result and
never inside it. Plain data; everything that a batch writes is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from grader.result import Result
from grader.score import rounded


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
    user's number), "sis", "login" (both Canvas's), "moodle" ("Participant 1234567")."""

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


@dataclass(frozen=True)
class Adjustment:
    """Points that a person gave or took, with the reason. It outlives a regrade."""

    points: float
    """Negative where they were taken."""
    reason: str
    author: str
    made_at: datetime
    """Aware, in UTC."""


@dataclass(frozen=True)
class Standing:
    """One row of a gradebook."""

    student: Student
    attempt: Attempt
    """The attempt that counts."""
    attempts: int
    """How many the student handed in."""
    result: Result | None
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
        if self.earned is None and not self.adjustments:
            return None
        kept = max(0.0, (self.earned or 0.0) - self.penalty)
        return max(0.0, rounded(kept + self.adjusted))


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

    def __iter__(self) -> Iterator[Standing]:
        """The standings, sorted by the students' ids."""
        return self.read()
