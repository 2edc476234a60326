"""What is still as it was handed out is to be written; it is no wrong answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking, prepare
from grader.result import CheckResult
from grader.sandbox import ForkServer

Mark = Callable[[str], dict[str, CheckResult]]

_FORWARD = """
def max_pool_forward(x, pool_param):
    out = None
    # TODO: implement the forward pass
    pass
    cache = {cache}
    return out, cache
"""
_BACKWARD = """
def max_pool_backward(dout, cache):
    dx = None
    x, pool_param = cache
    {work}
    return dx
"""


@pytest.fixture(scope="module")
def windows() -> Marking:
    """Convolution and pooling, composed from the catalogue."""
    path = Path(__file__).parents[3] / "fixtures/assignments/windows.yaml"
    return prepare(path, visibility="hidden", seed="tests")


@pytest.fixture
def mark(tmp_path: Path, windows: Marking, server: ForkServer) -> Mark:
    """Marks one file and gives its checks."""

    def marked(text: str) -> dict[str, CheckResult]:
        (tmp_path / "pool.py").write_text(f"import numpy as np\n{text}")
        result = grade(tmp_path / "pool.py", windows, server=server)
        return {check.id: check for part in result.parts for check in part.checks}

    return marked


def test_a_skeleton_is_not_written_yet(mark: Mark) -> None:
    """It returns None; said is that it is to be written, and where."""
    checks = mark(_FORWARD.format(cache="(x, pool_param)") + _BACKWARD.format(work="pass"))
    forward = checks["pool_forward"]
    assert (forward.status.value, forward.earned) == ("todo", 0)
    assert forward.findings[0].what == "max_pool_forward is not written yet"
    assert forward.findings[0].place is not None


@pytest.mark.parametrize("cache", ["None", "(x, pool_param)"])
def test_what_builds_on_a_skeleton_waits_for_it(mark: Mark, cache: str) -> None:
    """Whether the backward pass then raises or answers wrongly, the fault is not its own."""
    work = "dx = np.zeros(x.shape) + dout.sum()"
    checks = mark(_FORWARD.format(cache=cache) + _BACKWARD.format(work=work))
    backward = checks["pool_backward"]
    assert (backward.status.value, backward.waits_for) == ("wait", "pool_forward")


def test_a_wrong_answer_of_written_code_is_wrong(mark: Mark) -> None:
    """Code that computes something and returns None has forgotten to return it."""
    checks = mark("def max_pool_forward(x, pool_param):\n    np.maximum(x, 0)\n    pass\n")
    assert checks["pool_forward"].status.value == "fail"
