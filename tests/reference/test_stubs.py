"""reference/stubs: what students start from, for every function of the catalogue."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from reference.problems.solution import SOLUTION

_STUBS = Path(__file__).parents[2] / "reference" / "stubs"
# The homework's own template is written by hand, in student_template.
_BY_HAND = {"forward", "loss", "predict"}


def _stubs() -> dict[str, ast.FunctionDef | ast.ClassDef]:
    found: dict[str, ast.FunctionDef | ast.ClassDef] = {}
    for path in sorted(_STUBS.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert node.name not in found, f"two stubs of {node.name}"
                found[node.name] = node
    return found


STUBS = _stubs()


def test_every_function_has_a_stub():
    """Whatever an assignment picks, its students have something to start from."""
    assert {*STUBS} | _BY_HAND >= {*SOLUTION}


@pytest.mark.parametrize("name", [n for n, s in STUBS.items() if isinstance(s, ast.FunctionDef)])
def test_a_stub_has_the_reference_s_parameters_and_does_nothing(name):
    """The same names in the same order, a docstring, and NotImplementedError."""
    stub = STUBS[name]
    assert [a.arg for a in stub.args.args] == list(inspect.signature(SOLUTION[name]).parameters)
    assert len(ast.get_docstring(stub) or "") > 40
    last = stub.body[-1]
    assert isinstance(last, ast.Raise)
    assert len(stub.body) == 2
