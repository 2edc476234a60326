"""grader/render/class_summary.py."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.made_up_class import made_up_class
from grader.render.class_summary import ClassSummary, Distribution, Kind, reasons
from grader.result import Finding, Flag, Result
from grader.standing import Adjustment
from tests.grader.render.conftest import absent, make, standing

_WHEN = datetime(2026, 11, 20, tzinfo=UTC)
_MARKS = st.lists(st.integers(0, 400).map(lambda quarter: quarter / 4), min_size=1)


@given(_MARKS)
def test_counting_by_value_loses_nothing(marks: list[float]) -> None:
    """Mean, median and quartiles are those of the list that was never kept."""
    counted = Distribution()
    for mark in marks:
        counted.add(mark)
    assert counted.mean == pytest.approx(statistics.fmean(marks))
    assert counted.median == statistics.median(marks)
    for share in (0.25, 0.75):
        value = counted.quantile(share)
        assert sum(mark <= value for mark in marks) >= share * len(marks)
        assert sum(mark < value for mark in marks) < share * len(marks)


def test_no_numbers_have_no_middle() -> None:
    """Nobody asks, and whoever does is told."""
    with pytest.raises(ValueError, match="no numbers"):
        Distribution().quantile(0.5)
    assert Distribution().mean == 0


def test_every_student_counts_once_in_every_check() -> None:
    """All points, some, none, not written and waiting add up to those who were marked."""
    summary = ClassSummary()
    for row in made_up_class(150):
        summary.add(row.row())
    assert 0 < summary.opened < summary.students == 150
    for tally in summary.checks.values():
        assert tally.run == summary.opened
        assert 0 <= tally.pass_rate <= 1
    assert sum(bug.number for bug in summary.bugs.values()) > 0


def test_a_mistake_counts_once_a_student(result: Result) -> None:
    """Whoever made it in two checks made it once; the most frequent comes first."""
    twice = make([result.parts[1], result.parts[1].model_copy(update={"id": "again"})])
    summary = ClassSummary()
    for name, each in (("s1", result), ("s2", twice)):
        summary.add(standing(name, each).row())
    assert [(tally.bug.id, tally.number) for tally in summary.common_bugs()] == [
        ("l2_gradient_half", 2),
        ("max_pool_overlap", 1),
    ]


def test_why_somebody_must_look(result: Result) -> None:
    """Each reason by its kind; who handed in nothing, or is only wrong, needs nobody."""
    plain = result.model_copy(update={"flags": []})
    broken = plain.model_copy(
        update={
            "problem": "the zip is encrypted",
            "flags": [Flag(kind="cannot_open", message="the zip is encrypted")],
        }
    )
    stop = Finding(what="stopped after 10 s", stopped="cpu")
    check = result.parts[1].checks[1].model_copy(update={"findings": [stop]})
    stopped = make([result.parts[1].model_copy(update={"checks": [check]})], flags=[])
    kinds = {
        name: [(reason.kind, reason.message) for reason in reasons(row.row())]
        for name, row in {
            "plain": standing("s1", plain),
            "absent": absent("s2"),
            "flagged": standing("s3", result),
            "broken": standing("s4", broken),
            "stopped": standing("s5", stopped),
            "failed": replace(standing("s6", None, "out of disk"), failed=True),
            "failed again": replace(standing("s7", plain, "out of disk"), failed=True),
        }.items()
    }
    assert kinds == {
        "plain": [],
        "absent": [],
        "flagged": [(Kind.FLAGGED, "literal array: train.py holds an array of 160 numbers")],
        "broken": [(Kind.UNOPENED, "the zip is encrypted")],
        "stopped": [(Kind.STOPPED, "stopped after 10 s")],
        "failed": [(Kind.FAILED, "out of disk")],
        "failed again": [(Kind.FAILED, "out of disk")],
    }


def test_marks_are_those_that_count(result: Result) -> None:
    """After lateness and adjustments; a mark by hand counts also without a Result."""
    given = Adjustment(4, "ill", "staff", _WHEN)
    summary = ClassSummary()
    for row in (
        replace(standing("s1", result), penalty=5.0, adjustments=(given,)),
        replace(standing("s2", None, "no zip"), adjustments=(given,)),
        absent("s3"),
    ):
        summary.add(row.row())
    assert sorted(summary.marks.counts) == [4.0, 49.0]
    assert (summary.late, summary.adjusted, summary.absent, summary.students) == (1, 2, 1, 3)
