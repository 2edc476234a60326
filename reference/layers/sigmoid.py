"""Sigmoid, the logistic function: squashes numbers into the range from 0 to 1.

Source: course lecture "Activation functions".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def sigmoid_forward(x: Array) -> tuple[Array, Array]:
    """Forward: out = 1 / (1 + exp(-x)), elementwise.

    Where x is negative it is computed as exp(x) / (1 + exp(x)), so that exp sees no positive number
    and cannot overflow.

    Args:
        x: any shape

    Returns:
        out: the shape of x
        cache: what sigmoid_backward needs
    """
    e = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
    return out, out


def sigmoid_backward(dout: Array, cache: Array) -> Array:
    """Backward: dx = dout out (1 - out), at most a quarter of dout.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from sigmoid_forward

    Returns:
        dx: the shape of x
    """
    out = cache
    return dout * out * (1 - out)
