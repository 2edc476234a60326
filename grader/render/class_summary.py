"""A class at a glance, counted in one pass: standings go in one by one and none is kept.

What is kept does not grow with the number of students: marks are counted by their value with two
decimals, accuracies too, times by three significant digits, checks and bugs by their id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from grader.render.wording import flags
from grader.result import CheckResult, NamedBug, PartResult, Result, Status
from grader.standing import Standing


class Kind(StrEnum):
    """Why somebody should look at a submission; the gravest first."""

    FAILED = "the grader failed"
    UNMARKED = "not marked"
    UNOPENED = "could not be opened"
    FLAGGED = "flagged"
    STOPPED = "stopped at a limit"


@dataclass(frozen=True)
class Reason:
    """One thing to look at, in words."""

    kind: Kind
    message: str


def reasons(standing: Standing) -> list[Reason]:
    """Why somebody should look at this row; empty when nobody needs to."""
    result = standing.result
    if result is None:
        kind = Kind.FAILED if standing.failed else Kind.UNMARKED
        return [Reason(kind, standing.trouble or "no reason is known")]
    if result.problem is not None:
        return [Reason(Kind.UNOPENED, result.problem)]
    found = [Reason(Kind.FLAGGED, f"{flag.kind}: {flag.message}") for flag in flags(result)]
    stops = (
        finding.what for check in checks(result) for finding in check.findings if finding.stopped
    )
    first = next(stops, None)
    return found if first is None else [*found, Reason(Kind.STOPPED, first)]


def checks(result: Result) -> Iterator[CheckResult]:
    """All checks of a Result, in the assignment's order."""
    return (check for part in result.parts for check in part.checks)


def named_bugs(result: Result) -> dict[str, NamedBug]:
    """The bugs that were named, each once, by id."""
    return {
        finding.bug.id: finding.bug
        for check in checks(result)
        for finding in check.findings
        if finding.bug is not None
    }


def accuracy_check(result: Result) -> CheckResult | None:
    """The check that measured the trained network on the test lines; None where none did."""
    measured = (
        check for check in checks(result) if {"accuracy", "interval"} <= check.measured.keys()
    )
    return next(measured, None)


def accuracy_of(result: Result) -> float | None:
    """The accuracy that was marked, in [0, 1]; None where training was not measured."""
    check = accuracy_check(result)
    value = None if check is None else check.measured["accuracy"]
    return value if isinstance(value, float) else None


@dataclass
class Distribution:
    """Numbers, counted by value."""

    counts: Counter[float] = field(default_factory=Counter)
    number: int = 0
    total: float = 0.0

    def add(self, value: float) -> None:
        """One more; the caller rounds it, so that there are few different ones."""
        self.counts[value] += 1
        self.number += 1
        self.total += value

    @property
    def mean(self) -> float:
        """The arithmetic mean; 0 for no numbers."""
        return self.total / self.number if self.number else 0.0

    def quantile(self, share: float) -> float:
        """The smallest value that at least this share of the numbers does not exceed.

        At share 0.5 and an even number, the mean of the two middle ones, as a median is.

        Raises:
            ValueError: there are no numbers.
        """
        if not self.number:
            raise ValueError("no numbers")
        place = share * self.number
        low = self._at(max(0, -int(-place // 1) - 1))
        if share == 0.5 and self.number % 2 == 0:
            return (low + self._at(self.number // 2)) / 2
        return low

    @property
    def median(self) -> float:
        """The middle."""
        return self.quantile(0.5)

    def _at(self, index: int) -> float:
        passed = 0
        for value in sorted(self.counts):
            passed += self.counts[value]
            if index < passed:
                return value
        return max(self.counts)


@dataclass
class CheckTally:
    """How a class did in one check."""

    id: str
    title: str
    part: str
    points: float
    full: int = 0
    """Earned all its points."""
    partly: int = 0
    nothing: int = 0
    """Ran and earned nothing."""
    unwritten: int = 0
    waiting: int = 0
    """Could not run, since what it builds on does not work."""
    skipped: int = 0
    """Was not run on request."""
    earned: float = 0.0

    def add(self, check: CheckResult) -> None:
        """One more student's."""
        self.earned += check.earned
        match check.status:
            case Status.TODO:
                self.unwritten += 1
            case Status.WAIT:
                self.waiting += 1
            case Status.SKIP:
                self.skipped += 1
            case _ if check.earned >= check.points:
                self.full += 1
            case _ if check.earned > 0:
                self.partly += 1
            case _:
                self.nothing += 1

    @property
    def run(self) -> int:
        """Of how many students it was asked for."""
        return self.full + self.partly + self.nothing + self.unwritten + self.waiting

    @property
    def pass_rate(self) -> float:
        """The share of these with all points, in [0, 1]; 0 where there are none."""
        return self.full / self.run if self.run else 0.0


@dataclass
class BugTally:
    """A named mistake, and in how many submissions it was found."""

    bug: NamedBug
    number: int = 0


@dataclass
class PartOfClass:
    """One part of the assignment, for the headers of a table."""

    id: str
    title: str
    points: float


@dataclass
class ClassSummary:
    """All that the class page and the overview say about a class as a whole."""

    assignment: str = ""
    title: str = ""
    points: float = 0.0
    """The most that could be earned."""
    students: int = 0
    opened: int = 0
    """Submissions that were marked; the rest could not be opened, or the grader failed."""
    marks: Distribution = field(default_factory=Distribution)
    """Final points, of all who have any mark."""
    accuracies: Distribution = field(default_factory=Distribution)
    seconds: Distribution = field(default_factory=Distribution)
    """CPU time of the student's code."""
    parts: dict[str, PartOfClass] = field(default_factory=dict)
    checks: dict[str, CheckTally] = field(default_factory=dict)
    bugs: dict[str, BugTally] = field(default_factory=dict)
    looks: Counter[Kind] = field(default_factory=Counter)
    """Students by the kind of reason to look at them; one may count in several."""
    to_look_at: int = 0
    late: int = 0
    adjusted: int = 0
    walls: Counter[str] = field(default_factory=Counter)
    visibilities: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    stand_in: int = 0
    sections: bool = False
    """Whether any student belongs to a section."""

    def add(self, standing: Standing) -> list[Reason]:
        """One more student.

        Returns:
            Why somebody should look at this one.
        """
        self.students += 1
        found = reasons(standing)
        self.to_look_at += bool(found)
        self.looks.update({reason.kind for reason in found})
        self.late += standing.penalty > 0
        self.adjusted += bool(standing.adjustments)
        self.sections = self.sections or bool(standing.student.section)
        if standing.final is not None:
            self.marks.add(standing.final)
        if standing.result is not None:
            self._add_result(standing.result)
        return found

    def common_bugs(self) -> list[BugTally]:
        """The named mistakes, the most frequent first."""
        return sorted(self.bugs.values(), key=lambda tally: (-tally.number, tally.bug.id))

    def _add_result(self, result: Result) -> None:
        if not self.assignment:
            self.assignment, self.title = result.assignment, result.title
        self.points = max(self.points, result.points)
        self.walls[result.wall] += 1
        self.versions[result.versions.get("goldgrad", "")] += 1
        if result.bundle is not None:
            self.visibilities[result.bundle.visibility] += 1
        for part in result.parts:
            self._add_part(part, opened=result.problem is None)
        if result.problem is not None:
            return
        self.opened += 1
        self.stand_in += result.dataset is not None and result.dataset.stand_in
        self.seconds.add(float(f"{result.timing.student_cpu:.3g}"))
        accuracy = accuracy_of(result)
        if accuracy is not None:
            self.accuracies.add(round(accuracy, 2))
        for bug in named_bugs(result).values():
            self.bugs.setdefault(bug.id, BugTally(bug)).number += 1

    def _add_part(self, part: PartResult, *, opened: bool) -> None:
        if part.id not in self.parts:
            self.parts[part.id] = PartOfClass(part.id, part.title, part.points)
        for check in part.checks:
            tally = self.checks.get(check.id)
            if tally is None:
                tally = CheckTally(check.id, check.title, part.title, check.points)
                self.checks[check.id] = tally
            if opened:
                tally.add(check)
