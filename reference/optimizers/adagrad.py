"""AdaGrad: each weight has a step of its own, which shrinks with all gradients seen so far.

Source: course lecture "Optimisation"; Duchi, Hazan, Singer 2011.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def adagrad(w: Array, dw: Array, config: Mapping[str, Any] | None = None) -> tuple[Array, Config]:
    """One step c ← c + dw², w ← w - ε dw / (√c + δ).

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.01), epsilon (δ, 1e-8), cache (c, zeros)

    Returns:
        w: the new weights
        config: for the next step, with the new cache
    """
    config = completed(config, learning_rate=1e-2, epsilon=1e-8, cache=np.zeros_like(w))
    cache = config["cache"] + dw * dw
    step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    return w - step, {**config, "cache": cache}
