"""Mistakes as students write them, in loops of their own, are recognised.

The registry's bugs are formulas; these are whole functions in the style of real homework, with the
mistake where students make it. Each must be named as the registered bug that it is.
"""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.slow  # bundles of many problems

STUDENTS = {}


def student(problem, bug):
    """Register one student's functions: a problem, and the bug that should be named."""

    def keep(make):
        STUDENTS[f"{problem}-{bug}-{make.__name__}"] = (problem, bug, make)
        return make

    return keep


# ------------------------------------------------------------------------------- two-layer net
def _scores(params, X):
    hidden = np.maximum(0, X.dot(params["W1"]) + params["b1"])
    return hidden, hidden.dot(params["W2"]) + params["b2"]


def _probabilities(scores):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def _loss(params, X, y, reg, dscores, penalty=1.0):
    """Like a typical TwoLayerNet.loss, with two of its lines passed in."""
    hidden, scores = _scores(params, X)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    value = -np.mean(log_p[np.arange(len(y)), y])
    squares = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    value += penalty * reg * squares
    d = dscores(_probabilities(scores), y)
    dW2 = hidden.T.dot(d) + 2 * penalty * reg * params["W2"]
    dh = d.dot(params["W2"].T)
    dh[hidden <= 0] = 0
    dW1 = X.T.dot(dh) + 2 * penalty * reg * params["W1"]
    return value, {"W1": dW1, "b1": dh.sum(axis=0), "W2": dW2, "b2": d.sum(axis=0)}


@student("two_layer_loss", "two_layer/no_batch_mean")
def forgets_the_batch():
    def dscores(p, y):
        p[np.arange(len(y)), y] -= 1
        return p

    return {"loss": lambda params, X, y, reg: _loss(params, X, y, reg, dscores)}


@student("two_layer_loss", "two_layer/onehot_in_all_rows")
def indexes_all_rows():
    def dscores(p, y):
        p[:, y] -= 1
        return p / len(y)

    return {"loss": lambda params, X, y, reg: _loss(params, X, y, reg, dscores)}


@student("two_layer_loss", "two_layer/l2_half")
def halves_the_penalty():
    def dscores(p, y):
        return (p - np.eye(p.shape[1])[y]) / len(y)

    return {"loss": lambda params, X, y, reg: _loss(params, X, y, reg, dscores, penalty=0.5)}


def _right(p, y):
    return (p - np.eye(p.shape[1])[y]) / len(y)


@student("two_layer_loss", "two_layer/l2_gradient_half")
def forgets_the_factor():
    def loss(params, X, y, reg):
        value, grads = _loss(params, X, y, reg, _right)
        for name in ("W1", "W2"):
            grads[name] -= reg * params[name]
        return value, grads

    return {"loss": loss}


@student("two_layer_loss", "two_layer/log_of_zero")
def takes_the_log_of_a_probability():
    def loss(params, X, y, reg):
        _, grads = _loss(params, X, y, reg, _right)
        p = _probabilities(_scores(params, X)[1])[np.arange(len(y)), y]
        penalty = reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
        return -np.log(p).sum() / len(y) + penalty, grads

    return {"loss": loss}


@student("two_layer_loss", "two_layer/log_of_p_plus_1e_12")
def clips_the_probability():
    def loss(params, X, y, reg):
        _, grads = _loss(params, X, y, reg, _right)
        p = _probabilities(_scores(params, X)[1])[np.arange(len(y)), y]
        penalty = reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
        return -np.mean(np.log(np.clip(p, 1e-12, 1.0))) + penalty, grads

    return {"loss": loss}


@student("two_layer_loss", "two_layer/no_max_shift")
def overflows():
    def loss(params, X, y, reg):
        _, grads = _loss(params, X, y, reg, lambda _, y: _naive(params, X, y))
        scores = _scores(params, X)[1]
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        penalty = reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
        return -np.log(p[np.arange(len(y)), y]).mean() + penalty, grads

    def _naive(params, X, y):
        scores = _scores(params, X)[1]
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return _right(p, y)

    return {"loss": loss}


@student("two_layer_forward", "two_layer/relu_on_scores")
def relu_everywhere():
    return {"forward": lambda params, X: np.maximum(0, _scores(params, X)[1])}


# --------------------------------------------------------------------------------- convolution
def _conv(x, w, b, conv_param, pixel=lambda i, j, s: (i * s, j * s), flip=False):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    if (H + 2 * pad - HH) % stride or (W + 2 * pad - WW) % stride or H + 2 * pad < HH:
        raise ValueError("does not fit")
    HO, WO = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, HO, WO))
    for n in range(N):
        for f in range(F):
            kernel = w[f][:, ::-1, ::-1] if flip else w[f]
            for i in range(HO):
                for j in range(WO):
                    top, left = pixel(i, j, stride)
                    window = x_pad[n, :, top : top + HH, left : left + WW]
                    out[n, f, i, j] = np.sum(window * kernel) + b[f]
    return out, (x, w, b, conv_param)


@student("conv_forward", "conv/filter_flipped")
def true_convolution():
    return {"conv_forward": lambda *args: _conv(*args, flip=True)}


@student("conv_forward", "conv/stride_only_in_size")
def forgets_the_stride():
    return {"conv_forward": lambda *args: _conv(*args, pixel=lambda i, j, _: (i, j))}


@student("conv_forward", "conv/bias_per_product")
def bias_in_the_sum():
    def conv_forward(x, w, b, conv_param):
        out, cache = _conv(x, w, np.zeros_like(b), conv_param)
        ones, _ = _conv(np.zeros_like(x), np.ones_like(w), np.zeros_like(b), conv_param)
        return out + ones + (b * w[0].size)[None, :, None, None], cache

    return {"conv_forward": conv_forward}


@student("conv_forward", "conv/does_not_fit_floored")
def integer_division():
    def conv_forward(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        N, _, H, W = x.shape
        F, _, HH, WW = w.shape
        HO = int(1 + (H + 2 * pad - HH) / stride)
        WO = int(1 + (W + 2 * pad - WW) / stride)
        x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
        out = np.zeros((N, F, HO, WO))
        for i in range(HO):
            for j in range(WO):
                window = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                for f in range(F):
                    out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
        return out, None

    return {"conv_forward": conv_forward}


def _conv_backward(dout, cache, crop, add=True):
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    N, F, HO, WO = dout.shape
    HH, WW = w.shape[2:]
    for n in range(N):
        for f in range(F):
            for i in range(HO):
                for j in range(WO):
                    at = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    dw[f] += x_pad[at] * dout[n, f, i, j]
                    share = w[f] * dout[n, f, i, j]
                    dx_pad[at] = dx_pad[at] + share if add else share
    return crop(dx_pad, pad, x), dw, db


@student("conv_backward", "conv/dx_empty_without_padding")
def crops_with_minus_zero():
    def crop(dx_pad, pad, _):
        return dx_pad[:, :, pad:-pad, pad:-pad]

    return {
        "conv_forward": _conv,
        "conv_backward": lambda dout, cache: _conv_backward(dout, cache, crop),
    }


def _cropped(dx_pad, pad, x):
    return dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


@student("conv_backward", "conv/dx_overwritten_by_last_filter")
def assigns_in_the_loops():
    return {
        "conv_forward": _conv,
        "conv_backward": lambda dout, cache: _conv_backward(dout, cache, _cropped, add=False),
    }


# ------------------------------------------------------------------------------------- pooling
def _pool_backward(dout, cache, write):
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    dx = np.zeros_like(x)
    N, C, HO, WO = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(HO):
                for j in range(WO):
                    rows = slice(i * stride, i * stride + height)
                    cols = slice(j * stride, j * stride + width)
                    write(dx[n, c, rows, cols], x[n, c, rows, cols], dout[n, c, i, j])
    return dx


def _remembers(x, pool_param):
    return np.zeros(0), (x, pool_param)


def _pool_student(layer, write):
    return {
        f"{layer}_forward": _remembers,
        f"{layer}_backward": lambda dout, cache: _pool_backward(dout, cache, write),
    }


@student("max_pool_backward", "max_pool/window_overwritten")
def overwrites_the_window():
    def write(dx, window, up):
        dx[...] = (window == window.max()) * up

    return _pool_student("max_pool", write)


@student("max_pool_backward", "max_pool/overlap_overwritten")
def overwrites_the_winner():
    def write(dx, window, up):
        dx[np.unravel_index(window.argmax(), window.shape)] = up

    return _pool_student("max_pool", write)


@student("avg_pool_backward", "avg_pool/gradient_not_shared")
def does_not_share():
    def write(dx, _, up):
        dx += up

    return _pool_student("avg_pool", write)


@student("avg_pool_backward", "avg_pool/overlap_overwritten")
def overwrites_the_mean():
    def write(dx, window, up):
        dx[...] = up / window.size

    return _pool_student("avg_pool", write)


def _pool(x, pool_param, start, step, finish):
    """Pooling in loops."""
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    for size, window in ((x.shape[2], height), (x.shape[3], width)):
        if size < window or (size - window) % stride:
            raise ValueError("does not fit")
    HO = (x.shape[2] - height) // stride + 1
    WO = (x.shape[3] - width) // stride + 1
    out = np.zeros((*x.shape[:2], HO, WO))
    for n, c, i, j in np.ndindex(*out.shape):
        value = start
        for h in range(height):
            for k in range(width):
                value = step(value, x[n, c, i * stride + h, j * stride + k])
        out[n, c, i, j] = finish(value, height, width)
    return out, (x, pool_param)


@student("max_pool_forward", "max_pool/starts_at_zero")
def compares_with_zero():
    return {"max_pool_forward": lambda x, p: _pool(x, p, 0.0, max, lambda best, *_: best)}


@student("avg_pool_forward", "avg_pool/divided_by_height_squared")
def thinks_windows_square():
    return {
        "avg_pool_forward": lambda x, p: _pool(
            x, p, 0.0, lambda a, b: a + b, lambda total, height, _: total / height**2
        )
    }


@student("max_pool_forward", "max_pool/minimum")
def compares_the_wrong_way():
    return {"max_pool_forward": lambda x, p: _pool(x, p, np.inf, min, lambda best, *_: best)}


@pytest.mark.parametrize("name", STUDENTS)
def test_a_students_mistake_is_named(diagnosed, name):
    """The harness names the registered bug for a function written in a student's own way."""
    problem, bug, make = STUDENTS[name]
    assert diagnosed(problem, make(), bug) == bug
