"""The multiclass hinge loss of a support vector machine: a true class must lead by a margin.

Source: course lecture "Loss functions and optimisation" (Weston, Watkins 1999); the name follows
Stanford's CS231n.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def svm_loss(x: Array, y: Labels) -> tuple[float, Array]:
    """Mean over the samples of the margins that are missed, Σ_{j ≠ y} max(0, x_j - x_y + 1).

    loss = (1/N) Σ_n Σ_{j ≠ y_n} max(0, x[n, j] - x[n, y_n] + 1). Each missed margin adds 1/N to the
    gradient of its own score and takes 1/N from that of the true class. At the kink, where a margin
    is met exactly, the subgradient 0 is taken.

    Args:
        x: (N, C), class scores
        y: (N,), labels 0..C-1

    Returns:
        loss: a number; C - 1 when all scores are equal
        dx: (N, C)

    Raises:
        IndexError: a label is not below C.
    """
    N = len(x)
    rows = np.arange(N)
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = float(margins.sum() / N)
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    dx /= N
    return loss, dx
