"""Gradient checks in plain Python loops, written without the reference."""

from __future__ import annotations

import math
from itertools import product

import numpy as np


def cubic_map(w):
    def f(x):
        rows = x.reshape(-1, len(w))
        columns = w.reshape(len(w), -1)
        out = np.zeros((len(rows), columns.shape[1]))
        for n, m in product(*map(range, out.shape)):
            out[n, m] = math.fsum(rows[n, d] * columns[d, m] for d in range(len(w))) ** 3
        return out.reshape(x.shape[:-1] + w.shape[1:])

    return f


def numerical_gradient(f, x, dout, h):
    dx = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        above, below = np.array(x, float), np.array(x, float)
        above[at] += h
        below[at] -= h
        differences = np.ravel(f(above)) - np.ravel(f(below))
        dx[at] = math.fsum(np.ravel(dout) * differences) / (2 * h)
    return dx


def relative_error(a, n):
    largest = 0.0
    for one, other in zip(a.ravel(), n.ravel(), strict=True):
        largest = max(largest, abs(one - other) / max(1e-8, abs(one) + abs(other)))
    return largest


def norm_ratio(a, n):
    apart, sizes = _norm(a - n), _norm(a) + _norm(n)
    return apart / sizes if sizes else 0.0


def _norm(x):
    return math.sqrt(math.fsum(value * value for value in x.ravel()))


FUNCTIONS = {
    function.__name__: function
    for function in (cubic_map, numerical_gradient, relative_error, norm_ratio)
}
