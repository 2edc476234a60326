"""Calls that are asked for all at once give what they give one by one."""

from __future__ import annotations

from typing import Any

from grader.student import NotDefined, NotWritten, Raised, Returned, Stopped
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


def test_a_series_ends_when_its_answers_are_too_large_all_together(submit: Any) -> None:
    """The rest can be asked for again; nobody is to blame for it."""
    source = "import numpy as np\ndef conv_forward(n): return np.zeros(n)\n"
    student = submit(layers=source)
    outcomes = student.call_each([Call("conv_forward", [1 << 22]) for _ in range(6)])
    answered = [isinstance(outcome, Returned) for outcome in outcomes]
    assert answered in ([True] * 2 + [False] * 4, [True] * 3 + [False] * 3)
    assert outcomes[-1] is None
    assert student.conv_forward(3).shape == (3,)
