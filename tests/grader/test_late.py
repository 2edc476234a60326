"""grader/late.py: what lateness costs, for all rules and all hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment_file import BUILT_IN, parse_assignment
from grader.errors import BadAssignment
from grader.late import LateRule, penalty, seconds_late

TEXT = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
DUE = "due: 2026-11-20T23:59:00+01:00\n"
DAY, MINUTE = 86_400, 60

amounts = st.floats(0, 100)
rules = st.builds(
    LateRule,
    per_day=amounts,
    unit=st.sampled_from(["percent", "points"]),
    grace_minutes=st.floats(0, 3_000),
    cap=st.none() | amounts,
    rounding=st.sampled_from(["started_day", "exact"]),
)
lateness = st.floats(0, 40 * DAY)
earned_points = st.floats(0, 200).map(lambda points: round(points, 2))


@given(rules, lateness, lateness, earned_points)
def test_later_never_costs_less(rule: LateRule, a: float, b: float, earned: float) -> None:
    """The penalty is monotone in the lateness."""
    assert penalty(rule, min(a, b), earned) <= penalty(rule, max(a, b), earned)


@given(rules, lateness, earned_points)
def test_it_takes_no_more_than_there_is(rule: LateRule, late: float, earned: float) -> None:
    """The penalty lies between 0 and what was earned, and below the cap."""
    taken = penalty(rule, late, earned)
    assert 0 <= taken <= earned
    if rule.cap is not None:
        cap = rule.cap if rule.unit == "points" else rule.cap * earned / 100
        assert taken <= cap + 0.005 + 1e-9  # two decimals


@given(rules, earned_points, st.floats(0, 1))
def test_in_time_and_in_grace_nothing_is_taken(rule: LateRule, earned: float, part: float) -> None:
    """At the deadline, before it, and up to the last second of the grace."""
    for late in (0, -5 * DAY, part * rule.grace_minutes * MINUTE):
        assert penalty(rule, late, earned) == 0


@given(lateness, earned_points)
def test_without_a_rule_nothing_is_taken(late: float, earned: float) -> None:
    """An assignment that says nothing of lateness takes nothing for it."""
    assert penalty(None, late, earned) == 0


@pytest.mark.parametrize(
    ("rule", "late", "taken"),
    [
        ({"per_day": 10}, 1, 8.0),
        ({"per_day": 10}, DAY, 8.0),
        ({"per_day": 10}, DAY + 1, 16.0),
        ({"per_day": 10}, 30 * DAY, 80.0),
        ({"per_day": 10, "cap": 50}, 30 * DAY, 40.0),
        ({"per_day": 10, "unit": "points"}, 3 * DAY, 30.0),
        ({"per_day": 10, "unit": "points", "cap": 25}, 3 * DAY, 25.0),
        ({"per_day": 10, "rounding": "exact"}, DAY / 2, 4.0),
        ({"per_day": 10, "grace_minutes": 15}, 15 * MINUTE, 0.0),
        ({"per_day": 10, "grace_minutes": 15}, 15 * MINUTE + 1, 8.0),
        ({"per_day": 10, "grace_minutes": 15}, DAY + 10 * MINUTE, 8.0),
    ],
)
def test_by_hand(rule: dict[str, object], late: float, taken: float) -> None:
    """Of 80 points, worked out on paper."""
    assert penalty(LateRule.model_validate(rule), late, 80) == taken


def test_lateness_is_counted_across_zones_and_without_fractions() -> None:
    """00:30 in Berlin is half an hour after 23:00 in London; the clock's fractions cost nothing."""
    berlin = timezone(timedelta(hours=1))
    due = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert seconds_late(datetime(2026, 11, 21, 0, 30, tzinfo=berlin), due) == 1800
    assert seconds_late(due + timedelta(microseconds=900_000), due) == 0
    assert seconds_late(due - timedelta(days=1), due) == 0
    assert seconds_late(None, due) == seconds_late(due, None) == 0


def test_an_assignment_carries_the_rule() -> None:
    """assignment.yaml may say when it is due, what lateness costs and which attempt counts."""
    rules = parse_assignment(TEXT + DUE + "late: {per_day: 10, cap: 50}\nattempts: best\n", "a")
    assert rules.due == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert rules.late == LateRule(per_day=10, cap=50)
    assert rules.attempts == "best"
    assert parse_assignment(TEXT + 'due: "2026-11-20T22:59:00Z"\n', "a").due == rules.due


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        ("due: 2026-11-20\n", 1, "due: give date, time and zone"),
        ("due: 2026-11-20 23:59:00\n", 1, "due: give date, time and zone"),
        ("due: friday\n", 1, "due: give date, time and zone"),
        ("late: {per_day: 10}\n", 1, "late: there is no deadline to be late for"),
        (
            DUE + "late:\n  per_day: 10\n  grace_mins: 15\n",
            4,
            "late.grace_mins: unknown key; did you mean",
        ),
        (DUE + "late:\n  per_day: -1\n", 3, "late.per_day: "),
        (DUE + "late:\n  per_day: 120\n", 2, "late: per_day is 120 %"),
        (DUE + "late:\n  per_day: 10\n  unit: days\n", 4, "late.unit: "),
        (DUE + "late:\n  per_day: .inf\n", 3, "late.per_day: "),
        ("attempts: first\n", 1, "attempts: "),
    ],
)
def test_a_wrong_rule_is_named_with_its_line(wrong: str, line: int, words: str) -> None:
    """File, line and key, as for everything else in the file."""
    with pytest.raises(BadAssignment) as caught:
        parse_assignment(TEXT + wrong, "a.yaml")
    first = TEXT.count("\n")
    column = 3 if words.startswith("late.") else 1
    assert f"a.yaml:{first + line}:{column}: {words}" in str(caught.value)
