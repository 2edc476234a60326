"""Right solutions in styles of their own pass every case: a false failure is the worst defect.

The modules of tests/reference/students return lists for arrays and floats for labels, change their
arguments in place, take other ways to the same numbers, and other signs and orders where they are
free.
"""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from grader.compare import compare
from grader.worker.wire import decode, encode_bytes
from reference.case_steps import run
from reference.golden import make_bundle
from reference.problems.catalogue import AREAS, CATALOGUE
from reference.problems.solution import SOLUTION

_STUDENTS = Path(__file__).resolve().parents[1] / "students"


def _functions():
    functions = {}
    for path in sorted(_STUDENTS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"students_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        functions |= module.FUNCTIONS
    return functions


FUNCTIONS = _functions()
PROBLEMS = [name for name, plan in CATALOGUE.items() if plan.function in FUNCTIONS]


def test_whole_areas_are_written_in_other_styles():
    """No function of these areas is left out."""
    for area in (
        "pooling",
        "normalisation",
        "dropout",
        "blocks",
        "preprocessing",
        "augmentation",
        "kernels",
        "classifiers",
        "search",
    ):
        assert {plan.function for plan in AREAS[area]} <= FUNCTIONS.keys()


@pytest.mark.parametrize("name", PROBLEMS)
def test_another_style_is_right(name):
    """Every output is accepted by the comparison that marks submissions."""
    problem = make_bundle("own", [name], b"styles", "hidden", bugs=[]).problems[name]
    for case in problem.cases:
        if case.raises is not None:
            with pytest.raises(ValueError):  # noqa: PT011  its words are the student's
                run(copy.deepcopy(case.steps), {**SOLUTION, **FUNCTIONS})
            continue
        bound = run(copy.deepcopy(case.steps), {**SOLUTION, **FUNCTIONS})
        seen = bound | {key: found.value for key, found in case.observations(bound).items()}
        for output, want in case.expected.items():
            value = decode(encode_bytes(seen[output]))  # what the harness gets to see
            value = case.in_shape(output, value) if isinstance(value, np.ndarray) else value
            assert compare(output, value, want, case.tolerance_of(output)) is None, case.id
