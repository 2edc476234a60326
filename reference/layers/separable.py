"""Depthwise separable convolution: a filter for each channel, then a mixing of the channels.

It replaces the F C HH WW weights of a convolution by C HH WW + F C. MobileNet normalises and
rectifies after each of the two; here they stand alone.

Source: Howard et al. 2017 (MobileNet), section 3.1; Chollet 2017 (Xception).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.depthwise import DepthwiseCache, depthwise_backward, depthwise_forward
from reference.layers.pointwise import PointwiseCache, pointwise_backward, pointwise_forward

SeparableCache = tuple[DepthwiseCache, PointwiseCache]


def separable_forward(
    x: Array, w_depth: Array, w_point: Array, b: Array, conv_param: Mapping[str, int]
) -> tuple[Array, SeparableCache]:
    """Forward: the depthwise convolution without biases, then the pointwise one.

    middle[n, c, p, q] = Σ_ij x_padded[n, c, p*stride + i, q*stride + j] w_depth[c, i, j]
    out[n, f, p, q] = b[f] + Σ_c w_point[f, c] middle[n, c, p, q]

    Args:
        x: (N, C, H, W), images
        w_depth: (C, HH, WW), a filter for each channel
        w_point: (F, C), how each output mixes the channels
        b: (F,), biases
        conv_param: stride (pixels between windows) and pad (zeros on each side)

    Returns:
        out: (N, F, OH, OW) with OH = (H + 2 pad - HH) / stride + 1 and OW likewise
        cache: what separable_backward needs

    Raises:
        ValueError: the filters do not fit the padded image, or have not its C channels.
    """
    no_bias = np.zeros(len(w_depth), dtype=x.dtype)
    middle, depth_cache = depthwise_forward(x, w_depth, no_bias, conv_param)
    out, point_cache = pointwise_forward(middle, w_point, b)
    return out, (depth_cache, point_cache)


def separable_backward(dout: Array, cache: SeparableCache) -> tuple[Array, Array, Array, Array]:
    """Backward: through the pointwise convolution, then through the depthwise one.

    Args:
        dout: (N, F, OH, OW), the gradient of the loss with respect to out
        cache: from separable_forward

    Returns:
        dx, dw_depth, dw_point, db: gradients with the shapes of x, w_depth, w_point and b
    """
    depth_cache, point_cache = cache
    dmiddle, dw_point, db = pointwise_backward(dout, point_cache)
    dx, dw_depth, _ = depthwise_backward(dmiddle, depth_cache)
    return dx, dw_depth, dw_point, db
