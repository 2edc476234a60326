"""reference/stubs: what students start from, for every function of the catalogue."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from grader.assignment_file import load_assignment
from grader.oracle import find_oracle
from grader.template import starting_files
from reference.problems.catalogue import AREAS
from reference.problems.solution import SOLUTION

_ROOT = Path(__file__).parents[2]
_STUBS = _ROOT / "reference" / "stubs"
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
_SETTLED = [
    pytest.param(plan.function, plan.setting.convention, values, id=plan.name)
    for plans in AREAS.values()
    for plan in plans
    if plan.setting and (values := [other.setting.value for other in plan.alternatives])
]


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


@pytest.mark.parametrize(("function", "convention", "values"), _SETTLED)
def test_a_docstring_says_what_the_assignment_s_convention_asks_for(function, convention, values):
    """Who does what it says is right: each value has words of its own, in lines that fit."""
    owner = function.partition(".")[0]
    names = [*dict.fromkeys((owner.replace("_backward", "_forward"), owner))]
    texts = {_composed(names, {}), *(_composed(names, {convention: value}) for value in values)}
    assert len(texts) == 1 + len(values)
    for text in texts:
        ast.parse(text)
        assert max(map(len, text.split("\n"))) <= 100


def _composed(names, conventions):
    rules = load_assignment(_ROOT / "fixtures/assignments/windows.yaml")
    changed = {"files": {"all.py": names}, "names": {}, "conventions": conventions}
    return starting_files(rules.model_copy(update=changed), find_oracle())["all.py"].decode()


def test_every_wording_is_found():
    """No table of conventions speaks of words that no docstring has any more."""
    for path in sorted(_STUBS.glob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign):
                stubs = text.replace(ast.get_source_segment(text, node), "")
                for values in ast.literal_eval(node.value).values():
                    for words in values.values():
                        for usual in words:
                            assert usual in stubs, f"{path.name}: {usual!r}"
