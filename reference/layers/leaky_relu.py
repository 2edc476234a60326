"""Leaky rectified linear unit: what is negative passes weakened, so that no unit dies.

Source: Maas, Hannun, Ng 2013; course lecture "Activation functions", whose slope is 0.1.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

LeakyCache = tuple[Array, float]


def leaky_relu_forward(x: Array, slope: float = 0.1) -> tuple[Array, LeakyCache]:
    """Forward: out = x where x > 0, else slope x.

    Args:
        x: any shape
        slope: of the negative half, 0 to 1

    Returns:
        out: the shape of x
        cache: what leaky_relu_backward needs
    """
    return np.where(x > 0, x, slope * x), (x, slope)


def leaky_relu_backward(dout: Array, cache: LeakyCache) -> Array:
    """Backward: dx = dout where x > 0, else slope dout.

    At the kink x = 0 the subgradient slope is taken.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from leaky_relu_forward

    Returns:
        dx: the shape of x
    """
    x, slope = cache
    return np.where(x > 0, dout, slope * dout)
