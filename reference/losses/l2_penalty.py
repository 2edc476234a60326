"""The L2 penalty, weight decay: prefers many small weights to few large ones.

Source: course lecture "Loss functions and optimisation".
"""

from __future__ import annotations

from reference.arrays import Array


def l2_penalty(w: Array, reg: float) -> tuple[float, Array]:
    """The penalty reg Σ w² and its gradient 2 reg w; some courses halve both.

    Args:
        w: any shape
        reg: strength, at least 0

    Returns:
        penalty: a number
        dw: the shape of w
    """
    return reg * float((w * w).sum()), 2 * reg * w
