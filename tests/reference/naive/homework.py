"""The students' functions in plain Python loops: slow, obvious, and written without the reference.

An independent yardstick: what is right here and there alike is hardly wrong, and the order of
summation differs, so that the last bits do.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np


# ------------------------------------------------------------------------------- two-layer net
def forward(params, X):
    hidden = _relu(_affine(X, params["W1"], params["b1"]))
    return _affine(hidden, params["W2"], params["b2"])


def loss(params, X, y, reg=0.0):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    N, C = len(X), len(b2)
    before = _affine(X, W1, b1)
    hidden = _relu(before)
    scores = _affine(hidden, W2, b2)
    total = 0.0
    dscores = np.zeros((N, C))
    for i in range(N):
        top = max(scores[i])
        log_sum = top + math.log(math.fsum(math.exp(s - top) for s in scores[i]))
        total += log_sum - scores[i, y[i]]
        for c in range(C):
            dscores[i, c] = (math.exp(scores[i, c] - log_sum) - (c == y[i])) / N
    dhidden, dW2, db2 = _affine_backward(dscores, hidden, W2)
    dbefore = np.zeros_like(before)
    for i, h in product(*map(range, before.shape)):
        dbefore[i, h] = dhidden[i, h] if before[i, h] > 0 else 0.0
    _, dW1, db1 = _affine_backward(dbefore, X, W1)
    total /= N
    for W, dW in ((W1, dW1), (W2, dW2)):
        for i, j in product(*map(range, W.shape)):
            total += reg * W[i, j] ** 2
            dW[i, j] += 2 * reg * W[i, j]
    return total, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def predict(params, X):
    scores = forward(params, X)
    return np.array([max(range(len(row)), key=lambda c: row[c]) for row in scores])


def _affine(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for i, m in product(*map(range, out.shape)):
        out[i, m] = b[m]
        for d in range(w.shape[0]):
            out[i, m] += x[i, d] * w[d, m]
    return out


def _affine_backward(dout, x, w):
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(w.shape[1])
    for i, m in product(*map(range, dout.shape)):
        db[m] += dout[i, m]
        for d in range(w.shape[0]):
            dw[d, m] += x[i, d] * dout[i, m]
            dx[i, d] += w[d, m] * dout[i, m]
    return dx, dw, db


def _relu(x):
    out = np.zeros_like(x)
    for i, j in product(*map(range, x.shape)):
        out[i, j] = max(0.0, x[i, j])
    return out


# --------------------------------------------------------------------------------- convolution
def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    HO, WO = _count(H + 2 * pad, HH, stride), _count(W + 2 * pad, WW, stride)
    out = np.zeros((N, F, HO, WO))
    for n in range(N):
        for f in range(F):
            for i in range(HO):
                for j in range(WO):
                    out[n, f, i, j] = b[f]
                    for c in range(C):
                        for h in range(HH):
                            for k in range(WW):
                                pixel = padded[n, c, i * stride + h, j * stride + k]
                                out[n, f, i, j] += pixel * w[f, c, h, k]
    return out, (x, padded, w, b, conv_param)


def conv_backward(dout, cache):
    x, padded, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    F, C, HH, WW = w.shape
    N, _, HO, WO = dout.shape
    for n in range(N):
        for f in range(F):
            for i in range(HO):
                for j in range(WO):
                    up = dout[n, f, i, j]
                    db[f] += up
                    for c in range(C):
                        for h in range(HH):
                            for k in range(WW):
                                row, col = i * stride + h, j * stride + k
                                dpadded[n, c, row, col] += w[f, c, h, k] * up
                                dw[f, c, h, k] += padded[n, c, row, col] * up
    H, W = x.shape[2:]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


# ------------------------------------------------------------------------------------- pooling
def max_pool_forward(x, pool_param):
    return _pool(x, pool_param, max), (x, pool_param)


def max_pool_backward(dout, cache):
    x, pool_param = cache
    dx = np.zeros_like(x)
    for n, c, i, j in product(*map(range, dout.shape)):
        pixels = _window(pool_param, i, j)
        row, col = max(pixels, key=lambda at: x[n, c, at[0], at[1]])
        dx[n, c, row, col] += dout[n, c, i, j]
    return dx


def avg_pool_forward(x, pool_param):
    mean = lambda pixels: math.fsum(pixels) / len(pixels)  # noqa: E731 - one line, used once
    return _pool(x, pool_param, mean), (x, pool_param)


def avg_pool_backward(dout, cache):
    x, pool_param = cache
    dx = np.zeros_like(x)
    for n, c, i, j in product(*map(range, dout.shape)):
        pixels = _window(pool_param, i, j)
        for row, col in pixels:
            dx[n, c, row, col] += dout[n, c, i, j] / len(pixels)
    return dx


def _pool(x, pool_param, summary):
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    HO = _count(H, pool_param["pool_height"], stride)
    WO = _count(W, pool_param["pool_width"], stride)
    out = np.zeros((N, C, HO, WO))
    for n, c, i, j in product(*map(range, out.shape)):
        out[n, c, i, j] = summary([x[n, c, row, col] for row, col in _window(pool_param, i, j)])
    return out


def _window(pool_param, i, j):
    top, left = i * pool_param["stride"], j * pool_param["stride"]
    return [
        (top + h, left + k)
        for h in range(pool_param["pool_height"])
        for k in range(pool_param["pool_width"])
    ]


def _count(size, window, stride):
    if window > size:
        raise ValueError("the window is larger than the input")
    count = 1
    while (count - 1) * stride + window < size:
        count += 1
    if (count - 1) * stride + window != size:
        raise ValueError("the windows leave a rest of the input")
    return count


FUNCTIONS = {
    function.__name__: function
    for function in (
        forward,
        loss,
        predict,
        conv_forward,
        conv_backward,
        max_pool_forward,
        max_pool_backward,
        avg_pool_forward,
        avg_pool_backward,
    )
}
