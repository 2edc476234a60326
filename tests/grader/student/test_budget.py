"""A submission's CPU time in all is limited, whatever each call may take."""

from __future__ import annotations

import time
from typing import Any

import pytest

from grader.assignment import Assignment
from grader.sandbox import Deadline
from grader.student import Student
from grader.student.budget import Budget
from grader.student.errors import Stopped

pytestmark = pytest.mark.slow  # limits that have to be waited for

SLOW = (
    "import time\ndef conv_forward(x):\n    end = time.process_time() + 0.15\n"
    "    while time.process_time() < end: pass\n    return x\n"
)


@pytest.fixture
def student(submit: Any, assignment: Assignment) -> Student:
    """One whose calls are within the limit of each (0.3 s), but not of all (0.4 s)."""
    made: Student = submit(layers=SLOW)
    assert made._budget._seconds == assignment.limits.total_cpu_seconds
    made._budget._seconds = 0.4
    return made


def _call(student: Student, times: int) -> None:
    for _ in range(times):
        student.call("conv_forward", 1)


def _ends_within(student: Student, calls: int) -> Stopped:
    with pytest.raises(Stopped) as stop:
        _call(student, calls)
    return stop.value


def test_a_submission_stops_when_its_time_is_spent(student: Student) -> None:
    """The first calls answer; a later one is cut short; then nothing is run any more."""
    assert student.call("conv_forward", 1).value == 1
    _ends_within(student, 4)
    error = _ends_within(student, 1)
    assert (error.reason, error.limit) == ("cpu", 0.4)
    assert "used all of its 0.4 s" in str(error)
    assert error.help


def test_waiting_is_time_too(submit: Any) -> None:
    """Hundreds of calls that each sleep a little would hold up all other submissions for hours."""
    naps = "import time\ndef conv_forward(x):\n    time.sleep(x)\n    return x\n"
    student: Student = submit(layers=naps)
    student._budget._seconds = 0.5
    assert student.call("conv_forward", 0.3).value == 0.3
    assert student.call("conv_forward", 0.3).value == 0.3
    error = _ends_within(student, 1)
    assert (error.reason, error.limit) == ("wall", 0.5)
    assert "only waited" in str(error)
    assert "sleep()" in str(error.help)


def test_processes_of_one_submission_share_it(student: Student) -> None:
    """A training run in a process of its own does not get the time anew."""
    _ends_within(student, 5)
    with student.fresh() as twin:
        assert "used all of its" in str(_ends_within(twin, 1))


def test_what_is_granted_is_no_more_than_what_is_left() -> None:
    """To the last second, and none after it."""
    budget = Budget(10)
    budget.spend(4)
    assert budget.grant(20, "f", None) == 6
    assert budget.grant(2, "f", None) == 2
    budget.spend(6.5)
    with pytest.raises(Stopped):
        budget.grant(1, "f", None)


def test_where_everything_must_end_so_do_calls(submit: Any) -> None:
    """A call that waits is ended at that moment, and says why; then nothing is run any more."""
    waits = "import time\ndef conv_forward(x):\n    time.sleep(x)\n    return x\n"
    student: Student = submit(layers=waits)
    assert student.call("conv_forward", 0).value == 0
    student.finish_by(time.monotonic() + 1)
    with pytest.raises(Stopped) as stop:
        student.call("conv_forward", 60)
    error = stop.value
    assert error.reason == "wall"
    assert "stopped in conv_forward(): the time for marking one submission" in str(error)
    with student.fresh() as twin:
        assert "conv_forward was not run: the time for" in str(_ends_within(twin, 1))


def test_a_deadline_is_only_ever_brought_forward() -> None:
    """A moment far away changes nothing; one that has gone leaves no time."""
    budget, usual = Budget(10), Deadline.of_cpu(1)
    assert budget.bounded(usual) == usual
    budget.until = time.monotonic() + 1e6
    assert budget.bounded(usual) == usual
    assert not budget.time_is_up
    budget.until = time.monotonic()
    assert budget.bounded(usual).wall_seconds == 0
    with pytest.raises(Stopped, match="was not run: the time for marking"):
        budget.grant(1, "f", None)
