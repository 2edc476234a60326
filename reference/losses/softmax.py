"""Softmax cross-entropy: how improbable a classifier finds the truth.

Source: course lecture "Loss functions and optimisation"; names follow Stanford's CS231n.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def softmax_loss(x: Array, y: Labels) -> tuple[float, Array]:
    """Mean cross-entropy, in nats, of the softmax of scores.

    p = softmax(x), loss = -(1/N) Σ_n ln p[n, y_n], dx = (p - onehot(y)) / N.
    The largest score of each row is subtracted first, so exp cannot overflow.

    Args:
        x: (N, C), class scores
        y: (N,), labels 0..C-1

    Returns:
        loss: a number; ln C when all scores are equal
        dx: (N, C)

    Raises:
        IndexError: a label is not below C.
    """
    N = len(x)
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -float(log_p[np.arange(N), y].mean())
    dx = np.exp(log_p)
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx
