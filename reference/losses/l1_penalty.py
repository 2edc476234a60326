"""The L1 penalty: prefers few weights that are not zero.

Source: course lecture "Loss functions and optimisation".
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def l1_penalty(w: Array, reg: float) -> tuple[float, Array]:
    """The penalty reg Σ |w| and its gradient reg sign(w); at the kink w = 0 it is 0.

    Args:
        w: any shape
        reg: strength, at least 0

    Returns:
        penalty: a number
        dw: the shape of w
    """
    return reg * float(np.abs(w).sum()), reg * np.sign(w)
