"""Stochastic gradient descent.

Source: course lecture "Optimisation"; the name and the defaults follow Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def sgd(w: Array, dw: Array, config: Mapping[str, Any] | None = None) -> tuple[Array, Config]:
    """One step w ← w - ε dw.

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.01)

    Returns:
        w: the new weights
        config: for the next step
    """
    config = completed(config, learning_rate=1e-2)
    return w - config["learning_rate"] * dw, config
