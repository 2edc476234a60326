"""grader/batch/key.py: what has a submission marked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.batch.key import assignment_sha256, columns_of, key_of
from grader.late import LateRule

if TYPE_CHECKING:
    from grader.marking import Marking


def test_the_rules_of_marking_count_and_the_rules_of_lateness_do_not(marking: Marking) -> None:
    """A new deadline changes no Result; another number of points for a part does."""
    rules = marking.assignment
    lenient = rules.model_copy(
        update={
            "due": datetime(2026, 11, 20, tzinfo=UTC),
            "late": LateRule(per_day=10),
            "attempts": "best",
        }
    )
    assert assignment_sha256(lenient) == assignment_sha256(rules)
    first = rules.parts[0].model_copy(update={"title": "Another"})
    changed = rules.model_copy(update={"parts": [first, *rules.parts[1:]]})
    assert assignment_sha256(changed) != assignment_sha256(rules)


def test_the_key_names_cases_data_and_version(marking: Marking) -> None:
    """And training only where there is something to train on."""
    key = key_of(marking, train=True)
    assert (key.assignment, key.visibility, key.trained) == ("hw3", "hidden", True)
    assert len(key.bundle_sha256) == len(key.dataset_sha256) == 64
    assert key_of(marking, train=False) == replace(key, trained=False)
    assert key_of(marking, train=False).digest != key.digest
    nothing = replace(marking, dataset=None)
    assert not key_of(nothing, train=True).trained


def test_columns_are_the_parts(marking: Marking) -> None:
    """In the assignment's order, with its points."""
    assert [(c.id, c.points) for c in columns_of(marking.assignment)] == [
        (part.id, part.points) for part in marking.assignment.parts
    ]
