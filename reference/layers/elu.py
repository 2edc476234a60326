"""Exponential linear unit: saturates smoothly where the input is very negative.

Source: Clevert, Unterthiner, Hochreiter 2015; course lecture "Activation functions".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

ELUCache = tuple[Array, float]


def elu_forward(x: Array, alpha: float = 1.0) -> tuple[Array, ELUCache]:
    """Forward: out = x where x > 0, else alpha (exp(x) - 1).

    exp sees no positive number, so it cannot overflow.

    Args:
        x: any shape
        alpha: minus the value that very negative inputs come near to

    Returns:
        out: the shape of x
        cache: what elu_backward needs
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))), (x, alpha)


def elu_backward(dout: Array, cache: ELUCache) -> Array:
    """Backward: dx = dout where x > 0, else dout alpha exp(x), which is dout (out + alpha).

    At x = 0, a kink unless alpha is 1, the subgradient alpha is taken.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from elu_forward

    Returns:
        dx: the shape of x
    """
    x, alpha = cache
    return dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))
