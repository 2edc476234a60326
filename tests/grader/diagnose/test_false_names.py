"""A mistake that is no registered bug is never given a registered bug's name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.bundle import Bundle, Case
from grader.bundle_file import read_bundle
from grader.compare import compare
from grader.diagnose import Answer, diagnose
from grader.shipped import shipped

BUNDLE: Bundle = read_bundle(shipped("bundles") / "hw3.public.npz")
Mistake = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def _one_entry(array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    changed = np.array(array, dtype=np.float64)
    changed.flat[rng.integers(changed.size)] += rng.uniform(0.5, 2)
    return changed


MISTAKES: dict[str, Mistake] = {
    "noise": lambda a, rng: a + rng.normal(scale=0.1 * (1 + np.abs(a).max()), size=a.shape),
    "odd factor": lambda a, rng: a * rng.uniform(1.1, 1.9),
    "odd offset": lambda a, rng: a + rng.uniform(0.1, 1),
    "one entry": _one_entry,
    "shuffled": lambda a, rng: rng.permutation(a.ravel()).reshape(a.shape),
    "squared": lambda a, rng: a**2 + rng.uniform(0.01, 0.02),
}


def _answer(case: Case, outputs: dict[str, np.ndarray]) -> Answer:
    wrong = {
        name
        for name, value in outputs.items()
        if compare(name, value, case.expected[name], case.tolerance_of(name)) is not None
    }
    return Answer(outputs, frozenset(wrong))


@settings(max_examples=150)
@given(
    problem=st.sampled_from(sorted(BUNDLE.problems)),
    mistake=st.sampled_from(sorted(MISTAKES)),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_unregistered_mistakes_stay_unnamed(
    problem: str, mistake: str, seed: int, data: st.DataObject
) -> None:
    """Noise, odd factors and offsets, single entries and shuffles in any output get no name."""
    chosen = BUNDLE.problems[problem]
    rng = np.random.default_rng(seed)
    names = sorted({name for case in chosen.cases for name in case.expected})
    hit = data.draw(st.sets(st.sampled_from(names), min_size=1))
    answers = {}
    for case in chosen.cases:
        if case.raises is not None:
            answers[case.id] = Answer(raised=case.raises)
            continue
        outputs = {
            name: MISTAKES[mistake](value, rng) if name in hit else value
            for name, value in case.expected.items()
        }
        answers[case.id] = _answer(case, outputs)
    wrong = {name for answer in answers.values() for name in answer.wrong}
    assume(wrong)
    assert diagnose(BUNDLE, chosen, answers, outputs=wrong) is None


def test_right_answers_in_another_rounding_are_right_and_unnamed() -> None:
    """Golden values with a relative error of 1e-9 pass every case and name nothing."""
    rng = np.random.default_rng(0)
    for problem in BUNDLE.problems.values():
        answers = {}
        for case in problem.cases:
            outputs = {
                name: value * (1 + rng.uniform(-1e-9, 1e-9, value.shape))
                if value.dtype.kind == "f"
                else value
                for name, value in case.expected.items()
            }
            answers[case.id] = _answer(case, outputs)
            assert not answers[case.id].wrong, (problem.name, case.id)
        raised = {case.id: Answer(raised=case.raises) for case in problem.cases if case.raises}
        assert diagnose(BUNDLE, problem, answers | raised) is None
