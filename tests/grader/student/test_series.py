"""Calls that are asked for all at once give what they give one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.student import NotDefined, NotWritten, Raised, Returned, Stopped, Unsendable
from grader.student.series import Call, Kept

_LAYERS = """\
import os, sys, numpy as np
calls = []

def conv_forward(x):
    calls.append("f")
    if x < 0: raise ValueError("negative")
    return x + 1, {"x": x}

def conv_backward(dout, cache):
    return dout * cache["x"]

def max_pool_forward(x):
    while x == 0: pass
    return x

def max_pool_backward(x):
    if x == 2: os._exit(0)
    return x

def avg_pool_forward(x): pass

def avg_pool_backward(x):
    return len(calls)
"""


def _values(outcomes: Any) -> list[Any]:
    return [each.value if isinstance(each, Returned) else each for each in outcomes]


def test_what_a_call_keeps_inside_is_passed_on_to_a_later_one(submit: Any) -> None:
    """Each backward step gets the cache of its own forward step, in the order of the series."""
    student = submit(layers=_LAYERS)
    pairs = [
        call
        for i in range(3)
        for call in (
            Call("conv_forward", [float(i)], keep=(1,)),
            Call("conv_backward", [10.0, Kept(2 * i, 1)]),
        )
    ]
    values = _values(student.call_each(pairs))
    assert [value[0] for value in values[::2]] == [1.0, 2.0, 3.0]
    assert values[1::2] == [0.0, 10.0, 20.0]
    # A handle from a series serves like any other.
    assert student.conv_backward(2.0, values[4][1]) == 4.0


def test_a_call_that_fails_leaves_the_others_alone(submit: Any) -> None:
    """Only what needed its answer has none; errors are those of single calls."""
    student = submit(layers=_LAYERS)
    raised, dependent, fine, empty, absent = student.call_each(
        [
            Call("conv_forward", [-1.0], keep=(1,)),
            Call("conv_backward", [1.0, Kept(0, 1)]),
            Call("conv_forward", [1.0]),
            Call("avg_pool_forward", [1.0]),
            Call("nothing", []),
        ]
    )
    assert isinstance(raised, Raised)
    assert raised.type_name == "ValueError"
    assert not isinstance(dependent, Returned)
    assert fine.value == (2.0, {"x": 1.0})
    assert isinstance(empty, NotWritten)
    assert isinstance(absent, NotDefined)


def test_the_call_that_ends_the_process_is_known_when_it_was_the_first(submit: Any) -> None:
    """It has the error of a single call; those after it are unknown, those before it are not."""
    student = submit(layers=_LAYERS)
    before, stopped, after = student.call_each(
        [
            Call("avg_pool_backward", [0]),
            Call("max_pool_forward", [0]),
            Call("max_pool_forward", [1]),
        ]
    )
    assert before.value == 0
    assert isinstance(stopped, Stopped)
    assert stopped.reason == "cpu"
    assert after is None
    assert student.max_pool_forward(1) == 1


def test_no_call_is_blamed_for_a_later_one(submit: Any) -> None:
    """Where answers may have been lost on the way, no call is said to have ended the process."""
    student = submit(layers=_LAYERS)
    outcomes = student.call_each([Call("max_pool_backward", [i]) for i in range(4)])
    blamed = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Stopped)]
    assert blamed in ([], [2])
    assert all(outcome is None for outcome in outcomes[3:])


def test_the_call_that_ends_the_process_is_known_the_second_time(submit: Any) -> None:
    """One that runs into its limit costs its time at most once more than when it is run alone."""
    student = submit(layers=_LAYERS)
    calls = [Call("max_pool_backward", [i]) for i in range(4)]
    student.call_each(calls)
    first, second, stopped, after = student.call_each(calls)
    assert (first.value, second.value) == (0, 1)
    assert isinstance(stopped, Stopped)
    assert after is None


def test_each_call_of_a_series_has_the_whole_limit(submit: Any) -> None:
    """Calls of 0.15 s each pass a limit of 0.3 s, however many there are."""
    source = (
        "import time\ndef conv_forward(x):\n"
        "    end = time.process_time() + 0.15\n    while time.process_time() < end: pass\n"
        "    return x\n"
    )
    outcomes = submit(layers=source).call_each([Call("conv_forward", [i]) for i in range(4)])
    assert _values(outcomes) == [0, 1, 2, 3]


def test_a_returned_buffer_may_change_while_its_answer_waits(submit: Any) -> None:
    """A function that returns the same array each time has returned each of its contents."""
    source = "import numpy as np\nout = np.zeros(3)\ndef conv_forward(x):\n    out[:] = x\n"
    student = submit(layers=source + "    return out\n")
    values = _values(student.call_each([Call("conv_forward", [i]) for i in range(5)]))
    assert [value.tolist() for value in values] == [[i] * 3 for i in range(5)]


def test_large_answers_come_whole(submit: Any) -> None:
    """More than any buffer on the way holds."""
    source = "import numpy as np\ndef conv_forward(n): return np.full(n, float(n))\n"
    sizes = [10, 300_000, 5, 700_000, 3]
    values = _values(
        submit(layers=source).call_each([Call("conv_forward", [size]) for size in sizes])
    )
    assert [value.shape for value in values] == [(size,) for size in sizes]
    assert all((value == size).all() for value, size in zip(values, sizes, strict=True))


def test_a_forged_answer_is_noticed_within_a_series(submit: Any) -> None:
    """Each answer has a number of its own; one too many does not pass for the next."""
    source = (
        "import os, sys\nwire = sys.modules['goldgrad_worker.wire']\n"
        "frames = sys.modules['goldgrad_worker.frames']\ndef conv_forward(x):\n"
        "    body = wire.encode_bytes({'value': 7, 'modified': ()})\n"
        "    os.write(3, frames.header([body], 4) + body)\n    return x\n"
    )
    first, second, third = submit(layers=source).call_each(
        [Call("conv_forward", [i]) for i in range(3)]
    )
    assert first.value == 7
    assert not isinstance(second, Returned)
    assert third is None


def test_variants_are_fresh_copies_with_something_else_in_places(submit: Any) -> None:
    """Nested places can be changed; what one call does to its arguments, no other one sees."""
    source = (
        "def loss(params, X):\n"
        "    params['W'] += 1; params['new'] = 1; X.append(1)\n"
        "    return params['W'].sum() + 100 * len(X), params\n"
    )
    student = submit(two_layer_net=source)
    values, error = student.vary(
        "loss",
        [{"W": np.zeros(2), "b": np.zeros(1)}, []],
        [[], [((0, "W"), np.ones(2))], [((0, "W"), np.ones(2)), ((1,), [5, 6])], []],
        only=0,
    )
    assert error is None
    assert values == [(102.0, None), (104.0, None), (304.0, None), (102.0, None)]


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
    values, error = student.vary("loss", [0], [[((0,), i)] for i in range(4)])
    assert isinstance(error, kind)
    assert values in ([0, 1], [0], [])  # those that waited are lost with their process
    assert student.loss(5) == 5


def test_variants_end_when_their_values_are_too_large_all_together(submit: Any) -> None:
    """Whatever waits in the grader's memory is bounded, not only each value."""
    source = "import numpy as np\nbig = np.zeros(1 << 22)\ndef loss(x): return big\n"
    student = submit(two_layer_net=source)
    values, error = student.vary("loss", [0], [[((0,), i)] for i in range(20)])
    assert isinstance(error, Unsendable)
    assert "too large" in str(error)
    assert 1 <= len(values) <= 4
    assert student.loss(5).shape == (1 << 22,)


def test_a_series_ends_when_its_answers_are_too_large_all_together(submit: Any) -> None:
    """The rest can be asked for again; nobody is to blame for it."""
    source = "import numpy as np\ndef conv_forward(n): return np.zeros(n)\n"
    student = submit(layers=source)
    outcomes = student.call_each([Call("conv_forward", [1 << 22]) for _ in range(6)])
    answered = [isinstance(outcome, Returned) for outcome in outcomes]
    assert answered in ([True] * 2 + [False] * 4, [True] * 3 + [False] * 3)
    assert outcomes[-1] is None
    assert student.conv_forward(3).shape == (3,)


def test_variants_do_not_pay_for_what_earlier_calls_printed(submit: Any) -> None:
    """A process may print so much in all; a fresh one has printed nothing."""
    source = "def loss(n):\n    print('x' * (n << 20))\n    return n\n"
    student = submit(two_layer_net=source)
    assert student.loss(40) == 40
    assert student.vary("loss", [20], [[], []]) == ([20, 20], None)
    values, error = student.vary("loss", [40], [[], []])
    assert isinstance(error, Stopped)
    assert error.reason == "output"
    assert values in ([40], [])
