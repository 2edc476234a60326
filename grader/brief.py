"""A Result in brief: the little of it that tables and statistics of a whole class are made of.

A Result of hw3 is 10 kB of JSON, which takes half a millisecond to read; of a hundred thousand
students, a minute. In brief it is 600 bytes, read in a fiftieth of that. What is equal in all
Results of an assignment, its parts and checks and what they are called, stands once in a Shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from grader.result import CheckResult, NamedBug, Result, Status

_LETTERS = {status: status.value[0] for status in Status}
_STATUSES = {letter: status for status, letter in _LETTERS.items()}


@dataclass(frozen=True)
class PartShape:
    """A part of the assignment, as Results name it."""

    id: str
    title: str
    points: float


@dataclass(frozen=True)
class CheckShape:
    """A check of the assignment, as Results name it."""

    id: str
    title: str
    part: str
    """The id of the part it belongs to."""
    points: float


@dataclass(frozen=True)
class Shape:
    """What the Results of one assignment have in common."""

    assignment: str
    title: str
    parts: tuple[PartShape, ...]
    checks: tuple[CheckShape, ...]

    def to_json(self) -> str:
        """One line; equal shapes give equal text."""
        told = [self.assignment, self.title, [[p.id, p.title, p.points] for p in self.parts]]
        checks = [[c.id, c.title, c.part, c.points] for c in self.checks]
        return json.dumps([*told, checks], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Shape:
        """The shape that ``to_json`` wrote."""
        assignment, title, parts, checks = json.loads(text)
        return cls(
            *(assignment, title),
            tuple(PartShape(*part) for part in parts),
            tuple(CheckShape(*check) for check in checks),
        )


@dataclass(frozen=True)
class Brief:
    """What a table says of a Result. Like that, text in it is cut to length but not escaped."""

    shape: Shape
    earned: float
    points: float
    parts: tuple[float, ...]
    """Earned, in the shape's order."""
    statuses: tuple[Status, ...]
    """Of the checks, in the shape's order."""
    checks: tuple[float, ...]
    """Earned, in the shape's order."""
    bugs: tuple[NamedBug, ...]
    """Each once, by id."""
    problem: str | None
    flags: tuple[str, ...]
    """"kind: message", without those that only repeat the problem."""
    stopped: str | None
    """What ended the student's code, where something did: the first of these findings."""
    accuracy: float | None
    """The one that was marked, in [0, 1]; None where training was not measured."""
    student_cpu: float
    """Seconds."""
    wall: str
    visibility: str | None
    """Of the cases: "public" or "hidden"."""
    version: str
    """Of goldgrad."""
    stand_in: bool
    """Whether it was trained on data other than the published ones."""
    sha256: str
    """Of what was handed in."""

    @property
    def earned_by_part(self) -> dict[str, float]:
        """Points by the parts' ids."""
        ids = (part.id for part in self.shape.parts)
        return dict(zip(ids, self.parts, strict=True))

    def to_json(self) -> str:
        """One line, without the shape and without the words of the bugs."""
        told = [
            *(self.earned, self.points, self.parts),
            "".join(_LETTERS[status] for status in self.statuses),
            self.checks,
            [bug.id for bug in self.bugs],
            *(self.problem, self.flags, self.stopped, self.accuracy, self.student_cpu),
            *(self.wall, self.visibility, self.version, self.stand_in, self.sha256),
        ]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, shape: Shape, bug: Callable[[str], NamedBug]) -> Brief:
        """What ``to_json`` wrote.

        Args:
            text: from our own store: it is not checked again.
            shape: the one it was written with.
            bug: finds a bug's words by its id.
        """
        told: list[Any] = json.loads(text)
        earned, points, parts, letters, checks, bugs, problem, flags, *rest = told
        return cls(
            *(shape, earned, points, tuple(parts)),
            tuple(_STATUSES[letter] for letter in letters),
            *(tuple(checks), tuple(bug(each) for each in bugs), problem, tuple(flags)),
            *rest,
        )


def shape_of(result: Result) -> Shape:
    """The parts and checks of a Result."""
    return Shape(
        *(result.assignment, result.title),
        tuple(PartShape(part.id, part.title, part.points) for part in result.parts),
        tuple(
            CheckShape(check.id, check.title, part.id, check.points)
            for part in result.parts
            for check in part.checks
        ),
    )


def brief_of(result: Result) -> Brief:
    """The Result in brief."""
    checks = list(checks_of(result))
    stops = (finding.what for check in checks for finding in check.findings if finding.stopped)
    bugs = {f.bug.id: f.bug for check in checks for f in check.findings if f.bug is not None}
    return Brief(
        shape=shape_of(result),
        earned=result.earned,
        points=result.points,
        parts=tuple(part.earned for part in result.parts),
        statuses=tuple(check.status for check in checks),
        checks=tuple(check.earned for check in checks),
        bugs=tuple(bugs[name] for name in sorted(bugs)),
        problem=result.problem,
        flags=tuple(
            f"{flag.kind}: {flag.message}"
            for flag in result.flags
            if flag.message != result.problem
        ),
        stopped=next(stops, None),
        accuracy=_accuracy(result),
        student_cpu=result.timing.student_cpu,
        wall=result.wall,
        visibility=None if result.bundle is None else result.bundle.visibility,
        version=result.versions.get("goldgrad", ""),
        stand_in=result.dataset is not None and result.dataset.stand_in,
        sha256=result.submission.sha256,
    )


def checks_of(result: Result) -> Iterator[CheckResult]:
    """All checks of a Result, in the assignment's order."""
    return (check for part in result.parts for check in part.checks)


def accuracy_check(result: Result) -> CheckResult | None:
    """The check that measured the trained network on the test lines; None where none did."""
    measured = (
        check for check in checks_of(result) if {"accuracy", "interval"} <= check.measured.keys()
    )
    return next(measured, None)


def _accuracy(result: Result) -> float | None:
    check = accuracy_check(result)
    value = None if check is None else check.measured["accuracy"]
    return value if isinstance(value, float) else None
