"""Cases that are run in advance come out as if each were run alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from grader.bundle import Bound, Case, Step
from grader.checks.advance import run_in_advance
from grader.checks.case_run import CaseRun, without_bulk
from grader.result import CheckResult, Result, Status
from grader.sandbox import ForkServer
from grader.student import Student

Mark = Callable[..., Result]

LAYERS = (
    Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good" / "layers.py"
).read_text()


def _check(result: Result, check_id: str) -> CheckResult:
    return next(c for part in result.parts for c in part.checks if c.id == check_id)


def test_the_last_forward_pass_is_the_one_that_backward_belongs_to(mark: Mark) -> None:
    """Whoever keeps the cache in a global finds there what the case's own forward pass left."""
    text = (
        f"{LAYERS}\n_forward, _backward, _last = conv_forward, conv_backward, None\n"
        "def conv_forward(x, w, b, conv_param):\n    global _last\n"
        "    out, _last = _forward(x, w, b, conv_param)\n    return out, None\n"
        "def conv_backward(dout, cache):\n    return _backward(dout, _last)\n"
    )
    result = mark(layers=text)
    assert _check(result, "conv/backward").status is Status.OK
    assert _check(result, "conv/backward/no_padding").status is Status.OK


def test_what_ends_the_process_costs_only_its_own_cases(mark: Mark) -> None:
    """The others of the same function, and all of later functions, are run all the same."""
    text = (
        f"{LAYERS}\nimport os\n_honest, _seen = conv_forward, []\n"
        "def conv_forward(x, w, b, conv_param):\n"
        "    if conv_param['stride'] == 2 and conv_param['pad'] == 1: os._exit(0)\n"
        "    return _honest(x, w, b, conv_param)\n"
    )
    result = mark(layers=text)
    forward = _check(result, "conv/forward")
    assert forward.cases is not None
    right, tried = forward.cases
    assert 0 < right < tried
    assert _check(result, "max_pool/forward").status is Status.OK
    assert _check(result, "avg_pool/backward").status is Status.OK


def test_a_forward_pass_without_a_cache_ends_its_case_alone(mark: Mark) -> None:
    """The backward step has nothing to be called with; the functions after it are not affected."""
    text = (
        f"{LAYERS}\n_forward = max_pool_forward\n"
        "def max_pool_forward(x, pool_param):\n    return _forward(x, pool_param)[0]\n"
    )
    result = mark(layers=text)
    assert "returned no cache" in _check(result, "max_pool/backward").findings[0].what
    assert _check(result, "avg_pool/backward").status is Status.OK


def test_large_answers_are_judged_by_their_shape_and_not_kept(mark: Mark) -> None:
    """It is told as it is of small ones; other functions are not affected."""
    text = (
        f"{LAYERS}\n_forward = conv_forward\n"
        "def conv_forward(x, w, b, conv_param):\n"
        "    return np.zeros((1 << 10, 1 << 10)), _forward(x, w, b, conv_param)[1]\n"
    )
    result = mark(layers=text)
    forward = _check(result, "conv/forward")
    assert forward.earned == 0
    assert "has a shape far from the expected" in forward.findings[0].what
    assert _check(result, "conv/backward").status is Status.OK
    assert _check(result, "max_pool/forward").status is Status.OK


def test_only_large_arrays_of_another_shape_lose_their_values() -> None:
    """What can be right is kept, and the shape and kind of all."""
    large = np.ones(1 << 18)
    case = Case("any", "", frozenset(), [], expected={"right": large, "wrong": np.ones(3)})
    bound = {"right": large, "wrong": large.astype(np.float32), "small": np.ones(2), "text": "x"}
    kept = without_bulk(CaseRun(case, {**bound, "wrong": np.tile(bound["wrong"], 2)})).bound
    assert kept["right"] is large
    assert kept["small"] is bound["small"]
    assert kept["text"] == "x"
    wrong = kept["wrong"]
    assert (wrong.shape, wrong.dtype, wrong.base.nbytes) == ((1 << 19,), np.float32, 4)


@contextmanager
def _student(server: ForkServer, tmp_path: Path, source: str) -> Iterator[Student]:
    from grader.assignment_file import load_assignment
    from grader.intake import open_submission

    (tmp_path / "layers.py").write_text(source)
    assignment = load_assignment("hw3")
    workspace = open_submission(tmp_path, assignment.limits)
    with Student(server, workspace, assignment) as student:
        yield student


@pytest.mark.parametrize("nested", [True, False])
def test_steps_that_need_a_value_are_not_run_in_advance(
    server: ForkServer, tmp_path: Path, nested: bool
) -> None:
    """Only what stays inside can be passed on unseen."""
    first = Step("conv_forward", [1.0], ["out", "#cache"])
    wanted = [[Bound("cache")]] if nested else [Bound("out")]
    needy = Case("needy", "", frozenset(), [first, Step("conv_backward", wanted, "dx")])
    plain = Case("plain", "", frozenset(), [first, Step("conv_backward", [Bound("cache")], "dx")])
    source = "def conv_forward(x): return x, x\ndef conv_backward(c): return c\n"
    with _student(server, tmp_path, source) as student:
        known = run_in_advance(student, [needy, plain])
    assert [len(steps) for steps in known] == [0, 2]
