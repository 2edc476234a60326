"""Pooling in styles of their own: window views, masks, lists."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(x, pool_param):
    height, width, stride = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    for size, window in ((x.shape[2], height), (x.shape[3], width)):
        if window > size or (size - window) % stride:
            raise ValueError("no")
    return sliding_window_view(x, (height, width), (2, 3))[:, :, ::stride, ::stride]


def _spread(shares, shape, pool_param):
    dx, stride = np.zeros(shape), pool_param["stride"]
    for n, c, i, j in np.ndindex(*shares.shape[:4]):
        height, width = shares.shape[4:]
        dx[n, c, i * stride : i * stride + height, j * stride : j * stride + width] += shares[
            n, c, i, j
        ]
    return dx


def max_pool_forward(x, pool_param):
    return _windows(x, pool_param).max((-1, -2)), (x, pool_param)


def max_pool_backward(dout, cache):
    windows = _windows(*cache)
    mask = windows == windows.max((-1, -2), keepdims=True)
    dout /= mask.sum((-1, -2))  # ties share; dout is changed in place
    return _spread(mask * dout[..., None, None], cache[0].shape, cache[1])


def avg_pool_forward(x, pool_param):
    return np.mean(_windows(x, pool_param), axis=(4, 5)), [x.shape, pool_param]


def avg_pool_backward(dout, cache):
    height, width = cache[1]["pool_height"], cache[1]["pool_width"]
    shares = np.kron(dout[..., None, None], np.full((height, width), 1 / height / width))
    return _spread(shares.reshape(*dout.shape, height, width), *cache)


def global_avg_pool_forward(x):
    """Flattened, and as nested lists."""
    return x.reshape(*x.shape[:2], -1).mean(-1).tolist(), x


def global_avg_pool_backward(dout, x):
    x[:] = 0  # it is no longer needed
    x += np.array(dout).reshape(*x.shape[:2], 1, 1)
    x /= x[0, 0].size
    return x


def fractional_boundaries(size, regions, u):
    """Rounding down and adding one, as for everything that is no whole number."""
    ends = np.floor(size / regions * (np.arange(regions + 1) + u)) + 1
    return (ends - ends[0]).astype(int)


def fractional_max_pool_forward(x, pool_param):
    """The rows first, then the columns."""
    rows, cols = np.array(pool_param["rows"]), np.array(pool_param["cols"])
    more = 1 if pool_param["overlapping"] is True else 0
    bands = [x[:, :, a : b + more].max(2) for a, b in pairwise(rows)]
    high = np.stack(bands, 2)
    parts = [high[..., a : b + more].max(3) for a, b in pairwise(cols)]
    return np.stack(parts, 3), (x, rows, cols, more)


def fractional_max_pool_backward(dout, cache):
    x, rows, cols, more = cache
    dx = np.zeros(x.shape)
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            at = np.s_[:, :, rows[p] : rows[p + 1] + more, cols[q] : cols[q + 1] + more]
            mask = x[at] == np.amax(x[at], axis=(2, 3), keepdims=True)
            dx[at] += mask * dout[:, :, p : p + 1, q : q + 1]
    return dx


FUNCTIONS = {
    function.__name__: function
    for function in (
        max_pool_forward,
        max_pool_backward,
        avg_pool_forward,
        avg_pool_backward,
        global_avg_pool_forward,
        global_avg_pool_backward,
        fractional_boundaries,
        fractional_max_pool_forward,
        fractional_max_pool_backward,
    )
}
