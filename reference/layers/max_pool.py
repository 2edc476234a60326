"""Max pooling: each window is replaced by its largest pixel.

Source: course lecture "Pooling layers"; names and shapes follow Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.sliding import over_windows
from reference.layers.windows import Windows, blocks

MaxPoolCache = tuple[Array, Array, Windows]


def max_pool_forward(x: Array, pool_param: Mapping[str, int]) -> tuple[Array, MaxPoolCache]:
    """Forward: out[n, c, p, q] = max_ij x[n, c, p*stride + i, q*stride + j].

    Args:
        x: (N, C, H, W), images
        pool_param: pool_height, pool_width (the window) and stride (pixels between windows)

    Returns:
        out: (N, C, OH, OW) with OH = (H - pool_height) / stride + 1 and OW likewise
        cache: what max_pool_backward needs

    Raises:
        ValueError: the windows do not fit the image.
    """
    windows = Windows(pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"])
    out = over_windows(np.maximum, x, windows)
    return out, (x, out, windows)


def max_pool_backward(dout: Array, cache: MaxPoolCache) -> Array:
    """Backward: each window hands its gradient to its largest pixel, where it adds up.

    Where several pixels of a window are largest, the first one, row by row, receives it all.

    Args:
        dout: (N, C, OH, OW), the gradient of the loss with respect to out
        cache: from max_pool_forward

    Returns:
        dx: (N, C, H, W)
    """
    x, out, windows = cache
    N, C, H, W = x.shape
    grid = windows.grid(x.shape)
    pixels = windows.height * windows.width
    kind = np.min_scalar_type(pixels)
    # How far pixel k of a window lies from its first one, by pixels - k. Entry 0 is for windows
    # in which nothing equals the maximum, because it is NaN.
    away = np.add.outer(W * np.arange(windows.height), np.arange(windows.width))
    away = np.append(0, away.ravel()[::-1])
    planes, tops, gradients = (a.reshape(N * C, *a.shape[2:]) for a in (x, out, dout))
    dx = np.zeros((N * C, H * W), dtype=dout.dtype)
    for part in blocks(N * C, planes[:1].nbytes):
        first = np.zeros(tops[part].shape, dtype=kind)
        for k, index in enumerate(windows.offsets(grid)):
            is_top = planes[part][index] == tops[part]
            np.maximum(first, is_top * kind.type(pixels - k), out=first)
        flat = dx[part].reshape(-1)
        corners = np.arange(flat.size).reshape(-1, H, W)[next(windows.offsets(grid))]
        np.add.at(flat, (corners + away[first]).ravel(), gradients[part].ravel())
    return dx.reshape(x.shape)
