"""The update rule that AlexNet was trained with: momentum and weight decay.

Source: Krizhevsky, Sutskever, Hinton 2012, section 5; course lecture "CNN architectures".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.optimizers.config import Config, completed


def alexnet_update(
    w: Array, dw: Array, config: Mapping[str, Any] | None = None
) -> tuple[Array, Config]:
    """One step v ← 0.9 v - 0.0005 ε w - ε dw, w ← w + v.

    Args:
        w: any shape, the weights
        dw: the shape of w, the gradient of the loss, without a penalty
        config: learning_rate (ε, 0.01), momentum (0.9), weight_decay (0.0005), velocity (v, zeros)

    Returns:
        w: the new weights
        config: for the next step, with the new velocity
    """
    config = completed(
        config, learning_rate=1e-2, momentum=0.9, weight_decay=5e-4, velocity=np.zeros_like(w)
    )
    rate = config["learning_rate"]
    v = config["momentum"] * config["velocity"] - config["weight_decay"] * rate * w - rate * dw
    return w + v, {**config, "velocity": v}
