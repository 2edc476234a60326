"""Linear classifiers: softmax regression and the linear support vector machine.

A bias is a feature that is always 1 (the lecture's "bias trick").

Source: course lectures "Image classification" and "Loss functions and optimisation".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.arrays import Array, Labels
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss
from reference.losses.svm import svm_loss

Loss = Callable[[Array, Array, Labels, float], tuple[float, Array]]


def linear_softmax_loss(W: Array, X: Array, y: Labels, reg: float) -> tuple[float, Array]:
    """Mean cross-entropy of the scores X W, plus reg Σ W², and its gradient.

    dW = Xᵀ dscores + 2 reg W

    Args:
        W: (D, C)
        X: (N, D)
        y: (N,), labels 0..C-1
        reg: strength of the penalty

    Returns:
        loss: a number
        dW: (D, C)
    """
    data_loss, dscores = softmax_loss(X @ W, y)
    penalty, dpenalty = l2_penalty(W, reg)
    return data_loss + penalty, X.T @ dscores + dpenalty


def linear_svm_loss(W: Array, X: Array, y: Labels, reg: float) -> tuple[float, Array]:
    """Mean multiclass hinge loss of the scores X W, plus reg Σ W², and its gradient.

    dW = Xᵀ dscores + 2 reg W

    Args:
        W: (D, C)
        X: (N, D)
        y: (N,), labels 0..C-1
        reg: strength of the penalty

    Returns:
        loss: a number
        dW: (D, C)
    """
    data_loss, dscores = svm_loss(X @ W, y)
    penalty, dpenalty = l2_penalty(W, reg)
    return data_loss + penalty, X.T @ dscores + dpenalty


def linear_predict(W: Array, X: Array) -> Labels:
    """The class with the largest score X W; the first of them on a tie.

    Args:
        W: (D, C)
        X: (N, D)

    Returns:
        labels: (N,)
    """
    labels: Labels = (X @ W).argmax(axis=1)
    return labels


def train_linear_softmax(
    W: Array, X: Array, y: Labels, batches: Labels, learning_rate: float, reg: float
) -> tuple[Array, Array]:
    """Minibatch gradient descent on linear_softmax_loss: W ← W − learning_rate dW.

    Args:
        W: (D, C), where to start
        X: (N, D)
        y: (N,), labels 0..C-1
        batches: (T, B), in row t the samples of step t
        learning_rate: size of the steps
        reg: strength of the penalty

    Returns:
        W: (D, C), after T steps
        losses: (T,), of each batch before its step
    """
    return _descend(linear_softmax_loss, W, X, y, batches, learning_rate, reg)


def train_linear_svm(
    W: Array, X: Array, y: Labels, batches: Labels, learning_rate: float, reg: float
) -> tuple[Array, Array]:
    """Minibatch gradient descent on linear_svm_loss; see train_linear_softmax.

    Args:
        W: (D, C), where to start
        X: (N, D)
        y: (N,), labels 0..C-1
        batches: (T, B), in row t the samples of step t
        learning_rate: size of the steps
        reg: strength of the penalty

    Returns:
        W: (D, C), after T steps
        losses: (T,), of each batch before its step
    """
    return _descend(linear_svm_loss, W, X, y, batches, learning_rate, reg)


def _descend(
    loss: Loss, W: Array, X: Array, y: Labels, batches: Labels, learning_rate: float, reg: float
) -> tuple[Array, Array]:
    losses = []
    for batch in batches:
        value, dW = loss(W, X[batch], y[batch], reg)
        losses.append(value)
        W = W - learning_rate * dW
    return W, np.array(losses, dtype=W.dtype)
