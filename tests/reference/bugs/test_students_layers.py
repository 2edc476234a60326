"""Mistakes in the further layers, as students write them in loops of their own, are recognised.

As in test_students_code.py: whole functions, with the mistake where students make it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.layers.conv_relu import conv_relu_backward, conv_relu_forward

pytestmark = pytest.mark.slow  # bundles of many problems

STUDENTS = {}


def student(problem, bug):
    """Register one student's functions: a problem, and the bug that should be named."""

    def keep(make):
        STUDENTS[f"{problem}-{bug}-{make.__name__}"] = (problem, bug, make)
        return make

    return keep


# --------------------------------------------------------------------------------- SAME padding
def _same(x, w, b, conv_param, before):
    """SAME convolution in loops; ``before`` says how many of all zeros lie before the image."""
    s = conv_param["stride"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    HO, WO = math.ceil(H / s), math.ceil(W / s)
    down, across = max((HO - 1) * s + HH - H, 0), max((WO - 1) * s + WW - W, 0)
    top, left = before(down), before(across)
    padded = np.zeros((N, x.shape[1], H + HH + down, W + WW + across))
    padded[:, :, top : top + H, left : left + W] = x
    out = np.zeros((N, F, HO, WO))
    for i in range(HO):
        for j in range(WO):
            window = padded[:, :, i * s : i * s + HH, j * s : j * s + WW]
            for f in range(F):
                out[:, f, i, j] = (window * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, None


@student("conv_same_forward", "conv_same/all_zeros_after")
def pads_at_the_end():
    return {"conv_same_forward": lambda *args: _same(*args, lambda _: 0)}


# ------------------------------------------------------------------------ depthwise convolution
def _depthwise(x, w, b, conv_param, term):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    _, HH, WW = w.shape
    if (H + 2 * p - HH) % s or (W + 2 * p - WW) % s:
        raise ValueError("does not fit")
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((N, C, (H + 2 * p - HH) // s + 1, (W + 2 * p - WW) // s + 1))
    for c in range(C):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                window = x_pad[:, :, i * s : i * s + HH, j * s : j * s + WW]
                out[:, c, i, j] = term(window, w, c) + b[c]
    return out, (x, w, b, conv_param)


@student("depthwise_forward", "depthwise/channels_added")
def sums_over_the_channels():
    def term(window, w, c):
        return np.sum(window * w[c], axis=(1, 2, 3))

    return {"depthwise_forward": lambda *args: _depthwise(*args, term)}


@student("depthwise_forward", "depthwise/filter_flipped")
def flips_the_filters():
    def term(window, w, c):
        return np.sum(window[:, c] * w[c, ::-1, ::-1], axis=(1, 2))

    return {"depthwise_forward": lambda *args: _depthwise(*args, term)}


@student("pointwise_forward", "pointwise/input_reshaped_without_transpose")
def reshapes_without_transposing():
    def pointwise_forward(x, w, b):
        N, C, H, W = x.shape
        rows = x.reshape(N * H * W, C).dot(w.T) + b
        return rows.reshape(N, H, W, -1).transpose(0, 3, 1, 2), (x, w)

    return {"pointwise_forward": pointwise_forward}


@student("separable_forward", "separable/relu_between")
def copies_mobilenet():
    def separable_forward(x, w_depth, w_point, b, conv_param):
        def term(window, w, c):
            return np.sum(window[:, c] * w[c], axis=(1, 2))

        middle, _ = _depthwise(x, w_depth, np.zeros(len(w_depth)), conv_param, term)
        out = np.tensordot(np.maximum(middle, 0), w_point, axes=(1, 1)).transpose(0, 3, 1, 2)
        return out + b[:, None, None], None

    return {"separable_forward": separable_forward}


# ------------------------------------------------------------------------------------- pooling
@student("global_avg_pool_backward", "global_avg_pool/gradient_not_shared")
def repeats_the_gradient():
    def global_avg_pool_backward(dout, shape):
        dx = np.zeros(shape)
        dx += dout[:, :, None, None]
        return dx

    return {
        "global_avg_pool_forward": lambda x: (x.mean((2, 3)), x.shape),
        "global_avg_pool_backward": global_avg_pool_backward,
    }


def _fractional_backward(dout, cache, write):
    x, param = cache
    dx = np.zeros_like(x)
    last = int(param["overlapping"])
    for n, c, p, q in np.ndindex(*dout.shape):
        rows = slice(param["rows"][p], param["rows"][p + 1] + last)
        cols = slice(param["cols"][q], param["cols"][q + 1] + last)
        write(dx[n, c, rows, cols], x[n, c, rows, cols], dout[n, c, p, q])
    return dx


@student("fractional_max_pool_backward", "fractional_max_pool/overlap_overwritten")
def overwrites_the_winner():
    def write(dx, region, up):
        dx[np.unravel_index(region.argmax(), region.shape)] = up

    return {
        "fractional_max_pool_forward": lambda x, param: (np.zeros(0), (x, param)),
        "fractional_max_pool_backward": lambda *args: _fractional_backward(*args, write),
    }


# -------------------------------------------------------------------------------------- blocks
def _conv(x, w, b, stride=1):
    """A convolution without ReLU."""
    _, (_, before) = conv_relu_forward(x, w, b, {"stride": stride, "pad": w.shape[2] // 2})
    return before


@student("residual_forward", "residual/relu_before_sum")
def adds_after_the_last_relu():
    def residual_forward(x, params):
        hidden = np.maximum(0, _conv(x, params["W1"], params["b1"]))
        return np.maximum(0, _conv(hidden, params["W2"], params["b2"])) + x, None

    return {"residual_forward": residual_forward}


@student("residual_projection_forward", "residual_projection/shortcut_forgotten")
def is_no_residual_block():
    def residual_projection_forward(x, params, stride):
        hidden = np.maximum(0, _conv(x, params["W1"], params["b1"], stride))
        return np.maximum(0, _conv(hidden, params["W2"], params["b2"])), None

    return {"residual_projection_forward": residual_projection_forward}


def _residual(x, params):
    one, first = conv_relu_forward(x, params["W1"], params["b1"], {"stride": 1, "pad": 1})
    _, second = conv_relu_forward(one, params["W2"], params["b2"], {"stride": 1, "pad": 1})
    total = second[1] + x
    return np.maximum(total, 0), (first, second, total)


@student("residual_backward", "residual/shortcut_gradient_lost")
def returns_the_gradient_of_one_way():
    def residual_backward(dout, cache):
        first, (conv, before), total = cache
        dtotal = dout * (total > 0)
        passes = (conv, np.ones_like(before))  # the second convolution has no ReLU of its own
        dh, dW2, db2 = conv_relu_backward(dtotal, passes)
        dx, dW1, db1 = conv_relu_backward(dh, first)
        return dx, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

    return {"residual_forward": _residual, "residual_backward": residual_backward}


@student("inception_forward", "inception/pool_padded_with_zeros")
def pads_the_pooling_with_zeros():
    def inception_forward(x, p):
        def conv(given, name):
            return np.maximum(0, _conv(given, p[f"W{name}"], p[f"b{name}"]))

        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        H, W = x.shape[2:]
        around = [padded[:, :, i : i + H, j : j + W] for i in range(3) for j in range(3)]
        branches = [conv(x, "1"), conv(conv(x, "3r"), "3"), conv(conv(x, "5r"), "5")]
        return np.concatenate([*branches, conv(np.max(around, axis=0), "p")], axis=1), None

    return {"inception_forward": inception_forward}


# ------------------------------------------------------------------------------------- kernels
@student("gaussian_kernel", "gaussian_kernel/normalised_by_density")
def divides_by_two_pi_sigma_squared():
    def gaussian_kernel(size, sigma):
        axis = np.arange(-(size - 1) / 2, size / 2)
        xx, yy = np.meshgrid(axis, axis)
        return np.exp(-(xx**2 + yy**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)

    return {"gaussian_kernel": gaussian_kernel}


@student("apply_kernel", "apply_kernel/border_zero")
def leaves_the_border_out():
    def apply_kernel(image, kernel):
        h, w = kernel.shape
        top, left = h // 2, w // 2
        out = np.zeros_like(image)
        for i in range(top, image.shape[0] - (h - 1) // 2):
            for j in range(left, image.shape[1] - (w - 1) // 2):
                out[i, j] = np.sum(image[i - top : i - top + h, j - left : j - left + w] * kernel)
        return out

    return {"apply_kernel": apply_kernel}


@pytest.mark.parametrize("name", STUDENTS)
def test_a_students_mistake_is_named(diagnosed, name):
    """The harness names the registered bug for a function written in a student's own way."""
    problem, bug, make = STUDENTS[name]
    assert diagnosed(problem, make(), bug) == bug
