"""The kinds of convolution in plain Python loops, written without the reference."""

from __future__ import annotations

import math
from itertools import product

import numpy as np


def conv_same_forward(x, w, b, conv_param):
    stride = conv_param["stride"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    HO, WO = math.ceil(H / stride), math.ceil(W / stride)
    top, left = _before(H, HH, stride), _before(W, WW, stride)
    out = np.zeros((N, F, HO, WO))
    for n, f, i, j in product(*map(range, out.shape)):
        out[n, f, i, j] = b[f]
        for c, h, k in product(range(C), range(HH), range(WW)):
            row, col = i * stride + h - top, j * stride + k - left
            if 0 <= row < H and 0 <= col < W:
                out[n, f, i, j] += x[n, c, row, col] * w[f, c, h, k]
    return out, (x, w, b, stride, top, left)


def conv_same_backward(dout, cache):
    x, w, b, stride, top, left = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in product(*map(range, dout.shape)):
        db[f] += dout[n, f, i, j]
        for c, h, k in product(*map(range, w.shape[1:])):
            row, col = i * stride + h - top, j * stride + k - left
            if 0 <= row < x.shape[2] and 0 <= col < x.shape[3]:
                dx[n, c, row, col] += w[f, c, h, k] * dout[n, f, i, j]
                dw[f, c, h, k] += x[n, c, row, col] * dout[n, f, i, j]
    return dx, dw, db


def _before(size, window, stride):
    missing = (math.ceil(size / stride) - 1) * stride + window - size
    return math.ceil(max(missing, 0) / 2)


def depthwise_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    HH, WW = w.shape[1:]
    HO, WO = _count(H + 2 * pad, HH, stride), _count(W + 2 * pad, WW, stride)
    out = np.zeros((N, C, HO, WO))
    for n, c, i, j in product(*map(range, out.shape)):
        out[n, c, i, j] = b[c]
        for h, k, row, col in _seen(x, w, i, j, stride, pad):
            out[n, c, i, j] += x[n, c, row, col] * w[c, h, k]
    return out, (x, w, b, stride, pad)


def depthwise_backward(dout, cache):
    x, w, b, stride, pad = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n, c, i, j in product(*map(range, dout.shape)):
        db[c] += dout[n, c, i, j]
        for h, k, row, col in _seen(x, w, i, j, stride, pad):
            dx[n, c, row, col] += w[c, h, k] * dout[n, c, i, j]
            dw[c, h, k] += x[n, c, row, col] * dout[n, c, i, j]
    return dx, dw, db


def _seen(x, w, i, j, stride, pad):
    """The weights of window (i, j) that lie on a pixel, and on which."""
    for h, k in product(range(w.shape[1]), range(w.shape[2])):
        row, col = i * stride + h - pad, j * stride + k - pad
        if 0 <= row < x.shape[2] and 0 <= col < x.shape[3]:
            yield h, k, row, col


def pointwise_forward(x, w, b):
    N, C, H, W = x.shape
    out = np.zeros((N, len(w), H, W))
    for n, f, i, j in product(*map(range, out.shape)):
        out[n, f, i, j] = b[f] + math.fsum(w[f, c] * x[n, c, i, j] for c in range(C))
    return out, (x, w, b)


def pointwise_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in product(*map(range, dout.shape)):
        db[f] += dout[n, f, i, j]
        for c in range(x.shape[1]):
            dx[n, c, i, j] += w[f, c] * dout[n, f, i, j]
            dw[f, c] += x[n, c, i, j] * dout[n, f, i, j]
    return dx, dw, db


def separable_forward(x, w_depth, w_point, b, conv_param):
    middle, first = depthwise_forward(x, w_depth, np.zeros(len(w_depth)), conv_param)
    out, second = pointwise_forward(middle, w_point, b)
    return out, (first, second)


def separable_backward(dout, cache):
    dmiddle, dw_point, db = pointwise_backward(dout, cache[1])
    dx, dw_depth, _ = depthwise_backward(dmiddle, cache[0])
    return dx, dw_depth, dw_point, db


def _count(size, window, stride):
    if window > size:
        raise ValueError("the window is larger than the input")
    if (size - window) % stride:
        raise ValueError("the windows leave a rest of the input")
    return (size - window) // stride + 1


FUNCTIONS = {
    function.__name__: function
    for function in (
        conv_same_forward,
        conv_same_backward,
        depthwise_forward,
        depthwise_backward,
        pointwise_forward,
        pointwise_backward,
        separable_forward,
        separable_backward,
    )
}
