"""reference/composed.py: compositions give the golden answers, and know what bugs hide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.bundle import Bundle, Step
from grader.composition import answers
from grader.errors import BadAssignment
from reference import golden
from reference.case_steps import run
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import Recipe
from reference.problems.solution import SOLUTION

pytestmark = pytest.mark.slow  # a bundle of its own

COMPOSED = [name for name, plan in CATALOGUE.items() if plan.compositions]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """All problems with compositions."""
    return golden.make_bundle("small", COMPOSED, b"composed", "hidden", pairs=False)


@pytest.mark.parametrize("name", COMPOSED)
def test_the_solution_s_functions_give_the_golden_answers(bundle: Bundle, name: str) -> None:
    """In every case and setting, and with no use of the function itself."""
    base = bundle.problems[name]
    for problem in (base, *base.alternatives):
        for case in problem.cases:
            assert case.compositions, case.id
            for made in case.compositions:
                assert problem.function not in {step.function for step in made.steps}
                if problem is not base and problem.setting and "batch norm" in problem.title:
                    continue  # other formulas than the solution's
                # A bias before batch norm makes no difference.
                felt = {name for name, want in case.expected.items() if np.abs(want).max() > 1e-9}
                assert all(made.depends[output] for output in felt)
                found = answers(made, {k: np.asarray(v) for k, v in _bound(made.steps).items()})
                for output, want in case.expected.items():
                    np.testing.assert_allclose(found[output], want, rtol=1e-9, atol=1e-9)


def _bound(steps: list[Step]) -> dict[str, object]:
    return {k: v for k, v in run(steps, SOLUTION).items() if isinstance(v, np.ndarray | float)}


def test_only_a_penalty_comes_from_elsewhere(bundle: Bundle) -> None:
    """It is there in cases with L2, in the loss and in the gradients of what it is on."""
    problem = bundle.problems["two_layer_net"]
    added = {case.id: set(case.compositions[0].added) for case in problem.cases}
    penalised = {"loss", "dW1", "dW2"}
    assert added == {
        "scores": set(),
        "plain": set(),
        "single": set(),
        "l2": penalised,
    }


def test_what_a_bug_hides_is_known(bundle: Bundle) -> None:
    """Without its bias, affine hides both biases from all outputs of the net, and no more."""
    (case,) = (case for case in bundle.problems["two_layer_net"].cases if case.id == "plain")
    (made,) = case.compositions
    everything = [(0, 0), (0, 1), (0, 2), (2, 1), (2, 2), (3, 1)]
    assert made.depends["loss"] == everything
    biases = [(0, 2), (2, 2)]
    assert all(lost == biases for lost in made.hidden_by["affine/no_bias"].values())
    assert made.hidden_by["affine/db_zero"]["db1"] == made.depends["db1"]
    assert "affine/divided_by_batch" not in made.hidden_by


@pytest.mark.parametrize(
    ("function", "message"), [("sigmoid_forward", "scores is wrong"), ("relu_forward", "no scores")]
)
def test_a_wrong_recipe_is_refused(function: str, message: str) -> None:
    """One that gives another answer, or none: it would excuse what is wrong."""
    plan = CATALOGUE["two_layer_net"]

    def wrong(steps: list[Step]) -> Recipe:
        right = plan.compositions[0](steps).steps[:3]
        right[1] = replace(right[1], function=function)
        return Recipe(right if function != "relu_forward" else right[:2])

    broken = replace(plan, compositions=(wrong,), alternatives=(), cases=plan.cases[:1])
    with pytest.raises(BadAssignment, match=message):
        golden._problem(broken, b"seed", [])
