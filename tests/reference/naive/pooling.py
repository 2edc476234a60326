"""Global average and fractional max pooling in plain Python loops."""

from __future__ import annotations

import math
from itertools import product

import numpy as np


def global_avg_pool_forward(x):
    N, C, H, W = x.shape
    out = np.zeros((N, C))
    for n, c in product(range(N), range(C)):
        out[n, c] = math.fsum(x[n, c, i, j] for i in range(H) for j in range(W)) / H / W
    return out, x.shape


def global_avg_pool_backward(dout, cache):
    dx = np.zeros(cache)
    for n, c, i, j in product(*map(range, cache)):
        dx[n, c, i, j] = dout[n, c] / cache[2] / cache[3]
    return dx


def fractional_boundaries(size, regions, u):
    boundaries = [0]
    for i in range(1, regions + 1):
        here, before = math.ceil(size * (i + u) / regions), math.ceil(size * (i - 1 + u) / regions)
        boundaries.append(boundaries[-1] + here - before)
    return boundaries


def fractional_max_pool_forward(x, pool_param):
    rows, cols = pool_param["rows"], pool_param["cols"]
    out = np.zeros((*x.shape[:2], len(rows) - 1, len(cols) - 1))
    for n, c, p, q in product(*map(range, out.shape)):
        out[n, c, p, q] = max(x[n, c, i, j] for i, j in _region(pool_param, p, q))
    return out, (x, pool_param)


def fractional_max_pool_backward(dout, cache):
    x, pool_param = cache
    dx = np.zeros_like(x)
    for n, c, p, q in product(*map(range, dout.shape)):
        i, j = max(_region(pool_param, p, q), key=lambda at: x[n, c, at[0], at[1]])
        dx[n, c, i, j] += dout[n, c, p, q]
    return dx


def _region(pool_param, p, q):
    rows, cols = pool_param["rows"], pool_param["cols"]
    last = 1 if pool_param["overlapping"] else 0
    return list(product(range(rows[p], rows[p + 1] + last), range(cols[q], cols[q + 1] + last)))


FUNCTIONS = {
    function.__name__: function
    for function in (
        global_avg_pool_forward,
        global_avg_pool_backward,
        fractional_boundaries,
        fractional_max_pool_forward,
        fractional_max_pool_backward,
    )
}
