"""What the tests of students' mistakes share: the harness's diagnosis of some functions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from grader.bundle import Bundle, Case, Problem
from grader.diagnose import Answer, diagnose
from grader.fingerprint import Fingerprint
from reference.golden import differs, make_bundle, run
from reference.problems.solution import SOLUTION


@functools.cache
def _bundle(problem: str) -> Bundle:
    return make_bundle("own", [problem], b"students", "hidden")


@pytest.fixture(scope="session")
def diagnosed() -> Callable[..., str]:
    """``diagnosed(problem, functions, bug)``: the bug that is named, hopefully this one.

    In its place, when none is named, stands where the answers are not those of the bug.
    """

    def name(problem_name: str, functions: Mapping[str, Callable[..., Any]], bug: str) -> str:
        bundle = _bundle(problem_name)
        problem = bundle.problems[problem_name]
        answers = {case.id: _answer(case, {**SOLUTION, **functions}) for case in problem.cases}
        note = diagnose(bundle, problem, answers)
        return f"unlike {bug} in {_unlike(problem, bug, answers)}" if note is None else note.id

    return name


def _answer(case: Case, functions: Mapping[str, Callable[..., Any]]) -> Answer:
    try:
        with np.errstate(all="ignore"):
            bound = run(case.steps, functions)
    except (ValueError, IndexError) as error:
        return Answer(raised=type(error).__name__)
    bound |= {name: seen.value for name, seen in case.observations(bound).items()}
    names = list(case.expected) or ["out"]
    outputs = {name: np.asarray(bound[name], dtype=np.float64) for name in names}
    wrong = {
        name
        for name, array in outputs.items()
        if case.raises or differs(array, case.expected[name], case.tolerance_of(name))
    }
    return Answer(outputs, frozenset(wrong))


def _unlike(problem: Problem, bug: str, answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    return [
        (case.id, name)
        for case in problem.cases
        for listed in case.bugs
        if listed.bug == bug
        for name, fingerprint in listed.outputs.items()
        if name not in answers[case.id].outputs
        or not Fingerprint.of(answers[case.id].outputs[name]).matches(fingerprint)
    ]
