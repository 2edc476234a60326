"""Losses and penalties in plain Python loops, written without the reference."""

from __future__ import annotations

import math

import numpy as np


def softmax_loss(x, y):
    N, C = x.shape
    total, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        top = max(x[n])
        log_sum = top + math.log(math.fsum(math.exp(score - top) for score in x[n]))
        total += log_sum - x[n, y[n]]
        for c in range(C):
            dx[n, c] = (math.exp(x[n, c] - log_sum) - (c == y[n])) / N
    return total / N, dx


def svm_loss(x, y):
    N, C = x.shape
    total, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            margin = x[n, c] - x[n, y[n]] + 1
            if c != y[n] and margin > 0:
                total += margin
                dx[n, c] += 1 / N
                dx[n, y[n]] -= 1 / N
    return total / N, dx


def l2_penalty(w, reg):
    return _penalty(w, lambda v: reg * v**2, lambda v: 2 * reg * v)


def l1_penalty(w, reg):
    return _penalty(w, lambda v: reg * abs(v), lambda v: math.copysign(reg, v))


def elastic_net(w, reg, beta):
    return _penalty(
        w,
        lambda v: reg * (beta * v**2 + abs(v)),
        lambda v: reg * (2 * beta * v + math.copysign(1, v)),
    )


def _penalty(w, cost, slope):
    dw = np.zeros_like(w)
    for at in np.ndindex(w.shape):
        dw[at] = slope(w[at])
    return math.fsum(cost(value) for value in w.ravel()), dw


FUNCTIONS = {
    function.__name__: function
    for function in (softmax_loss, svm_loss, l2_penalty, l1_penalty, elastic_net)
}
