"""Parametric rectified linear unit: a leaky ReLU that learns its slopes.

Source: He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers", section 2.1; course lecture
"Activation functions".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

PReLUCache = tuple[Array, Array]


def prelu_forward(x: Array, alpha: Array) -> tuple[Array, PReLUCache]:
    """Forward: out = x where x > 0, else alpha x, with one slope for each channel.

    Args:
        x: (N, C, ...), at least two axes; the second one is the channel
        alpha: (C,), slopes; learnt, so they may be negative or above 1

    Returns:
        out: the shape of x
        cache: what prelu_backward needs
    """
    return np.where(x > 0, x, _per_channel(alpha, x) * x), (x, alpha)


def prelu_backward(dout: Array, cache: PReLUCache) -> tuple[Array, Array]:
    """Backward: dx = dout where x > 0, else alpha dout; dalpha = Σ dout min(0, x), by channel.

    At the kink x = 0 the subgradient alpha is taken.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from prelu_forward

    Returns:
        dx, dalpha: gradients with the shapes of x and alpha
    """
    x, alpha = cache
    dx = np.where(x > 0, dout, _per_channel(alpha, x) * dout)
    others = tuple(axis for axis in range(x.ndim) if axis != 1)
    dalpha = (dout * np.minimum(x, 0)).sum(axis=others)
    return dx, dalpha


def _per_channel(alpha: Array, x: Array) -> Array:
    return alpha.reshape(1, -1, *(1,) * (x.ndim - 2))
