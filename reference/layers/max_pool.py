"""Max pooling: each window is replaced by its largest pixel.

Source: course lecture "Pooling layers"; names and shapes follow Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.windows import Windows

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
    first, *others = windows.offsets(windows.grid(x.shape))
    out = x[first].copy()
    for index in others:
        np.maximum(out, x[index], out=out)
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
    dx = np.zeros_like(x, dtype=dout.dtype)
    unclaimed = np.ones(dout.shape, dtype=bool)
    for index in windows.offsets(dout.shape[2:]):
        wins = unclaimed & (x[index] == out)
        dx[index] += dout * wins
        unclaimed ^= wins
    return dx
