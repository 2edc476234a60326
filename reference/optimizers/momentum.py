"""Momentum: descend like a ball that rolls, classical and Nesterov's.

Source: course lecture "Optimisation"; Sutskever et al. 2013, in the form of Stanford's CS231n
notes, in which the gradient is that of the weights at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def sgd_momentum(
    w: Array, dw: Array, config: Mapping[str, Any] | None = None
) -> tuple[Array, Config]:
    """One step v ← μ v - ε dw, w ← w + v.

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.01), momentum (μ, 0.9), velocity (v, zeros)

    Returns:
        w: the new weights
        config: for the next step, with the new velocity
    """
    config = _completed(w, config)
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + v, {**config, "velocity": v}


def nesterov_momentum(
    w: Array, dw: Array, config: Mapping[str, Any] | None = None
) -> tuple[Array, Config]:
    """One step v' ← μ v - ε dw, w ← w - μ v + (1 + μ) v', v ← v'.

    That is Nesterov's rule, whose gradient is taken at w + μ v, written for those looked-ahead
    weights, so that the gradient is that of the weights which are passed in.

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.01), momentum (μ, 0.9), velocity (v, zeros)

    Returns:
        w: the new weights
        config: for the next step, with the new velocity
    """
    config = _completed(w, config)
    before, mu = config["velocity"], config["momentum"]
    v = mu * before - config["learning_rate"] * dw
    return w - mu * before + (1 + mu) * v, {**config, "velocity": v}


def _completed(w: Array, config: Mapping[str, Any] | None) -> Config:
    return completed(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
