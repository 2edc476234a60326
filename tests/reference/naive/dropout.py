"""Dropout, DropConnect and stochastic depth in plain loops."""

from __future__ import annotations

import random

import numpy as np


def _mask(param, shape):
    """What each value is multiplied by."""
    mask = np.ones(shape)
    if param["mode"] == "train":
        for i in np.ndindex(*shape):
            mask[i] = 1 / param["p"] if param["u"][i] < param["p"] else 0
    return mask


def dropout_forward(x, dropout_param):
    mask = _mask(dropout_param, x.shape)
    return mask * x, mask


def dropout_backward(dout, cache):
    return dout * cache


def drawn_dropout_forward(x, dropout_param):
    draw = random.Random(7)
    u = np.reshape([draw.random() for _ in range(x.size)], x.shape)
    return dropout_forward(x, {**dropout_param, "u": u})


def dropconnect_forward(x, w, b, dropconnect_param):
    mask = _mask(dropconnect_param, w.shape)
    out = np.zeros((len(x), len(b)))
    for n, m in np.ndindex(*out.shape):
        out[n, m] = b[m] + sum(x[n, d] * w[d, m] * mask[d, m] for d in range(len(w)))
    return out, (x, w, mask)


def dropconnect_backward(dout, cache):
    x, w, mask = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(dout.shape[1])
    for n, m in np.ndindex(*dout.shape):
        db[m] += dout[n, m]
        for d in range(len(w)):
            dx[n, d] += dout[n, m] * w[d, m] * mask[d, m]
            dw[d, m] += dout[n, m] * x[n, d] * mask[d, m]
    return dx, dw, db


def _branch_weight(param, n):
    if param["mode"] == "test":
        return param["p"]
    return 1 if param["u"][n] < param["p"] else 0


def stochastic_depth_forward(x, branch, depth_param):
    weights = [_branch_weight(depth_param, n) for n in range(len(x))]
    return np.array([x[n] + v * branch[n] for n, v in enumerate(weights)]), weights


def stochastic_depth_backward(dout, cache):
    return dout.copy(), np.array([v * d for v, d in zip(cache, dout, strict=True)])


FUNCTIONS = {
    "dropout_forward": dropout_forward,
    "dropout_backward": dropout_backward,
    "drawn_dropout_forward": drawn_dropout_forward,
    "drawn_dropout_backward": dropout_backward,
    "dropconnect_forward": dropconnect_forward,
    "dropconnect_backward": dropconnect_backward,
    "stochastic_depth_forward": stochastic_depth_forward,
    "stochastic_depth_backward": stochastic_depth_backward,
}
