"""Facts of a submission, learnt inside the wall."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from grader.assignment import Assignment
from grader.intake.workspace import SourceFile, Workspace
from grader.result import SubmissionInfo
from grader.sandbox import Channel, ForkServer
from grader.student import Student, inspect_sources

# Nested so deeply that Python's parser gives up, or overflows the C stack.
_HOSTILE = {
    "parentheses": "x = " + "(" * 5000 + ")" * 5000,
    "minus": "x = " + "-" * 200_000 + "1",
    "attributes": "x = a" + ".b" * 100_000,
    "additions": "x = " + "1+" * 50_000 + "1",
    "lambdas": "x = " + "lambda: " * 20_000 + "1",
    "blocks": "\n".join(" " * n + "if x:" for n in range(200)) + "\n" + " " * 201 + "pass",
    "nul": "x = 1\0",
}


def _workspace(**sources: str) -> Workspace:
    info = SubmissionInfo(name="t", kind="folder", sha256="0" * 64)
    return Workspace(info, tuple(SourceFile(f"{n}.py", t) for n, t in sources.items()), None)


def test_facts_arrive_with_their_types(server: ForkServer, assignment: Any) -> None:
    """Functions, imports with verdicts, literals, constants, and syntax errors."""
    inspection = inspect_sources(
        server,
        _workspace(
            layers="import numpy as np\nimport torch\nfrom train import *\ndef f(): pass\nK = 3\n",
            train="WEIGHTS = [" + "0.5, " * 300 + "]\nclass Net:\n    def g(self): pass\n",
            broken="def f(:\n",
        ),
        assignment,
    )
    layers = inspection.file("layers.py")
    assert layers is not None
    assert layers.function("f").stub  # type: ignore[union-attr]
    assert layers.star
    assert [(i.module, i.line, i.verdict) for i in layers.imports] == [
        ("numpy", 1, "allowed"),
        ("torch", 2, "forbidden"),
        ("train", 3, "own"),
    ]
    assert layers.constants == {"K": 3}
    train = inspection.file("train.py")
    assert train is not None
    assert (train.literals.largest, train.literals.largest_line) == (300, 1)
    assert train.definitions == {"g"}
    broken = inspection.file("broken.py")
    assert broken is not None
    assert broken.problem is not None
    assert (broken.problem.line, broken.problem.text) == (1, "def f(:")


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_source_that_breaks_the_parser_harms_no_other(
    server: ForkServer, assignment: Any, name: str
) -> None:
    """Whether it ends in an error, a crash or a stall: the other file's facts arrive."""
    inspection = inspect_sources(
        server, _workspace(layers="def f(x): return x\n", hostile=_HOSTILE[name]), assignment
    )
    layers, hostile = inspection.files
    assert [f.name for f in layers.functions] == ["f"]
    assert hostile.path == "hostile.py"


def test_the_likeliest_file_comes_first(server: ForkServer, assignment: Any) -> None:
    """Expected and binding, binding, expected with a star, others with a star."""
    inspection = inspect_sources(
        server,
        _workspace(
            a="from x import *",
            b="def f(): return 1",
            layers="from b import *",
            c="x = 1",
        ),
        assignment,
    )
    assert inspection.candidates("f", "layers.py") == ["b.py", "layers.py", "a.py"]
    assert inspection.candidates("f", "b.py") == ["b.py", "a.py", "layers.py"]
    assert inspection.candidates("g", "layers.py") == ["layers.py", "a.py"]


def test_what_is_written_comes_before_what_was_handed_out(
    server: ForkServer, assignment: Any
) -> None:
    """Two years of a course in one folder: the file with more that is written has all it has."""
    skeleton = "def {0}(x):\n    out = None\n    pass\n    return out\n"
    written = "def {0}(x):\n    return x + 1\n"
    inspection = inspect_sources(
        server,
        _workspace(
            one=written.format("f") + skeleton.format("g") + skeleton.format("h"),
            two=written.format("f") + written.format("g"),
            nets="class Net:\n    def __init__(self): self.x = 1\n    def loss(self): pass\n",
            more="class Net:\n    def loss(self): return self.x * 2\n",
        ),
        assignment,
    )
    assert inspection.candidates("f", None, ["f", "g", "h"]) == ["two.py", "one.py"]
    assert inspection.candidates("f", "one.py", ["f", "g", "h"]) == ["one.py", "two.py"]
    assert inspection.candidates("g", "one.py") == ["two.py", "one.py"]
    assert inspection.candidates("h", None) == ["one.py"]
    assert inspection.candidates("Net", "nets.py") == ["more.py", "nets.py"]


def test_a_definition_is_told_from_an_import(server: ForkServer, assignment: Any) -> None:
    """A file that defines a function comes before one that imports it, and is its place."""
    inspection = inspect_sources(
        server,
        _workspace(
            a="from sub_layers import f",
            b="from b2 import *",
            sub_layers="x = 1\ndef f(): return 1",
        ),
        assignment,
    )
    assert inspection.candidates("f", None) == ["sub_layers.py", "a.py", "b.py"]
    for path in ("a.py", "b.py", "sub_layers.py"):
        definition = inspection.definition(path, "f")
        assert definition is not None
        assert (definition[0], definition[1].line) == ("sub_layers.py", 2)
    assert inspection.definition("a.py", "g") is None


@pytest.mark.slow
def test_files_that_stall_the_parser_are_not_all_waited_for(
    server: ForkServer, assignment: Any
) -> None:
    """Hundreds that each take their whole limit would cost the better part of an hour."""
    limits = assignment.limits.model_copy(update={"import_cpu_seconds": 0.2})
    hurried = assignment.model_copy(update={"limits": limits})
    heavy = {f"heavy{n:02}": "x = [1, (2, 3)]\n" * 50_000 for n in range(12)}
    inspection = inspect_sources(server, _workspace(a="def f(): pass\n", **heavy), hurried)
    first, *others = inspection.files
    assert [f.name for f in first.functions] == ["f"]
    problems = [facts.problem.message for facts in others if facts.problem is not None]
    assert len(problems) == 12
    assert "took too long over other files" in problems[-1]
    assert "cannot cope with this file" in problems[0]


def test_the_process_that_read_the_sources_runs_them(
    server: ForkServer, assignment: Assignment
) -> None:
    """One process does for a submission; what reading cost is not the student's time."""
    adopted: list[Channel] = []
    given = _workspace(layers="def f(): return 1\n")
    inspect_sources(server, given, assignment, adopted.append)
    (channel,) = adopted
    assert channel.ended is None
    channel.close()
    with Student(server, given, assignment) as student:
        assert student.inspection.file("layers.py") is not None
        assert student.cpu_seconds == 0.0
        (process,) = _living(server)
        assert student.f() == 1
        assert _living(server) == [process]
    assert _living(server) == []


def test_one_that_has_died_since_is_replaced(server: ForkServer, assignment: Assignment) -> None:
    """Nothing of the student's has run by then, so it costs the student nothing."""
    with Student(server, _workspace(layers="def f(): return 1\n"), assignment) as student:
        assert student.inspection.files
        (channel,) = _living(server)
        os.kill(channel.pid, signal.SIGKILL)
        assert student.f() == 1


def _living(server: ForkServer) -> list[Channel]:
    """The processes that live; the server is shared, but tests run one after the other."""
    return list(server._channels)
