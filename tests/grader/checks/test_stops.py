"""A function that is stopped costs its own points, never those of others, and bounded time."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking
from grader.result import CheckResult, Result
from grader.sandbox import ForkServer

pytestmark = pytest.mark.slow  # processes that have to be waited for

Mark = Callable[..., Result]

GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"
LAYERS = (GOOD / "layers.py").read_text()
_LIMITS = {"call_cpu_seconds": 0.2, "import_cpu_seconds": 0.5, "memory_mb": 256}


@pytest.fixture
def impatient(marking: Marking) -> Marking:
    """Marking with limits that are soon exceeded."""
    limits = marking.assignment.limits.model_copy(update=_LIMITS)
    assignment = marking.assignment.model_copy(update={"limits": limits})
    return dataclasses.replace(marking, assignment=assignment)


@pytest.fixture
def mark_with(tmp_path: Path, server: ForkServer, impatient: Marking) -> Mark:
    """Mark the good sample with another body of conv_forward."""

    def marked(body: str, top: str = "") -> Result:
        for source in GOOD.iterdir():
            if source.is_file():
                (tmp_path / source.name).write_bytes(source.read_bytes())
        text = f"{LAYERS}\n{top}\n_honest = conv_forward\n"
        text += f"def conv_forward(x, w, b, conv_param):\n    {body}\n"
        (tmp_path / "layers.py").write_text(text)
        return grade(tmp_path, impatient, train=False, server=server)

    return marked


def _others(result: Result) -> list[CheckResult]:
    """Golden checks of all other functions."""
    return [
        check
        for part in result.parts
        for check in part.checks
        if check.cases is not None and not check.id.startswith("conv/")
    ]


_ENDS = [
    pytest.param("import os; os._exit(0)", "ended by the code itself", id="exit"),
    pytest.param("import sys; sys.exit(1)", r"tried to end the program", id="sys.exit"),
    pytest.param("import os; os.abort()", "crashed in conv_forward", id="crash"),
    pytest.param("while True: pass", "stopped after 0.2.* s of CPU time in conv_forward", id="cpu"),
    pytest.param(
        "import numpy as np; np.ones(1 << 30)", "needs more than 256 MB of memory", id="memory"
    ),
    pytest.param(
        "while True: print('y' * (1 << 22))",
        "(after it printed 6[4-9] MB .limit 64 MB|0.2.* s of CPU time)",
        id="output",
    ),
    pytest.param(
        "open('x', 'wb').write(b'.' * (17 << 20))", "wrote a file of more than 16 MB", id="files"
    ),
    pytest.param(
        "import sys; sys.setrecursionlimit(10 ** 6); conv_forward(x, w, b, conv_param)",
        "(crashed in|raised RecursionError|needs more than|CPU time)",
        id="recursion",
    ),
]


@pytest.mark.parametrize(("body", "message"), _ENDS)
def test_other_checks_go_on(mark_with: Mark, body: str, message: str) -> None:
    """However a function ends its process, every other function has its points."""
    result = mark_with(body)
    check = result.check("conv/forward")
    assert check.earned == 0
    assert check.findings[0].help
    assert re.search(message, check.findings[0].what)
    others = _others(result)
    assert len(others) >= 10
    assert [check.id for check in others if check.earned != check.points] == []


def test_a_function_is_stopped_twice_and_then_not_run(mark_with: Mark) -> None:
    """The cases after that are failed and say so."""
    result = mark_with("while True: pass")
    found = [
        finding.what for part in result.parts for check in part.checks for finding in check.findings
    ]
    assert any(what.startswith("not run: conv_forward was stopped in 2 ") for what in found)
    assert {finding.stopped for finding in result.check("conv/forward").findings} == {"cpu"}


def test_one_odd_case_costs_one_case(mark_with: Mark) -> None:
    """A function that hangs on one kind of input keeps what it earns on the others."""
    odd = "conv_param['stride'] == 2 and conv_param['pad'] == 1 and x.shape[0] == 2"
    body = f"\n    while {odd}: pass\n    return _honest(x, w, b, conv_param)"
    check = mark_with(body).check("conv/forward")
    assert check.cases is not None
    assert 0 < check.cases[0] < check.cases[1]
    assert "CPU time" in check.findings[0].what


def test_a_file_whose_import_is_stopped_costs_what_it_defines(mark_with: Mark) -> None:
    """The network is in another file, and has all its points."""
    result = mark_with("return 1", top="while True: pass")
    assert result.check("conv/forward").earned == 0
    assert result.check("conv/forward").findings[0].stopped == "import"
    assert result.check("max_pool/forward").earned == 0
    network = [check for check in _others(result) if check.id.startswith(("forward/", "backward"))]
    assert network
    assert all(check.earned == check.points for check in network)
