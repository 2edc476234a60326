"""Losses: what training minimises. Each returns its value and its gradient.

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
