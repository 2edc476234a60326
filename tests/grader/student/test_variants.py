"""Many calls of one function, all asked for at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.student import Raised, Stopped, Unsendable
from grader.student.variants import Alike, Question, one_by_one, taken_apart


def test_variants_are_fresh_copies_with_something_else_in_places(submit: Any) -> None:
    """Nested places can be changed; what one call does to its arguments, no other one sees."""
    source = (
        "def loss(params, X):\n"
        "    params['W'] += 1; params['new'] = 1; X.append(1)\n"
        "    return params['W'].sum() + 100 * len(X), params\n"
    )
    student = submit(two_layer_net=source)
    question = Question.of(
        [{"W": np.zeros(2), "b": np.zeros(1)}, []],
        [[], [((0, "W"), np.ones(2))], [((0, "W"), np.ones(2)), ((1,), [5, 6])], []],
    )
    values, error = student.vary("loss", question, only=0)
    assert error is None
    assert one_by_one(values, 0) == [(102.0, None), (104.0, None), (304.0, None), (102.0, None)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise ValueError", Raised),
        ("import os; os._exit(0)", Stopped),
        ("return 'x' * (1 << 27)", Unsendable),
        ("while True: pass", Stopped),
    ],
)
def test_variants_end_with_the_first_that_gives_no_value(
    submit: Any, body: str, kind: type[Exception]
) -> None:
    """With the error of a single call."""
    student = submit(two_layer_net=f"def loss(x):\n    if x == 2:\n        {body}\n    return x\n")
    values, error = student.vary("loss", Question.of([0], [[((0,), i)] for i in range(4)]))
    assert isinstance(error, kind)
    assert values in ([0, 1], [0], [])  # those that waited are lost with their process
    assert student.loss(5) == 5


def test_variants_end_when_their_values_are_too_large_all_together(submit: Any) -> None:
    """Whatever waits in the grader's memory is bounded, not only each value."""
    source = "import numpy as np\nbig = np.zeros(1 << 22)\ndef loss(x): return big\n"
    student = submit(two_layer_net=source)
    values, error = student.vary("loss", Question.of([0], [[((0,), i)] for i in range(20)]))
    assert isinstance(error, Unsendable)
    assert "too large" in str(error)
    assert 1 <= len(values) <= 4
    assert student.loss(5).shape == (1 << 22,)


def test_variants_do_not_pay_for_what_earlier_calls_printed(submit: Any) -> None:
    """A process may print so much in all; a fresh one has printed nothing."""
    source = "def loss(n):\n    print('x' * (n << 20))\n    return n\n"
    student = submit(two_layer_net=source)
    assert student.loss(40) == 40
    assert student.vary("loss", Question.of([20], [[], []])) == ([20, 20], None)
    values, error = student.vary("loss", Question.of([40], [[], []]))
    assert isinstance(error, Stopped)
    assert error.reason == "output"
    assert values in ([40], [])


_CHANGING = """
import numpy as np
kept = np.zeros(2)
def loss(n):
    if n == 3:
        return np.zeros((2, 1)), None
    if n == 4:
        return [np.float32(n), None]
    kept[:] = n
    return kept, n
def number(n):
    return float(n) if n != 2 else n
"""


def test_values_that_are_alike_come_as_one_array_and_others_as_they_are(submit: Any) -> None:
    """Each as the call returned it: what is alike ends where something else is returned."""
    student = submit(two_layer_net=_CHANGING)
    values, error = student.vary("loss", Question.of([0], [[((0,), i)] for i in range(6)]), only=0)
    assert error is None
    assert [len(v.rows) if isinstance(v, Alike) else v for v in values[:2]] == [3, 1]
    found = [value[0] for value in one_by_one(values, 0)]
    assert [np.shape(value) for value in found] == [(2,), (2,), (2,), (2, 1), (), (2,)]
    assert [float(np.max(value)) for value in found] == [0, 1, 2, 0, 4, 5]
    values, error = student.vary("number", Question.of([0], [[((0,), i)] for i in range(4)]))
    assert error is None
    found = one_by_one(values, None)
    assert found == [0.0, 1.0, 2, 3.0]
    assert list(map(type, found)) == [float, float, int, float]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"values": []},
        {"values": [7]},
        {"values": [[1, 2]]},
        {"values": [{"alike": [1.0], "of": None}]},
        {"values": [{"alike": np.zeros(()), "of": None}]},
        {"values": [{"alike": np.zeros(0), "of": None}]},
        {"values": [{"alike": np.zeros(1, np.float32), "of": None}]},
        {"values": [{"alike": np.zeros(1), "of": 2.0}]},
        {"values": [[1], {"of": 2}]},
    ],
)
def test_what_is_no_answer_to_variants_holds_no_values(answer: Any) -> None:
    """A student's process may send whatever it likes in its place."""
    assert taken_apart(answer) is None


def test_a_length_that_is_a_lie_takes_no_memory() -> None:
    """Each row would become a tuple of as many elements."""
    values = taken_apart({"values": [{"alike": np.zeros(2), "of": 1 << 60}]})
    assert values is not None
    assert [len(value) for value in one_by_one(values, 0)] == [64, 64]
