"""Activations one value at a time, with the functions of Python's math module."""

from __future__ import annotations

import math
from itertools import product

import numpy as np


def relu_forward(x):
    return _each(x, lambda v: max(0.0, v)), x


def relu_backward(dout, cache):
    return dout * _each(cache, lambda v: 1.0 if v > 0 else 0.0)


def leaky_relu_forward(x, slope):
    return _each(x, lambda v: v if v > 0 else slope * v), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return dout * _each(x, lambda v: 1.0 if v > 0 else slope)


def prelu_forward(x, alpha):
    out = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        out[at] = x[at] if x[at] > 0 else alpha[at[1]] * x[at]
    return out, (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx, dalpha = np.zeros_like(x), np.zeros_like(alpha)
    for at in np.ndindex(x.shape):
        if x[at] > 0:
            dx[at] = dout[at]
        else:
            dx[at] = alpha[at[1]] * dout[at]
            dalpha[at[1]] += x[at] * dout[at]
    return dx, dalpha


def elu_forward(x, alpha):
    return _each(x, lambda v: v if v > 0 else alpha * math.expm1(v)), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    return dout * _each(x, lambda v: 1.0 if v > 0 else alpha * math.exp(v))


def sigmoid_forward(x):
    return _each(x, _sigmoid), x


def sigmoid_backward(dout, cache):
    return dout * _each(cache, lambda v: _sigmoid(v) * _sigmoid(-v))


def tanh_forward(x):
    return _each(x, math.tanh), x


def tanh_backward(dout, cache):
    return dout * _each(cache, lambda v: 0.0 if abs(v) > 300 else 1 / math.cosh(v) ** 2)


def maxout_forward(x, w, b):
    out = np.zeros((len(x), w.shape[2]))
    for n, m in product(*map(range, out.shape)):
        out[n, m] = max(_maps(x, w, b, n, m))
    return out, (x, w, b)


def maxout_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n, m in product(*map(range, dout.shape)):
        maps = _maps(x, w, b, n, m)
        k = maps.index(max(maps))
        db[k, m] += dout[n, m]
        for d in range(x.shape[1]):
            dx[n, d] += w[k, d, m] * dout[n, m]
            dw[k, d, m] += x[n, d] * dout[n, m]
    return dx, dw, db


def _each(x, f):
    out = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        out[at] = f(float(x[at]))
    return out


def _sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v > -500 else 0.0


def _maps(x, w, b, n, m):
    return [
        b[k, m] + math.fsum(x[n, d] * w[k, d, m] for d in range(x.shape[1])) for k in range(len(w))
    ]


FUNCTIONS = {
    function.__name__: function
    for function in (
        relu_forward,
        relu_backward,
        leaky_relu_forward,
        leaky_relu_backward,
        prelu_forward,
        prelu_backward,
        elu_forward,
        elu_backward,
        sigmoid_forward,
        sigmoid_backward,
        tanh_forward,
        tanh_backward,
        maxout_forward,
        maxout_backward,
    )
}
