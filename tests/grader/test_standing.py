"""grader/standing.py: what counts in the end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.result import Result, SubmissionInfo, Timing
from grader.standing import Adjustment, Attempt, Standing, Student

ANA = Student("ana")


def marked(earned: float) -> Result:
    return Result(
        assignment="hw",
        title="Homework",
        submission=SubmissionInfo(name="ana", kind="zip", sha256="0" * 64),
        wall="full",
        bundle=None,
        dataset=None,
        points=100,
        earned=earned,
        parts=[],
        timing=Timing(total=1, student_cpu=1),
        versions={},
    )


def given(points: float) -> Adjustment:
    return Adjustment(points, "a reason", "prof", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("earned", "penalty", "adjusted", "final"),
    [
        (80, 0, [], 80),
        (80, 10, [], 70),
        (5, 10, [], 0),
        (5, 10, [3], 3),
        (80, 0, [-5, 2.5], 77.5),
        (2, 0, [-5], 0),
        (33.333, 0, [], 33.33),
        (0, 0, [], 0),
    ],
)
def test_a_penalty_never_eats_an_adjustment(
    earned: float, penalty: float, adjusted: list[float], final: float
) -> None:
    """Lateness takes at most what was earned; what a person gives comes on top; never below 0."""
    adjustments = tuple(given(points) for points in adjusted)
    row = Standing(
        ANA, Attempt(ANA, 1, "ana"), 1, marked(earned), penalty=penalty, adjustments=adjustments
    )
    assert row.final == final


def test_no_result_is_no_mark_until_a_person_gives_one() -> None:
    """Where nothing could be marked there is no 0 to be mistaken for one."""
    nothing = Standing(ANA, Attempt(ANA, 1, "ana"), 1, None, "the zip is encrypted")
    assert nothing.final is None
    by_hand = Standing(ANA, Attempt(ANA, 1, "ana"), 1, None, adjustments=(given(12),))
    assert by_hand.final == 12
