"""Update rules one weight at a time, and L-BFGS with the whole matrix, without the reference."""

from __future__ import annotations

import math

import numpy as np


def _weight_by_weight(rule):
    """A rule for arrays from one for numbers: (w, g, settings, state of this weight) -> w."""

    def update(w, dw, config=None):
        config = config or {}
        states = config.get("states", {})
        new = np.zeros_like(w)
        for at in np.ndindex(w.shape):
            new[at] = rule(float(w[at]), float(dw[at]), config, states.setdefault(at, {}))
        return new, {**config, "states": states}

    return update


def _sgd(w, g, config, _):
    return w - config["learning_rate"] * g


def _momentum(w, g, config, state):
    state["v"] = config.get("momentum", 0.9) * state.get("v", 0) - config["learning_rate"] * g
    return w + state["v"]


def _nesterov(w, g, config, state):
    """Looked-ahead weights are held; the ball itself is mu v behind them."""
    mu = config.get("momentum", 0.9)
    ball = w - mu * state.get("v", 0)
    state["v"] = mu * state.get("v", 0) - config["learning_rate"] * g
    return ball + state["v"] + mu * state["v"]


def _adagrad(w, g, config, state):
    state.setdefault("seen", []).append(g * g)
    root = math.sqrt(math.fsum(state["seen"]))
    return w - config["learning_rate"] * g / (root + config.get("epsilon", 1e-8))


def _rmsprop(w, g, config, state):
    r = config.get("decay_rate", 0.99)
    state["c"] = r * state.get("c", 0) + (1 - r) * g * g
    root = math.sqrt(state["c"])
    return w - config["learning_rate"] * g / (root + config.get("epsilon", 1e-8))


def _adam(w, g, config, state):
    """Averages as weighted means of all that was seen: the correction is their total weight."""
    seen = state.setdefault("seen", [])
    seen.append(g)
    m = _mean(seen, config.get("beta1", 0.9))
    v = _mean([each * each for each in seen], config.get("beta2", 0.999))
    return w - config["learning_rate"] * m / (math.sqrt(v) + config.get("epsilon", 1e-8))


def _mean(values, beta):
    weights = [beta**age for age in range(len(values))][::-1]
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def _alexnet(w, g, config, state):
    rate = config["learning_rate"]
    state["v"] = (
        config.get("momentum", 0.9) * state.get("v", 0)
        - config.get("weight_decay", 0.0005) * rate * w
        - rate * g
    )
    return w + state["v"]


def lbfgs_direction(grad, s_history, y_history):
    size = len(grad)
    inverse = np.eye(size)
    if s_history:
        s, y = s_history[-1], y_history[-1]
        inverse = np.eye(size) * (s @ y) / (y @ y)
    for s, y in zip(s_history, y_history, strict=True):
        left = np.eye(size) - np.outer(s, y) / (s @ y)
        inverse = left @ inverse @ left.T + np.outer(s, s) / (s @ y)
    return -inverse @ grad


FUNCTIONS = {
    "sgd": _weight_by_weight(_sgd),
    "sgd_momentum": _weight_by_weight(_momentum),
    "nesterov_momentum": _weight_by_weight(_nesterov),
    "adagrad": _weight_by_weight(_adagrad),
    "rmsprop": _weight_by_weight(_rmsprop),
    "adam": _weight_by_weight(_adam),
    "alexnet_update": _weight_by_weight(_alexnet),
    "lbfgs_direction": lbfgs_direction,
}
