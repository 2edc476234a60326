"""What a check function answers; grading.py makes a CheckResult of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from grader.result import Finding, Flag, Status


@dataclass
class Blamed:
    """Whose mistakes a check fails by that is not charged for them."""

    functions: list[str] = field(default_factory=list)
    """Other functions of the student's, whose mistakes are passed on."""
    checks: list[str] = field(default_factory=list)
    """Where the mistakes have cost points."""
    bugs: set[str] = field(default_factory=set)
    """Ids of the bugs that they were found to be."""

    def add(self, other: Blamed) -> None:
        """Blame what ``other`` blames, too; of each function the first check is told."""
        if not set(other.functions) <= set(self.functions):
            self.checks += [check for check in other.checks if check not in self.checks]
        self.functions += [name for name in other.functions if name not in self.functions]
        self.bugs |= other.bugs

    @property
    def words(self) -> str:
        """Whose mistakes, and where they are charged."""
        one = len(self.functions) == 1
        return (
            f"{'the mistake' if one else 'the mistakes'} of {_and(self.functions)}, "
            f"{'which is' if one else 'which are'} charged at {_and(self.checks)}"
        )


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


@dataclass(frozen=True)
class Verdict:
    """How a check ended, and which fraction of its points that earns."""

    status: Status
    fraction: float
    """0 to 1."""
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    measured: dict[str, float | int | str | list[float]] = field(default_factory=dict)
    cases: tuple[int, int] | None = None
    waits_for: str | None = None
    flags: list[Flag] = field(default_factory=list)
    """For a person to look at; they cost nothing."""
    remark: str | None = None
    """What the score table shows beside the points."""
    blamed: Blamed | None = None
    """Where its mistakes are charged, if it has any and that is not here."""
    absent: bool = False
    """Nothing of it is there, and nothing need be: it counts as the rest of its part."""


def passed(
    *notes: str,
    measured: dict[str, float | int | str | list[float]] | None = None,
    cases: tuple[int, int] | None = None,
) -> Verdict:
    """Full points."""
    return Verdict(Status.OK, 1.0, notes=list(notes), measured=measured or {}, cases=cases)


def excused(*notes: str, by: Blamed, cases: tuple[int, int] | None = None) -> Verdict:
    """Full points, as its mistakes are charged elsewhere."""
    return replace(passed(*notes, cases=cases), blamed=by)


def failed(
    *findings: Finding,
    fraction: float = 0.0,
    notes: list[str] | None = None,
    measured: dict[str, float | int | str | list[float]] | None = None,
    cases: tuple[int, int] | None = None,
) -> Verdict:
    """Some or all points lost."""
    return Verdict(Status.FAIL, fraction, list(findings), notes or [], measured or {}, cases=cases)


def unwritten(finding: Finding) -> Verdict:
    """The function is still to be written."""
    return Verdict(Status.TODO, 0.0, [finding])


def waiting(waits_for: str, finding: Finding) -> Verdict:
    """Cannot be checked before something else works."""
    return Verdict(Status.WAIT, 0.0, [finding], waits_for=waits_for)


def absent(function: str) -> Verdict:
    """An optional function is nowhere defined."""
    note = f"no file defines {function}, which is optional: counted as the rest of this part"
    return Verdict(Status.OK, 1.0, notes=[note], absent=True)


def as_the_rest(verdict: Verdict, earned: float, points: float) -> Verdict:
    """What an absent check earns when the rest of its part earns so many of so many points."""
    share = earned / points if points else 0.0
    return replace(verdict, status=Status.OK if share == 1 else Status.FAIL, fraction=share)


def skipped(reason: str) -> Verdict:
    """Not run on request."""
    return Verdict(Status.SKIP, 0.0, notes=[reason])
