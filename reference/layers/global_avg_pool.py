"""Global average pooling: each channel is replaced by the mean of all its pixels.

It stands where older networks flatten their last images, and has no parameters.

Source: Lin, Chen, Yan 2014 (network in network), section 3.2.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

GlobalAvgPoolCache = tuple[int, ...]


def global_avg_pool_forward(x: Array) -> tuple[Array, GlobalAvgPoolCache]:
    """Forward: out[n, c] = mean_ij x[n, c, i, j].

    Args:
        x: (N, C, H, W), images

    Returns:
        out: (N, C)
        cache: what global_avg_pool_backward needs
    """
    return x.mean(axis=(2, 3)), x.shape


def global_avg_pool_backward(dout: Array, cache: GlobalAvgPoolCache) -> Array:
    """Backward: every pixel of a channel receives dout / (H W).

    Args:
        dout: (N, C), the gradient of the loss with respect to out
        cache: from global_avg_pool_forward

    Returns:
        dx: (N, C, H, W)
    """
    H, W = cache[2:]
    share = dout[:, :, np.newaxis, np.newaxis] / (H * W)
    return np.broadcast_to(share, cache).copy()
