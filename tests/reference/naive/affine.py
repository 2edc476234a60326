"""The affine layer in plain Python loops, written without the reference."""

from __future__ import annotations

from itertools import product

import numpy as np


def affine_forward(x, w, b):
    rows = [list(sample.ravel()) for sample in x]
    out = np.zeros((len(rows), len(b)))
    for n, m in product(*map(range, out.shape)):
        out[n, m] = b[m]
        for d, value in enumerate(rows[n]):
            out[n, m] += value * w[d, m]
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    rows = [sample.ravel() for sample in x]
    drows, dw, db = np.zeros((len(x), len(w))), np.zeros_like(w), np.zeros(w.shape[1])
    for n, m in product(*map(range, dout.shape)):
        db[m] += dout[n, m]
        for d in range(len(w)):
            dw[d, m] += rows[n][d] * dout[n, m]
            drows[n, d] += w[d, m] * dout[n, m]
    return drows.reshape(x.shape), dw, db


FUNCTIONS = {"affine_forward": affine_forward, "affine_backward": affine_backward}
