"""A mistake that is no registered bug gets no registered bug's name, on any problem there is."""

from __future__ import annotations

from collections.abc import Callable, Container

import numpy as np
import pytest

from grader.bundle import Bundle, Problem
from grader.diagnose import Answer, mistakes
from reference.golden import differs
from reference.problems.catalogue import CATALOGUE

pytestmark = pytest.mark.slow  # every problem of the catalogue, a few times

Mistake = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def _one_entry(array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    changed = np.array(array, dtype=np.float64)
    if changed.size:
        changed.flat[rng.integers(changed.size)] += rng.uniform(0.5, 2)
    return changed


MISTAKES: dict[str, Mistake] = {
    "noise": lambda a, rng: (
        a + rng.normal(scale=0.1 * (1 + np.abs(a).max(initial=0)), size=a.shape)
    ),
    "odd factor": lambda a, rng: a * rng.uniform(1.1, 1.9),
    "odd offset": lambda a, rng: a + rng.uniform(0.1, 1),
    "one entry": _one_entry,
    "NaN": lambda a, _: np.full(a.shape, np.nan),
}


def _some(problem: Problem, rng: np.random.Generator) -> set[str]:
    names = list(dict.fromkeys(name for case in problem.cases for name in case.expected))
    return set(rng.choice(names, rng.integers(1, len(names) + 1), replace=False).tolist())


def _answers(
    problem: Problem, mistake: Mistake, hit: Container[str], rng: np.random.Generator
) -> dict[str, Answer]:
    """Golden answers to all cases, with the mistake in the outputs ``hit``."""
    answers = {}
    for case in problem.cases:
        outputs = {
            name: mistake(value, rng) if name in hit else value
            for name, value in case.expected.items()
        }
        wrong = {n for n in outputs if differs(outputs[n], case.expected[n], case.tolerance_of(n))}
        raised = {"raised": case.raises} if case.raises else {}
        answers[case.id] = Answer(outputs, frozenset(wrong), **raised)
    return answers


@pytest.mark.parametrize("mistake", MISTAKES)
def test_unregistered_mistakes_stay_unnamed(bundle: Bundle, mistake: str) -> None:
    """Noise, odd factors and offsets, single entries and NaN in some outputs: no name, nor two."""
    rng = np.random.default_rng(0)
    named = {}
    for name in [*CATALOGUE] * 3:
        problem = bundle.problems[name]
        answers = _answers(problem, MISTAKES[mistake], _some(problem, rng), rng)
        wrong = {output for answer in answers.values() for output in answer.wrong}
        if wrong:
            notes = mistakes(bundle, problem, answers, outputs=wrong)
            named |= {name: [note.id for note in notes]} if notes else {}
    assert named == {}


def test_the_zeros_of_an_unfinished_function_name_nothing_else(bundle: Bundle) -> None:
    """Skeletons make arrays of zeros, and return them; only a bug that is just that is named."""
    rng = np.random.default_rng(0)
    for problem in bundle.problems.values():
        answers = _answers(problem, lambda a, _: np.zeros_like(a), problem.outputs, rng)
        notes = mistakes(bundle, problem, answers)
        assert {note.id for note in notes} <= {"small_gaussian_init/zeros"}, problem.name
