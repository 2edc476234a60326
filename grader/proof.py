"""What `grade validate` found out about an assignment: plain data that the report is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Claim(StrEnum):
    """One of the statements that make an assignment fit for use."""

    RULES = "rules"  # what the YAML asks for exists, and all points can be earned
    REFERENCE = "reference"  # the reference earns everything
    TEMPLATE = "template"  # what students start from earns next to nothing
    BUGS = "bugs"  # every registered bug costs points and is named


class Caught(StrEnum):
    """What became of one registered bug."""

    NAMED = "named"  # points are lost and the bug is named
    EQUIVALENT = "equivalent"  # named as another that gives the same answers in every case
    UNNAMEABLE = "unnameable"  # points are lost; it only raises, which alone names nothing
    NOT_CHARGED = "not_charged"  # nothing that the assignment marks shows it
    UNNAMED = "unnamed"  # points are lost, but the reason is not named
    MISNAMED = "misnamed"  # another bug, or another one too, is named
    MISSED = "missed"  # it shows in a case that is marked, and costs nothing
    UNMARKED = "unmarked"  # marking came to no result


HARMLESS = frozenset({Caught.NAMED, Caught.EQUIVALENT, Caught.UNNAMEABLE, Caught.NOT_CHARGED})


@dataclass(frozen=True)
class Fault:
    """One thing in the way of a claim."""

    claim: Claim
    what: str
    where: str | None = None
    """``file:line:column`` in the assignment."""
    help: str | None = None


@dataclass(frozen=True)
class BugTrial:
    """The reference with one registered bug in it, marked."""

    bug: str
    message: str
    caught: Caught
    lost: float = 0.0
    """Points, of those that can be lost without training."""
    checks: tuple[str, ...] = ()
    """Ids of the checks that fail."""
    named: tuple[str, ...] = ()
    """Ids of all bugs that are named."""
    trouble: str | None = None
    """Why there is no result."""


@dataclass
class Proof:
    """Everything that was found out."""

    assignment: str
    title: str
    points: float
    parts: int
    checks: int
    visibility: str
    wall: str
    reference: float | None = None
    """Points that the reference earned; None where it was not marked."""
    accuracy: float | None = None
    """Test accuracy that the reference was trained to, 0..1."""
    template: float | None = None
    """Points that the template earned."""
    bugs: list[BugTrial] = field(default_factory=list)
    not_tried: list[Claim] = field(default_factory=list)
    """Claims that cannot be tried before others hold."""
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What an instructor should know and need not mend."""
    seconds: float = 0.0

    @property
    def proven(self) -> bool:
        """Whether every claim was tried and holds."""
        return not self.faults and not self.not_tried

    def holds(self, claim: Claim) -> bool | None:
        """Whether a claim holds; None where it was not tried."""
        if any(fault.claim is claim for fault in self.faults):
            return False
        return None if claim in self.not_tried else True

    def caught(self) -> Counter[Caught]:
        """How many bugs came to which end."""
        return Counter(trial.caught for trial in self.bugs)
