"""A class at a glance, counted in one pass: rows go in one by one and none is kept.

What is kept does not grow with the number of students: marks are counted by their value with two
decimals, accuracies too, times by three significant digits, checks and bugs by their id.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from grader.brief import Brief, CheckShape, Shape
from grader.result import NamedBug, Status
from grader.standing import Row


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


def reasons(row: Row) -> list[Reason]:
    """Why somebody should look at this row; empty when nobody needs to."""
    result = row.result
    if not row.handed_in:
        return []
    if result is None:
        kind = Kind.FAILED if row.failed else Kind.UNMARKED
        return [Reason(kind, row.trouble or "no reason is known")]
    found = []
    if row.trouble is not None:
        # The last try gave no Result; an earlier one counts.
        found.append(Reason(Kind.FAILED if row.failed else Kind.UNMARKED, row.trouble))
    if result.problem is not None:
        return [*found, Reason(Kind.UNOPENED, result.problem)]
    found += [Reason(Kind.FLAGGED, flag) for flag in result.flags]
    if result.stopped is not None:
        found.append(Reason(Kind.STOPPED, result.stopped))
    return found


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

    check: CheckShape
    part: str
    """The title of its part."""
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

    def add(self, status: Status, earned: float) -> None:
        """One more student's."""
        self.earned += earned
        match status:
            case Status.TODO:
                self.unwritten += 1
            case Status.WAIT:
                self.waiting += 1
            case Status.SKIP:
                self.skipped += 1
            case _ if earned >= self.check.points:
                self.full += 1
            case _ if earned > 0:
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
class ClassSummary:
    """All that the class page and the overview say about a class as a whole."""

    points: float = 0.0
    """The most that could be earned."""
    students: int = 0
    absent: int = 0
    """On the roster, without a submission."""
    opened: int = 0
    """Submissions that were marked; the rest could not be opened, or the grader failed."""
    marks: Distribution = field(default_factory=Distribution)
    """Final points, of all who have any mark."""
    accuracies: Distribution = field(default_factory=Distribution)
    seconds: Distribution = field(default_factory=Distribution)
    """CPU time of the student's code."""
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
    """Of goldgrad."""
    stand_in: int = 0
    sections: bool = False
    """Whether any student belongs to a section."""
    _last: tuple[Shape | None, list[CheckTally]] = (None, [])
    """Nearly always the next one's, too."""

    def add(self, row: Row) -> list[Reason]:
        """One more student.

        Returns:
            Why somebody should look at this one.
        """
        self.students += 1
        self.absent += not row.handed_in
        found = reasons(row)
        self.to_look_at += bool(found)
        self.looks.update({reason.kind for reason in found})
        self.late += row.penalty > 0
        self.adjusted += bool(row.adjustments)
        self.sections = self.sections or bool(row.student.section)
        if row.final is not None:
            self.marks.add(row.final)
        if row.result is not None:
            self._add_result(row.result)
        return found

    def common_bugs(self) -> list[BugTally]:
        """The named mistakes, the most frequent first."""
        return sorted(self.bugs.values(), key=lambda tally: (-tally.number, tally.bug.id))

    def _add_result(self, result: Brief) -> None:
        self.points = max(self.points, result.points)
        self.walls[result.wall] += 1
        self.versions[result.version] += 1
        if result.visibility is not None:
            self.visibilities[result.visibility] += 1
        if result.problem is not None:
            return
        self.opened += 1
        self.stand_in += result.stand_in
        self.seconds.add(float(f"{result.student_cpu:.3g}"))
        if result.accuracy is not None:
            self.accuracies.add(round(result.accuracy, 2))
        for bug in result.bugs:
            self.bugs.setdefault(bug.id, BugTally(bug)).number += 1
        tallies = self._tallies(result.shape)
        for tally, status, earned in zip(tallies, result.statuses, result.checks, strict=True):
            tally.add(status, earned)

    def _tallies(self, shape: Shape) -> list[CheckTally]:
        """The tallies of its checks, in its order."""
        if shape is not self._last[0]:
            titles = {part.id: part.title for part in shape.parts}
            found = [
                self.checks.setdefault(check.id, CheckTally(check, titles[check.part]))
                for check in shape.checks
            ]
            self._last = (shape, found)
        return self._last[1]
