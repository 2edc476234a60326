"""Update rules as they are written in the wild: what is no mistake passes every case."""

from __future__ import annotations

import numpy as np
import pytest

from grader.bundle import Bundle
from reference.case_steps import run
from reference.golden import differs, make_bundle


def _adam_in_the_paper_s_other_order(w, dw, config):
    """Both corrections in the learning rate, and epsilon added to what is not corrected."""
    t = config.get("t", 0) + 1
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    m = beta1 * config.get("m", 0) + (1 - beta1) * dw
    v = beta2 * config.get("v", 0) + (1 - beta2) * dw**2
    rate = config["learning_rate"] * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + 1e-8), {**config, "t": t, "m": m, "v": v}


def _momentum_with_the_rate_outside(w, dw, config):
    """As in PyTorch: the velocity does not contain the learning rate."""
    config["velocity"] = config.get("momentum", 0.9) * config.get("velocity", 0) + dw
    return w - config["learning_rate"] * config["velocity"], config


def _nesterov_in_short(w, dw, config):
    """The weights change by mu v - rate dw, with the new v."""
    mu, rate = config.get("momentum", 0.9), config["learning_rate"]
    config["velocity"] = mu * config.get("velocity", 0) - rate * dw
    return w + mu * config["velocity"] - rate * dw, config


def _decay_as_part_of_the_gradient(w, dw, config):
    """AlexNet's decay is that of a penalty's gradient."""
    gradient = dw + config.get("weight_decay", 5e-4) * w
    return _momentum_with_the_rate_outside(w, gradient, config)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Of the rules that are written in other ways below."""
    rules = ["adam", "sgd_momentum", "nesterov_momentum", "alexnet_update"]
    return make_bundle("own", rules, b"habits", "hidden", pairs=False)


@pytest.mark.parametrize(
    ("problem", "habit"),
    [
        ("adam", _adam_in_the_paper_s_other_order),
        ("sgd_momentum", _momentum_with_the_rate_outside),
        ("nesterov_momentum", _nesterov_in_short),
        ("alexnet_update", _decay_as_part_of_the_gradient),
    ],
)
def test_other_ways_to_write_a_rule_are_right(bundle, problem, habit):
    """Nobody is charged for them, and some room is left."""
    for case in bundle.problems[problem].cases:
        bound = run(case.steps, {problem: habit})
        for name, want in case.expected.items():
            assert not differs(bound[name], want, case.tolerance_of(name)), (case.id, name)


def test_adam_may_count_from_two_where_that_is_allowed(bundle):
    """The skeleton of some years starts with t = 1 and counts up before use."""

    def adam(w, dw, config):
        return _adam_in_the_paper_s_other_order(w, dw, {"t": 1, **config})

    (other,) = bundle.problems["adam"].alternatives
    for case in other.cases:
        bound = run(case.steps, {"adam": adam})
        for name, want in case.expected.items():
            assert not differs(bound[name], want, case.tolerance_of(name)), (case.id, name)
