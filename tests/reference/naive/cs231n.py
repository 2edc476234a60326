"""CS231n's naive losses in plain loops."""

from __future__ import annotations

import math

import numpy as np


def _scores(W, x):
    return [sum(x[d] * W[d, c] for d in range(len(x))) for c in range(W.shape[1])]


def _loss(W, X, y, reg, of_sample):
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        value, slopes = of_sample(_scores(W, x), label)
        loss += value / len(X)
        for d, c in np.ndindex(*W.shape):
            dW[d, c] += x[d] * slopes[c] / len(X)
    for i in np.ndindex(*W.shape):
        loss += reg * W[i] ** 2
        dW[i] += 2 * reg * W[i]
    return loss, dW


def _softmax(scores, label):
    total = sum(math.exp(s) for s in scores)
    slopes = [math.exp(s) / total - (c == label) for c, s in enumerate(scores)]
    return math.log(total) - scores[label], slopes


def _svm(scores, label):
    value, slopes = 0.0, [0] * len(scores)
    for c, score in enumerate(scores):
        if c != label and score - scores[label] + 1 > 0:
            value += score - scores[label] + 1
            slopes[c] += 1
            slopes[label] -= 1
    return value, slopes


FUNCTIONS = {
    "softmax_loss_naive": lambda W, X, y, reg: _loss(W, X, y, reg, _softmax),
    "svm_loss_naive": lambda W, X, y, reg: _loss(W, X, y, reg, _svm),
}
