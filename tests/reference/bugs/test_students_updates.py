"""Mistakes in losses and update rules, as students write them, are recognised.

Whole functions in the style of real homework, with the mistake where students make it.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import Answer, diagnose
from reference.case_steps import run
from reference.golden import differs, make_bundle
from reference.problems.solution import SOLUTION

pytestmark = pytest.mark.slow  # bundles of many problems

PROBLEMS = ("adam", "rmsprop", "sgd_momentum", "nesterov_momentum", "svm_loss", "affine_backward")
CASES = []


@pytest.fixture(scope="module")
def bundle():
    """The problems of these mistakes."""
    return make_bundle("own", list(PROBLEMS), b"students", "hidden")


def named(bug, problem):
    """Register a student's function for a problem: the bug that should be named."""

    def keep(function):
        CASES.append(pytest.param(problem, bug, function, id=function.__name__))
        return function

    return keep


# --------------------------------------------------------------------------------------- adam
def _adam(config, w, dw):
    for name, value in (("m", np.zeros_like(w)), ("v", np.zeros_like(w)), ("t", 0)):
        config.setdefault(name, value)
    for name, value in (("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8)):
        config.setdefault(name, value)
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    return config["m"], config["v"]


def _step(config, w, m, v):
    return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config


@named("adam/no_bias_correction", "adam")
def adam_without_correction(w, dw, config=None):
    m, v = _adam(config, w, dw)
    return _step(config, w, m, v)


@named("adam/t_too_late", "adam")
def adam_counts_at_the_end(w, dw, config=None):
    m, v = _adam(config, w, dw)
    mt = m / (1 - config["beta1"] ** config["t"])
    vt = v / (1 - config["beta2"] ** config["t"])
    config["t"] += 1
    return _step(config, w, mt, vt)


@named("adam/corrected_kept", "adam")
def adam_keeps_the_corrected(w, dw, config=None):
    _adam(config, w, dw)
    config["t"] += 1
    config["m"] /= 1 - config["beta1"] ** config["t"]
    config["v"] /= 1 - config["beta2"] ** config["t"]
    return _step(config, w, config["m"], config["v"])


@named("adam/epsilon_inside_root", "adam")
def adam_with_epsilon_inside(w, dw, config=None):
    m, v = _adam(config, w, dw)
    config["t"] += 1
    mt = m / (1 - config["beta1"] ** config["t"])
    vt = v / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * mt / np.sqrt(vt + config["epsilon"]), config


# -------------------------------------------------------------------------------- other rules
@named("rmsprop/no_square_root", "rmsprop")
def rmsprop_without_root(w, dw, config=None):
    r = config.setdefault("decay_rate", 0.99)
    cache = config.get("cache", np.zeros_like(w))
    config["cache"] = r * cache + (1 - r) * (dw * dw)
    return w - config["learning_rate"] * dw / (config["cache"] + 1e-8), config


@named("rmsprop/times_epsilon", "rmsprop")
def rmsprop_times_epsilon(w, dw, config=None):
    r = config.setdefault("decay_rate", 0.99)
    config["cache"] = r * config.get("cache", 0) + (1 - r) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) * 1e-8), config


@named("sgd_momentum/velocity_forgotten", "sgd_momentum")
def momentum_that_stores_nothing(w, dw, config=None):
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    return w + v, config


@named("nesterov_momentum/classical", "nesterov_momentum")
def nesterov_whose_old_velocity_is_an_alias(w, dw, config=None):
    mu = config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v_prev = v
    v *= mu
    v -= config["learning_rate"] * dw
    config["velocity"] = v
    return w - mu * v_prev + (1 + mu) * v, config


# -------------------------------------------------------------------------------------- losses
@named("svm_loss/true_class_in_count", "svm_loss")
def svm_counts_the_true_class(x, y):
    N = len(x)
    margins = np.maximum(0, x - x[np.arange(N), y][:, None] + 1)
    mask = (margins > 0) * 1.0
    count = mask.sum(axis=1)
    mask[np.arange(N), y] = -count
    margins[np.arange(N), y] = 0
    return margins.sum() / N, mask / N


@named("svm_loss/true_class_missing", "svm_loss")
def svm_pushes_the_others_only(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for i in range(len(x)):
        for j in range(x.shape[1]):
            margin = x[i, j] - x[i, y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dx[i, j] += 1
    return loss / len(x), dx / len(x)


@named("affine/db_ones", "affine_backward")
def affine_db_of_ones(dout, cache):
    x, w = cache
    dw = x.reshape(len(x), -1).T.dot(dout)
    return dout.dot(w.T).reshape(x.shape), dw, np.ones(dout.shape[1])


@pytest.mark.parametrize(("problem", "bug", "function"), CASES)
def test_a_student_s_mistake_is_named(bundle, problem, bug, function):
    """Another implementation with the same mistake gets the same name."""
    answers = {}
    for case in bundle.problems[problem].cases:
        with np.errstate(all="ignore"):
            bound = run(case.steps, {**SOLUTION, problem: function})
        outputs = {name: np.asarray(bound[name]) for name in case.expected}
        wrong = {
            name
            for name, value in outputs.items()
            if differs(value, case.expected[name], case.tolerance_of(name))
        }
        answers[case.id] = Answer(outputs, frozenset(wrong))
    note = diagnose(bundle, bundle.problems[problem], answers)
    assert note is not None
    assert note.id == bug


@pytest.mark.parametrize("problem", ["svm_loss", "affine_backward", "sgd_momentum"])
@pytest.mark.parametrize("value", [0.0, np.nan, 1.0])
def test_an_answer_of_one_number_names_no_two_mistakes(bundle, problem, value):
    """A skeleton's zeros, and NaN, can come of too many things."""
    answers = {
        case.id: Answer(
            {name: np.full(want.shape, value) for name, want in case.expected.items()},
            frozenset(case.expected),
        )
        for case in bundle.problems[problem].cases
    }
    assert diagnose(bundle, bundle.problems[problem], answers) is None
