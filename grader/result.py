"""The Result of marking one submission: plain data, with a published JSON Schema.

Every renderer reads a Result and nothing else. Text that came from student code is already cut
to length and free of control characters (grader/untrusted.py); renderers still escape it for
their own format.

Two audiences read it. Staff see everything. A student, where a check is *hidden*, sees the
category, the place, the named bug and the help, but neither ``numbers`` (which quote hidden inputs
and expected values) nor ``student_text`` (which student code could use to smuggle inputs out).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1"

Points = Annotated[float, Field(ge=0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAIL = "fail"
    TODO = "todo"  # the function is not written yet
    WAIT = "wait"  # cannot be checked until the check it depends on passes
    SKIP = "skip"  # not run on request (for example training, without --train)


class Place(_Record):
    """Where in the student's files; for a notebook, ``cell`` counts code cells from 1."""

    file: str
    line: int | None = None
    function: str | None = None
    cell: int | None = None

    def __str__(self) -> str:
        cell = f" cell {self.cell}" if self.cell is not None else ""
        line = f"{', line ' if cell else ':'}{self.line}" if self.line is not None else ""
        function = f", in {self.function}" if self.function else ""
        return f"{self.file}{cell}{line}{function}"


class NamedBug(_Record):
    """A classic mistake that was recognised."""

    id: str
    message: str
    help: str


class Finding(_Record):
    """One thing that is wrong, in words a student can act on."""

    what: str
    """What is wrong; never quotes hidden inputs or expected values."""
    numbers: str | None = None
    """How much, with values; for staff, and for students on public cases."""
    category: str | None = None
    """The kind of case: "stride 2, padding 1"."""
    place: Place | None = None
    bug: NamedBug | None = None
    help: str | None = None
    student_text: str | None = None
    """What the student's code itself said (an exception's message, printed output)."""
    excerpt: str | None = None
    """The source line at ``place``."""
    stopped: str | None = None
    """What ended the student's process, where something did: a Reason of grader/sandbox/ending.py
    ("cpu", "memory", ...), or "import" where a file was being loaded."""


class CheckResult(_Record):
    """One check: its points, and why any were lost."""

    id: str
    title: str
    status: Status
    points: Points
    earned: Points
    hidden: bool
    """Whether the inputs are secret."""
    cases: tuple[int, int] | None = None
    """(passed, all) golden cases, where the check has cases."""
    findings: list[Finding] = []
    notes: list[str] = []
    """Remarks that cost nothing: tie policy, follow-through marks, "not verified"."""
    measured: dict[str, float | int | str | list[float]] = {}
    """Figures the renderers show: accuracy, interval, runs, ..."""
    waits_for: str | None = None


class PartResult(_Record):
    """One row of the score table."""

    id: str
    title: str
    points: Points
    earned: Points
    remark: str | None = None
    """What the row shows beside the points: "accuracy 0.93 [0.86, 0.97] median of 3 runs"."""
    checks: list[CheckResult]


class Flag(_Record):
    """Something a person should look at. A flag never costs a point."""

    kind: str
    message: str
    place: Place | None = None


class Deduction(_Record):
    """Points taken off the total by a rule of the assignment, with its reason."""

    reason: str
    points: Points


class SubmissionInfo(_Record):
    """What was handed in."""

    name: str
    kind: Literal["zip", "folder", "notebook", "file"]
    sha256: str
    files: list[str] = []
    ignored: list[str] = []
    """Files that were set aside (data, __MACOSX, caches), with the reason."""


class DatasetInfo(_Record):
    """Which data the training was measured on."""

    name: str
    sha256: str
    stand_in: bool


class BundleInfo(_Record):
    """Which golden values were used."""

    visibility: Literal["public", "hidden"]
    sha256: str


class Timing(_Record):
    """Seconds."""

    total: float
    student_cpu: float


class Result(_Record):
    """All that is known after marking one submission."""

    schema_version: Literal["1"] = "1"
    assignment: str
    title: str
    submission: SubmissionInfo
    wall: str
    """The tier of isolation the student's code ran in."""
    bundle: BundleInfo | None
    dataset: DatasetInfo | None
    points: Points
    earned: Points
    parts: list[PartResult]
    deductions: list[Deduction] = []
    flags: list[Flag] = []
    notes: list[str] = []
    problem: str | None = None
    """Why nothing could be marked ("the zip is encrypted"), else None."""
    timing: Timing
    versions: dict[str, str]

    def check(self, check_id: str) -> CheckResult:
        """The check with this id; KeyError when there is none."""
        for part in self.parts:
            for check in part.checks:
                if check.id == check_id:
                    return check
        raise KeyError(check_id)
