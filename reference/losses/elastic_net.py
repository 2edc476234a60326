"""The elastic net: L1 and L2 at once.

Source: course lecture "Loss functions and optimisation"; Zou, Hastie 2005.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def elastic_net(w: Array, reg: float, beta: float) -> tuple[float, Array]:
    """The penalty reg Σ (beta w² + |w|) and its gradient reg (2 beta w + sign(w)).

    At the kink w = 0 the gradient is 0.

    Args:
        w: any shape
        reg: strength of the whole, at least 0
        beta: weight of the squares beside the absolute values, at least 0

    Returns:
        penalty: a number
        dw: the shape of w
    """
    penalty = reg * float((beta * w * w + np.abs(w)).sum())
    return penalty, reg * (2 * beta * w + np.sign(w))
