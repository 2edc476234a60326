"""Convolution."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "same_padding": {
        "after": {
            "ceil(P / 2) lie at the top and floor(P / 2) at the bottom.": (
                "floor(P / 2) lie at the top and ceil(P / 2) at the bottom."
            ),
            "ceil at the left, floor at the right.": "floor at the left, ceil at the right.",
        },
    },
}


def conv_forward(x, w, b, conv_param):
    """Slide F filters over the images; each is a weighted sum over all channels, plus a bias.

    As usual in deep learning the filter is not flipped. ``pad`` rows and columns of zeros are put
    on all four sides of each image first. With H' = 1 + (H + 2*pad - HH) / stride, and W' likewise:

    Args:
        x: (N, C, H, W), the images.
        w: (F, C, HH, WW), the filters.
        b: (F,), the biases.
        conv_param: dict with ``stride`` (int, at least 1) and ``pad`` (int, at least 0).

    Returns:
        out: (N, F, H', W').
        cache: for conv_backward.

    Raises:
        ValueError: H' or W' would not be a whole number, or would be less than 1.
    """
    raise NotImplementedError("write conv_forward first, then conv_backward")


def conv_backward(dout, cache):
    """Send a gradient back through the convolution.

    Args:
        dout: (N, F, H', W').
        cache: what conv_forward returned.

    Returns:
        dx: (N, C, H, W), without the padding. Mind ``pad`` = 0.
        dw: (F, C, HH, WW).
        db: (F,).
    """
    raise NotImplementedError("write conv_forward first, then conv_backward")


# ------------------------------------------------------------------------------ SAME padding
def conv_same_forward(x, w, b, conv_param):
    """Convolve with as many zeros around the images as SAME padding asks for.

    The output has H' = ceil(H / stride) rows. For that, P rows of zeros are needed in all:

        P = max(0, (H' - 1) * stride + HH - H)

    Of these, ceil(P / 2) lie at the top and floor(P / 2) at the bottom. The columns likewise, from
    W and WW: ceil at the left, floor at the right. (Other libraries may do it the other way round.)

    Args:
        x: (N, C, H, W), the images.
        w: (F, C, HH, WW), the filters; not flipped.
        b: (F,), the biases.
        conv_param: dict with ``stride`` (int, at least 1).

    Returns:
        out: (N, F, H', W').
        cache: for conv_same_backward.
    """
    raise NotImplementedError("write conv_same_forward first, then conv_same_backward")


def conv_same_backward(dout, cache):
    """Send a gradient back through the convolution with SAME padding.

    Args:
        dout: (N, F, H', W').
        cache: what conv_same_forward returned.

    Returns:
        dx: (N, C, H, W), without the padding. Mind sides that have none.
        dw: (F, C, HH, WW).
        db: (F,).
    """
    raise NotImplementedError("write conv_same_forward first, then conv_same_backward")


# --------------------------------------------------------------- depthwise separable convolution
def depthwise_forward(x, w, b, conv_param):
    """Slide one filter over each channel; the channels stay by themselves.

        out[n, c, i, j] = b[c] + sum over h, k of
                          x_padded[n, c, i*stride + h, j*stride + k] * w[c, h, k]

    With H' = 1 + (H + 2*pad - HH) / stride, and W' likewise:

    Args:
        x: (N, C, H, W), the images.
        w: (C, HH, WW), a filter for each channel; not flipped.
        b: (C,), the biases.
        conv_param: dict with ``stride`` (int, at least 1) and ``pad`` (int, at least 0).

    Returns:
        out: (N, C, H', W').
        cache: for depthwise_backward.

    Raises:
        ValueError: H' or W' would not be a whole number, or would be less than 1.
    """
    raise NotImplementedError("write depthwise_forward first, then depthwise_backward")


def depthwise_backward(dout, cache):
    """Send a gradient back through the depthwise convolution.

    Args:
        dout: (N, C, H', W').
        cache: what depthwise_forward returned.

    Returns:
        dx: (N, C, H, W), without the padding. Mind ``pad`` = 0.
        dw: (C, HH, WW).
        db: (C,).
    """
    raise NotImplementedError("write depthwise_forward first, then depthwise_backward")


def pointwise_forward(x, w, b):
    """Mix the channels of each pixel: a convolution with filters of 1 by 1.

        out[n, f, i, j] = b[f] + sum over c of w[f, c] * x[n, c, i, j]

    Args:
        x: (N, C, H, W), the images.
        w: (F, C), a row for each output.
        b: (F,), the biases.

    Returns:
        out: (N, F, H, W).
        cache: for pointwise_backward.
    """
    raise NotImplementedError("write pointwise_forward first, then pointwise_backward")


def pointwise_backward(dout, cache):
    """Send a gradient back through the pointwise convolution.

    Args:
        dout: (N, F, H, W).
        cache: what pointwise_forward returned.

    Returns:
        dx: (N, C, H, W).
        dw: (F, C).
        db: (F,).
    """
    raise NotImplementedError("write pointwise_forward first, then pointwise_backward")


def separable_forward(x, w_depth, w_point, b, conv_param):
    """A depthwise convolution without biases, directly followed by a pointwise one.

    No ReLU and no normalisation stand between the two. With H' = 1 + (H + 2*pad - HH) / stride,
    and W' likewise:

    Args:
        x: (N, C, H, W), the images.
        w_depth: (C, HH, WW), a filter for each channel; not flipped.
        w_point: (F, C), how each output mixes the channels.
        b: (F,), the biases, added at the end.
        conv_param: dict with ``stride`` (int, at least 1) and ``pad`` (int, at least 0).

    Returns:
        out: (N, F, H', W').
        cache: for separable_backward.

    Raises:
        ValueError: H' or W' would not be a whole number, or would be less than 1.
    """
    raise NotImplementedError("write separable_forward first, then separable_backward")


def separable_backward(dout, cache):
    """Send a gradient back through both convolutions.

    Args:
        dout: (N, F, H', W').
        cache: what separable_forward returned.

    Returns:
        dx: (N, C, H, W).
        dw_depth: (C, HH, WW).
        dw_point: (F, C).
        db: (F,).
    """
    raise NotImplementedError("write separable_forward first, then separable_backward")
