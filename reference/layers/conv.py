"""Convolutional layer: the same small filters, applied at every place of an image.

As everywhere in deep learning, "convolution" means cross-correlation: the filter is not flipped.

Source: LeCun et al. 1998; course lecture "Convolutional layers"; names and shapes follow
Stanford's CS231n. Computed as one matrix product per image over its windows (im2col).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.windows import Windows

ConvCache = tuple[tuple[int, int, int, int], Array, Windows, Array]


def conv_forward(
    x: Array, w: Array, b: Array, conv_param: Mapping[str, int]
) -> tuple[Array, ConvCache]:
    """Forward: each filter is multiplied with each window of the image, and summed.

    out[n, f, p, q] = b[f] + Σ_cij x_padded[n, c, p*stride + i, q*stride + j] w[f, c, i, j]

    Args:
        x: (N, C, H, W), images
        w: (F, C, HH, WW), filters
        b: (F,), biases
        conv_param: stride (pixels between windows) and pad (zeros on each side)

    Returns:
        out: (N, F, OH, OW) with OH = (H + 2 pad - HH) / stride + 1 and OW likewise
        cache: what conv_backward needs

    Raises:
        ValueError: the filters do not fit the padded image, or have not its C channels.
    """
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    windows = Windows(HH, WW, conv_param["stride"], conv_param["pad"])
    cols = windows.columns(x)
    out = w.reshape(F, -1) @ cols + b[:, np.newaxis]
    return out.reshape(N, F, *windows.grid(x.shape)), ((N, C, H, W), w, windows, cols)


def conv_backward(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Backward: the derivatives of out = w cols + b.

    Here cols are the windows of x, one a column, and w has one row per filter:

    dw = Σ_n dout_n cols_nᵀ
    db = Σ dout over images and places
    dcols_n = wᵀ dout_n, and dx sums at each pixel dcols over the windows it lies in

    Args:
        dout: (N, F, OH, OW), the gradient of the loss with respect to out
        cache: from conv_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x_shape, w, windows, cols = cache
    N, F = dout.shape[:2]
    dout = dout.reshape(N, F, -1)
    db = dout.sum(axis=(0, 2))
    dw = (dout @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dx = windows.image(w.reshape(F, -1).T @ dout, x_shape)
    return dx, dw, db
