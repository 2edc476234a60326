"""Pointwise (1 by 1) convolution: at every pixel, the same weighted sums over the channels.

Source: Lin, Chen, Yan 2014 (network in network); Howard et al. 2017 (MobileNet), section 3.1.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

PointwiseCache = tuple[Array, Array]


def pointwise_forward(x: Array, w: Array, b: Array) -> tuple[Array, PointwiseCache]:
    """Forward: out[n, f, p, q] = b[f] + Σ_c w[f, c] x[n, c, p, q].

    Args:
        x: (N, C, H, W), images
        w: (F, C)
        b: (F,), biases

    Returns:
        out: (N, F, H, W)
        cache: what pointwise_backward needs

    Raises:
        ValueError: w has not C columns.
    """
    N, C, H, W = x.shape
    out = w @ x.reshape(N, C, H * W) + b[:, np.newaxis]
    return out.reshape(N, len(w), H, W), (x, w)


def pointwise_backward(dout: Array, cache: PointwiseCache) -> tuple[Array, Array, Array]:
    """Backward: dx = wᵀ dout at every pixel, dw = Σ dout xᵀ and db = Σ dout over all pixels.

    Args:
        dout: (N, F, H, W), the gradient of the loss with respect to out
        cache: from pointwise_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x, w = cache
    N, F = dout.shape[:2]
    pixels, dpixels = x.reshape(N, x.shape[1], -1), dout.reshape(N, F, -1)
    dx = (w.T @ dpixels).reshape(x.shape)
    dw = (dpixels @ pixels.transpose(0, 2, 1)).sum(axis=0)
    db = dpixels.sum(axis=(0, 2))
    return dx, dw, db
