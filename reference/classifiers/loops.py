"""The linear classifiers' losses once more, sample by sample: Stanford CS231n's naive versions.

Source: course lecture "Loss functions and optimisation"; names and arguments of CS231n.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def softmax_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[float, Array]:
    """Mean cross-entropy of the scores X W, plus reg Σ W², and its gradient, in a loop.

    Args:
        W: (D, C)
        X: (N, D)
        y: (N,), labels 0..C-1
        reg: strength of the penalty

    Returns:
        loss: a number
        dW: (D, C)
    """
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        scores -= scores.max()
        p = np.exp(scores) / np.exp(scores).sum()
        loss += np.log(np.exp(scores).sum()) - scores[label]
        p[label] -= 1
        dW += np.outer(x, p)
    return loss / len(X) + reg * (W * W).sum(), dW / len(X) + 2 * reg * W


def svm_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[float, Array]:
    """Mean multiclass hinge loss of the scores X W, plus reg Σ W², and its gradient, in a loop.

    Args:
        W: (D, C)
        X: (N, D)
        y: (N,), labels 0..C-1
        reg: strength of the penalty

    Returns:
        loss: a number
        dW: (D, C)
    """
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[label] + 1
            if j != label and margin > 0:
                loss += margin
                dW[:, j] += x
                dW[:, label] -= x
    return loss / len(X) + reg * (W * W).sum(), dW / len(X) + 2 * reg * W
