"""Hyperbolic tangent: squashes numbers into the range from -1 to 1, centred at 0.

Source: course lecture "Activation functions".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def tanh_forward(x: Array) -> tuple[Array, Array]:
    """Forward: out = (exp(x) - exp(-x)) / (exp(x) + exp(-x)), elementwise.

    Args:
        x: any shape

    Returns:
        out: the shape of x
        cache: what tanh_backward needs
    """
    out = np.tanh(x)
    return out, out


def tanh_backward(dout: Array, cache: Array) -> Array:
    """Backward: dx = dout (1 - out²).

    Args:
        dout: the gradient of the loss with respect to out
        cache: from tanh_forward

    Returns:
        dx: the shape of x
    """
    out = cache
    return dout * (1 - out * out)
