"""Adam: momentum and RMSProp at once, corrected for averages that start at zero.

Source: course lecture "Optimisation"; Kingma, Ba 2015, algorithm 1; names of Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def adam(w: Array, dw: Array, config: Mapping[str, Any] | None = None) -> tuple[Array, Config]:
    """One step of averages m of gradients and v of their squares, both corrected for their start.

    t ← t + 1, m ← β1 m + (1 - β1) dw, v ← β2 v + (1 - β2) dw²,
    w ← w - ε (m / (1 - β1ᵗ)) / (√(v / (1 - β2ᵗ)) + δ).

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss
        config: learning_rate (ε, 0.001), beta1 (0.9), beta2 (0.999), epsilon (δ, 1e-8),
            m (zeros), v (zeros), t (steps so far, 0)

    Returns:
        w: the new weights
        config: for the next step, with the new m, v and t
    """
    config = completed(
        config,
        learning_rate=1e-3,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        m=np.zeros_like(w),
        v=np.zeros_like(w),
        t=0,
    )
    beta1, beta2, t = config["beta1"], config["beta2"], config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw * dw
    corrected_m, corrected_v = m / (1 - beta1**t), v / (1 - beta2**t)
    step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
    return w - step, {**config, "m": m, "v": v, "t": t}
