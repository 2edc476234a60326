"""Rectified linear unit: keeps what is positive.

Source: Krizhevsky, Sutskever, Hinton 2012, section 3.1; course lecture "Activation functions".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def relu_forward(x: Array) -> tuple[Array, Array]:
    """Forward: out = max(0, x), elementwise.

    Args:
        x: any shape

    Returns:
        out: the shape of x
        cache: what relu_backward needs
    """
    return np.maximum(x, 0), x


def relu_backward(dout: Array, cache: Array) -> Array:
    """Backward: dx = dout where x > 0, else 0.

    At the kink x = 0 the subgradient 0 is taken.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from relu_forward

    Returns:
        dx: the shape of x
    """
    return dout * (cache > 0)
