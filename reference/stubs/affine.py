"""The affine layer."""

import numpy as np


def affine_forward(x, w, b):
    """Give each output a weighted sum of all inputs, plus a bias: out = x w + b.

    Args:
        x: (N, d_1, ..., d_k), N samples; flatten each to a row of D = d_1 * ... * d_k values first.
        w: (D, M), the weights.
        b: (M,), the biases.

    Returns:
        out: (N, M).
        cache: for affine_backward.
    """
    raise NotImplementedError("write affine_forward first, then affine_backward")


def affine_backward(dout, cache):
    """Send a gradient back through the affine layer.

    Args:
        dout: (N, M).
        cache: what affine_forward returned.

    Returns:
        dx: (N, d_1, ..., d_k).
        dw: (D, M).
        db: (M,).
    """
    raise NotImplementedError("write affine_forward first, then affine_backward")
