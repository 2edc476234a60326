"""Max and average pooling."""

import numpy as np


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

    With H' = 1 + (H - pool_height) / stride, and W' likewise.

    Args:
        x: (N, C, H, W), the images.
        pool_param: dict with ``pool_height``, ``pool_width`` and ``stride``.

    Returns:
        out: (N, C, H', W').
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


# --------------------------------------------------------------------- global average pooling
def global_avg_pool_forward(x):
    """Take the mean of all pixels of each channel.

    Args:
        x: (N, C, H, W), the images.

    Returns:
        out: (N, C).
        cache: for global_avg_pool_backward.
    """
    raise NotImplementedError("write global_avg_pool_forward first, then global_avg_pool_backward")


def global_avg_pool_backward(dout, cache):
    """Send a gradient back to all pixels.

    Args:
        dout: (N, C).
        cache: what global_avg_pool_forward returned.

    Returns:
        dx: (N, C, H, W).
    """
    raise NotImplementedError("write global_avg_pool_forward first, then global_avg_pool_backward")


# ------------------------------------------------------------------- fractional max pooling
def fractional_boundaries(size, regions, u):
    """Where pseudorandom regions of fractional max pooling begin and end, along one axis.

    With alpha = size / regions, boundary i is ceil(alpha * (i + u)) - ceil(alpha * u).

    Args:
        size: int, where the last region ends.
        regions: int, how many there are, at most size.
        u: float between 0 and 1, which decides the order of smaller and larger regions.

    Returns:
        boundaries: a list of regions + 1 whole numbers, from 0 to size.
    """
    raise NotImplementedError


def fractional_max_pool_forward(x, pool_param):
    """Take the maximum of regions of different sizes, each channel by itself.

    ``rows`` holds the boundaries between the regions of the height, H' + 1 increasing numbers that
    begin with 0. Region p reaches from row rows[p] to row rows[p + 1]:

    - without that last row if ``overlapping`` is False; rows ends with H then;
    - and includes it if ``overlapping`` is True; rows ends with H - 1 then.

    ``cols`` cuts the width into W' regions in the same way.

    Args:
        x: (N, C, H, W), the images. Values can be negative.
        pool_param: dict with ``rows`` and ``cols``, lists of H' + 1 and W' + 1 integers, and
            ``overlapping`` (bool).

    Returns:
        out: (N, C, H', W').
        cache: for fractional_max_pool_backward.
    """
    raise NotImplementedError("write this first, then fractional_max_pool_backward")


def fractional_max_pool_backward(dout, cache):
    """Send a gradient back to the pixels that were the maxima.

    A pixel that is the maximum of several overlapping regions receives the gradient of each.

    Args:
        dout: (N, C, H', W').
        cache: what fractional_max_pool_forward returned.

    Returns:
        dx: (N, C, H, W).
    """
    raise NotImplementedError("write fractional_max_pool_forward first")
