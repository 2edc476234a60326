"""Inputs on which everyone who is right agrees: away from kinks and ties, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from reference.bugs.registry import BUGS
from reference.case_steps import run
from reference.golden import differs
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import stream
from reference.problems.solution import SOLUTION

SEEDS = range(20)
KINKED = ["relu", "leaky_relu", "prelu", "elu"]


def _args(problem, case, seed):
    return case.steps(stream(str(seed).encode(), problem, case.id))[0].args


@pytest.mark.parametrize(
    "problem", [f"{n}_{way}" for n in KINKED for way in ("forward", "backward")]
)
def test_activations_keep_away_from_zero(problem):
    """Which subgradient is taken at 0 is nobody's mistake."""
    for seed in SEEDS:
        for case in CATALOGUE[problem].cases:
            assert np.abs(_args(problem, case, seed)[0]).min() >= 1 / 16


@pytest.mark.parametrize("problem", ["maxout_forward", "maxout_backward"])
def test_maxout_has_no_ties(problem):
    """The largest map leads by more than any rounding."""
    for seed in SEEDS:
        for case in CATALOGUE[problem].cases:
            x, w, b = _args(problem, case, seed)
            second, first = np.sort(x @ w + b[:, np.newaxis], axis=0)[-2:]
            assert (first - second).min() > 0.02


def test_no_margin_is_met_exactly():
    """Whether a hinge's gradient at its kink is 0 or 1 is nobody's mistake."""
    for seed in SEEDS:
        for case in CATALOGUE["svm_loss"].cases:
            x, y = _args("svm_loss", case, seed)
            margins = x - x[np.arange(len(y)), y][:, np.newaxis] + 1
            assert np.abs(margins).min() > 1 / 16


@pytest.mark.parametrize("epsilon", ["1e_7", "1e_8"])
def test_a_usual_epsilon_in_the_logarithm_never_shows(epsilon):
    """In ordinary scores log(p + epsilon) costs nothing, whatever the seed."""
    plan = CATALOGUE["softmax_loss"]
    habit = BUGS[f"softmax_loss/log_of_p_plus_{epsilon}"].functions()["softmax_loss"]
    for seed in SEEDS:
        for case in plan.cases:
            if "extreme" in case.tags:
                continue
            args = _args("softmax_loss", case, seed)
            (got, _), (want, _) = habit(*args), SOLUTION["softmax_loss"](*args)
            allowed = plan.looser["loss"]
            assert not differs(np.asarray(got), np.asarray(want), allowed), (case.id, seed)


def test_nor_does_it_in_a_net_that_calls_the_loss():
    """With a penalty and without, of many samples and of one."""
    plan = CATALOGUE["two_layer_net"]
    habit = BUGS["softmax_loss/log_of_p_plus_1e_7"].functions()["softmax_loss"]
    for seed in (*SEEDS, "s2"):  # of "s2" a class with a probability of 1e-5 was drawn
        for case in plan.cases[1:]:
            steps = case.steps(stream(str(seed).encode(), "two_layer_net", case.id))
            made = plan.compositions[0](steps).steps
            got, want = (
                np.asarray(run(made, {**SOLUTION, "softmax_loss": loss})["loss"])
                for loss in (habit, SOLUTION["softmax_loss"])
            )
            assert not differs(got, want, plan.looser["loss"]), (case.id, seed)


@pytest.mark.parametrize("problem", ["l1_penalty", "elastic_net"])
def test_no_weight_is_zero(problem):
    """Which subgradient the absolute value has at 0 is nobody's mistake."""
    for seed in SEEDS:
        for case in CATALOGUE[problem].cases:
            assert np.abs(_args(problem, case, seed)[0]).min() >= 1 / 16


def test_nor_does_it_in_a_convolutional_net():
    """Its scores are the largest that are drawn."""
    plan = CATALOGUE["convnet_loss"]
    for seed in SEEDS:
        for case in plan.cases:
            params, X, y, _ = _args("convnet_loss", case, seed)
            scores = SOLUTION["convnet_scores"](params, X)
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            p = p[np.arange(len(y)), y] / p.sum(axis=1)
            got, want = (np.asarray(-np.mean(np.log(p + epsilon))) for epsilon in (1e-7, 0.0))
            assert not differs(got, want, plan.looser["loss"]), (case.id, seed)
