"""What a result depends on besides the submission: a change of it has everything marked again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from grader import __version__
from grader.assignment import Assignment
from grader.marking import Marking, Visibility
from grader.standing import Column

_NOT_FOR_MARKING = {"late", "due", "attempts"}
"""Keys of an assignment that only say which mark counts, and how much of it."""


@dataclass(frozen=True)
class Key:
    """Names everything that could change a submission's Result."""

    assignment: str
    assignment_sha256: str
    bundle_sha256: str
    dataset_sha256: str
    """"" without a dataset."""
    version: str
    """Of goldgrad and, where it is installed, of the solution."""
    trained: bool
    visibility: Visibility

    @property
    def digest(self) -> str:
        """One text for all of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def key_of(marking: Marking, *, train: bool) -> Key:
    """The key of all results that are marked so."""
    dataset, oracle = marking.dataset, marking.oracle
    return Key(
        assignment=marking.assignment.assignment,
        assignment_sha256=assignment_sha256(marking.assignment),
        bundle_sha256=marking.bundle_sha256,
        dataset_sha256="" if dataset is None else dataset.sha256,
        version=__version__ + ("" if oracle is None else f" {oracle.revision()[:16]}"),
        trained=train and dataset is not None,
        visibility=marking.bundle.visibility,
    )


def assignment_sha256(assignment: Assignment) -> str:
    """Hash of the rules that marking follows; comments, order and lateness are none of them."""
    rules = assignment.model_dump(mode="json", exclude=_NOT_FOR_MARKING)
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def columns_of(assignment: Assignment) -> tuple[Column, ...]:
    """The gradebook's columns."""
    return tuple(Column(part.id, part.title, part.points) for part in assignment.parts)
