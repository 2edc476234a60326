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

ConvCache = tuple[Array, Array, Windows]


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
    N = len(x)
    F, _, HH, WW = w.shape
    x = x.astype(np.result_type(x, w, b), copy=False)
    windows = Windows(HH, WW, conv_param["stride"], conv_param["pad"])
    OH, OW = windows.grid(x.shape)
    out = np.empty((N, F, OH * OW), dtype=x.dtype)
    for images, cols in windows.column_blocks(x):
        np.matmul(w.reshape(F, -1), cols, out=out[images])
        out[images] += b[:, np.newaxis]
    return out.reshape(N, F, OH, OW), (x, w, windows)


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
    x, w, windows = cache
    F, C, HH, WW = w.shape
    db = dout.sum(axis=(0, 2, 3))
    # Copying windows costs most; those of dout have F channels, those of x are copied and added.
    if windows.stride == 1 and windows.pad < min(HH, WW) and F <= 2 * C:
        dx, dw = _by_windows_of_dout(dout, x, w, windows)
    else:
        dx, dw = _by_windows_of_x(dout, x, w, windows)
    return dx, dw, db


def _by_windows_of_x(dout: Array, x: Array, w: Array, windows: Windows) -> tuple[Array, Array]:
    """By the formulas for dw and dx, a few images at a time."""
    N, F = dout.shape[:2]
    dout = dout.reshape(N, F, -1)
    rows = w.reshape(F, -1)
    dw = np.zeros_like(rows)
    padded = np.zeros(windows.padded_shape(x.shape), dtype=np.result_type(dout, w))
    for images, cols in windows.column_blocks(x):
        dw += (dout[images] @ cols.transpose(0, 2, 1)).sum(axis=0)
        dcols = np.matmul(rows.T, dout[images], out=cols)
        windows.add_to_image(dcols, padded[images])
    return windows.unpadded(padded), dw.reshape(w.shape)


def _by_windows_of_dout(dout: Array, x: Array, w: Array, windows: Windows) -> tuple[Array, Array]:
    """The same at stride 1, where pixel (i, j) of x meets a window of dout.

    Pixel (i, j) of x takes part in the outputs (i + pad - h, j + pad - k), each by the weight
    (h, k): they are a window of dout, read backwards. With dcols its windows, one a column, and
    the filters turned by 180 degrees, dx = w dcols and dw = x dcolsᵀ: nothing has to be added to
    places that overlap.
    """
    N, C = x.shape[:2]
    F, _, HH, WW = w.shape
    down, across = HH - 1 - windows.pad, WW - 1 - windows.pad
    dout = np.pad(dout, ((0, 0), (0, 0), (down, down), (across, across)))
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3).reshape(C, -1)
    pixels = x.reshape(N, C, -1)
    dx = np.empty(pixels.shape, dtype=np.result_type(dout, w))
    dw = np.zeros_like(turned)
    for images, dcols in Windows(HH, WW, stride=1).column_blocks(dout):
        np.matmul(turned, dcols, out=dx[images])
        dw += (pixels[images] @ dcols.transpose(0, 2, 1)).sum(axis=0)
    dw = dw.reshape(C, F, HH, WW).transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
    return dx.reshape(x.shape), np.ascontiguousarray(dw)
