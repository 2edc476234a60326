"""Depthwise convolution: every channel has one small filter of its own, and stays by itself.

Source: Howard et al. 2017 (MobileNet), section 3.1, equation 3.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.windows import Windows

DepthwiseCache = tuple[tuple[int, int, int, int], Array, Windows, Array]


def depthwise_forward(
    x: Array, w: Array, b: Array, conv_param: Mapping[str, int]
) -> tuple[Array, DepthwiseCache]:
    """Forward: out[n, c, p, q] = b[c] + Σ_ij x_padded[n, c, p*stride + i, q*stride + j] w[c, i, j].

    Args:
        x: (N, C, H, W), images
        w: (C, HH, WW), a filter for each channel
        b: (C,), biases
        conv_param: stride (pixels between windows) and pad (zeros on each side)

    Returns:
        out: (N, C, OH, OW) with OH = (H + 2 pad - HH) / stride + 1 and OW likewise
        cache: what depthwise_backward needs

    Raises:
        ValueError: the filters do not fit the padded image, or are not C.
    """
    N, C, H, W = x.shape
    if len(w) != C:
        raise ValueError(f"{len(w)} filters do not match {C} channels")
    windows = Windows(w.shape[1], w.shape[2], conv_param["stride"], conv_param["pad"])
    OH, OW = windows.grid(x.shape)
    cols = windows.columns(x).reshape(N, C, -1, OH * OW)
    out = w.reshape(C, 1, -1) @ cols + b[:, np.newaxis, np.newaxis]
    return out.reshape(N, C, OH, OW), ((N, C, H, W), w, windows, cols)


def depthwise_backward(dout: Array, cache: DepthwiseCache) -> tuple[Array, Array, Array]:
    """Backward: the derivatives of out_c = w_c cols_c + b_c, channel by channel.

    Here cols_c are the windows of channel c, one a column, and w_c is a row:

    dw_c = Σ_n dout_nc cols_ncᵀ
    db_c = Σ dout_c over images and places
    dcols_nc = w_cᵀ dout_nc, and dx sums at each pixel dcols over the windows it lies in

    Args:
        dout: (N, C, OH, OW), the gradient of the loss with respect to out
        cache: from depthwise_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x_shape, w, windows, cols = cache
    N, C, K, L = cols.shape
    dout = dout.reshape(N, C, 1, L)
    db = dout.sum(axis=(0, 2, 3))
    dw = (dout @ cols.transpose(0, 1, 3, 2)).sum(axis=0).reshape(w.shape)
    dcols = w.reshape(C, -1, 1) @ dout
    dx = windows.image(dcols.reshape(N, C * K, L), x_shape)
    return dx, dw, db
