"""Convolution."""

import numpy as np


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
