"""Convolution and pooling layers, forward and backward.

This file does not depend on the other two; write it whenever you like. Plain loops are fast enough
for the marking: write what you understand, then make it faster if you want.

Images are arrays x (N, C, H, W): N images, C channels, H rows, W columns. H and W can differ.

Every forward function returns ``(out, cache)``. The cache is yours: put into it whatever the
backward function needs. It is handed back to your backward function and never looked at.

A backward function gets ``dout``, the gradient of some loss with respect to ``out`` (same shape as
``out``), and returns the gradients with respect to the inputs of the forward function. A pixel that
took part in several outputs receives the sum of what they send back.

A window or a filter must tile its input exactly: the first window starts in the corner, each next
one ``stride`` further on, and the last must end at the edge. When that does not come out even, in
height or in width, raise ``ValueError`` with a message that says so.
"""

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


def max_pool_forward(x, pool_param):
    """Take the maximum of each window, each channel by itself.

    With H' = 1 + (H - pool_height) / stride, and W' likewise. Windows overlap when the stride is
    smaller than the window.

    Args:
        x: (N, C, H, W), the images. Values can be negative.
        pool_param: dict with ``pool_height``, ``pool_width`` and ``stride``.

    Returns:
        out: (N, C, H', W').
        cache: for max_pool_backward.

    Raises:
        ValueError: H' or W' would not be a whole number, or would be less than 1.
    """
    raise NotImplementedError("write max_pool_forward first, then max_pool_backward")


def max_pool_backward(dout, cache):
    """Send a gradient back to the pixels that were the maxima.

    A pixel that is the maximum of several overlapping windows receives the gradient of each.

    Args:
        dout: (N, C, H', W').
        cache: what max_pool_forward returned.

    Returns:
        dx: (N, C, H, W).
    """
    raise NotImplementedError("write max_pool_forward first, then max_pool_backward")


def avg_pool_forward(x, pool_param):
    """Take the mean of each window, each channel by itself.

    Args:
        x: (N, C, H, W), the images.
        pool_param: dict with ``pool_height``, ``pool_width`` and ``stride``.

    Returns:
        out: (N, C, H', W'), the sizes as in max_pool_forward.
        cache: for avg_pool_backward.

    Raises:
        ValueError: H' or W' would not be a whole number, or would be less than 1.
    """
    raise NotImplementedError("write avg_pool_forward first, then avg_pool_backward")


def avg_pool_backward(dout, cache):
    """Send a gradient back to all pixels of each window.

    Args:
        dout: (N, C, H', W').
        cache: what avg_pool_forward returned.

    Returns:
        dx: (N, C, H, W).
    """
    raise NotImplementedError("write avg_pool_forward first, then avg_pool_backward")
