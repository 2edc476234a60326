"""grader/batch/rules.py: which attempt counts, and what lateness takes from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.stored_course import attempt
from grader.batch.marks import Mark
from grader.batch.rules import CourseRules
from grader.late import LateRule

TEN = LateRule(per_day=10)
DAY = 86_400


def mark(number: int, earned: float | None, late_seconds: int = 0) -> Mark:
    return Mark(attempt("s1", number, late_seconds=late_seconds), earned, 100)


@pytest.mark.parametrize(
    ("rules", "marks", "index"),
    [
        (CourseRules(), [mark(1, 90), mark(2, 10)], 1),
        (CourseRules(), [mark(1, 90), mark(2, None)], 1),
        (CourseRules("best"), [mark(1, 90), mark(2, 10)], 0),
        (CourseRules("best"), [mark(1, None), mark(2, 0)], 1),
        (CourseRules("best"), [mark(1, None), mark(2, None)], 0),
        (CourseRules("best"), [mark(1, 70), mark(2, 70)], 0),
        # What is left after the penalty decides: 95 − 19 is less than 80.
        (CourseRules("best", TEN), [mark(1, 80), mark(2, 95, DAY + 1)], 0),
        (CourseRules("best", TEN), [mark(1, 80), mark(2, 95, DAY - 1)], 1),
    ],
)
def test_which_attempt_counts(rules: CourseRules, marks: list[Mark], index: int) -> None:
    """The last, whatever it is; or the best after the penalty, of equals the first."""
    assert rules.counted(marks) == index


def test_what_could_not_be_marked_loses_nothing() -> None:
    """There are no points to take."""
    assert CourseRules(late=TEN).penalty(mark(1, None, DAY)) == 0


LATE = st.builds(
    LateRule,
    per_day=st.floats(0, 100),
    unit=st.sampled_from(["percent", "points"]),
    grace_minutes=st.floats(0, 1e4),
    cap=st.none() | st.floats(0, 100),
    rounding=st.sampled_from(["started_day", "exact"]),
)


@given(st.builds(CourseRules, st.sampled_from(["last", "best"]), st.none() | LATE))
def test_rules_survive_being_stored(rules: CourseRules) -> None:
    """What a later export computes with is what the batch had."""
    assert CourseRules.from_text(rules.text) == rules


@given(
    st.builds(CourseRules, st.sampled_from(["last", "best"]), st.none() | LATE),
    st.lists(
        st.tuples(st.none() | st.floats(0, 100), st.integers(0, 10 * DAY)), min_size=1, max_size=6
    ),
)
def test_the_best_attempt_leaves_no_better_one(
    rules: CourseRules, drawn: list[tuple[float | None, int]]
) -> None:
    """An attempt that is there is chosen, and under "best" no other would be worth more."""
    marks = [mark(number, *each) for number, each in enumerate(drawn, 1)]
    chosen = marks[rules.counted(marks)]
    worth = [m.earned - rules.penalty(m) for m in marks if m.earned is not None]
    if rules.attempts == "best" and worth:
        assert chosen.earned is not None
        assert chosen.earned - rules.penalty(chosen) == max(worth)


def test_rules_are_said_in_words() -> None:
    """As the audit trail has them."""
    assert str(CourseRules()) == "the last attempt counts; lateness costs nothing"
    late = LateRule(per_day=2.5, unit="points", grace_minutes=15, cap=20, rounding="exact")
    assert str(CourseRules("best", late)) == (
        "the best attempt counts; late: 2.5 points a day, by the second, after 15 min,"
        " up to 20 points"
    )
