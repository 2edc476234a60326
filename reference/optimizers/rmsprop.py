"""RMSProp: AdaGrad that forgets, so that its steps do not die out.

Source: course lecture "Optimisation"; Tieleman, Hinton 2012; defaults of Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def rmsprop(w: Array, dw: Array, config: Mapping[str, Any] | None = None) -> tuple[Array, Config]:
    """One step c ← r c + (1 - r) dw², w ← w - ε dw / (√c + δ).

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.01), decay_rate (r, 0.99), epsilon (δ, 1e-8), cache (c, zeros)

    Returns:
        w: the new weights
        config: for the next step, with the new cache
    """
    config = completed(
        config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=np.zeros_like(w)
    )
    r = config["decay_rate"]
    cache = r * config["cache"] + (1 - r) * dw * dw
    step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    return w - step, {**config, "cache": cache}
