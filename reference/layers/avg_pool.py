"""Average pooling: each window is replaced by the mean of its pixels.

Source: LeCun et al. 1998 (subsampling); course lecture "Pooling layers".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.sliding import over_windows, spread
from reference.layers.windows import Windows

AvgPoolCache = tuple[tuple[int, ...], Windows]


def avg_pool_forward(x: Array, pool_param: Mapping[str, int]) -> tuple[Array, AvgPoolCache]:
    """Forward: out[n, c, p, q] = mean_ij x[n, c, p*stride + i, q*stride + j].

    Args:
        x: (N, C, H, W), images
        pool_param: pool_height, pool_width (the window) and stride (pixels between windows)

    Returns:
        out: (N, C, OH, OW) with OH = (H - pool_height) / stride + 1 and OW likewise
        cache: what avg_pool_backward needs

    Raises:
        ValueError: the windows do not fit the image.
    """
    windows = Windows(pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"])
    total = over_windows(np.add, x, windows)
    return total / (windows.height * windows.width), (x.shape, windows)


def avg_pool_backward(dout: Array, cache: AvgPoolCache) -> Array:
    """Backward: each window hands an equal share of its gradient to all its pixels.

    Args:
        dout: (N, C, OH, OW), the gradient of the loss with respect to out
        cache: from avg_pool_forward

    Returns:
        dx: (N, C, H, W)
    """
    x_shape, windows = cache
    return spread(dout / (windows.height * windows.width), x_shape, windows)
