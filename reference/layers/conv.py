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

ConvCache = tuple[Array, Array, Windows, Array | None]


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
    rows = np.column_stack([w.reshape(F, -1), b])
    kept: Array | None = None
    for images, cols in windows.column_blocks(x):
        np.matmul(rows, cols, out=out[images])
        # Few columns are kept for the backward pass; many are made again faster than read back.
        kept = cols if len(cols) == N else None
    return out.reshape(N, F, OH, OW), (x, w, windows, kept)


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
    x, w, windows, kept = cache
    F, C, HH, WW = w.shape
    # Copying windows costs most; those of dout have F channels, those of x are copied and added.
    if windows.stride == 1 and windows.pad < min(HH, WW) and F <= 2 * C:
        return _by_windows_of_dout(dout, x, w, windows)
    return _by_windows_of_x(dout, x, w, windows, kept)


def _by_windows_of_x(
    dout: Array, x: Array, w: Array, windows: Windows, kept: Array | None
) -> tuple[Array, Array, Array]:
    """By the formulas, a few images at a time."""
    N, F, OH, OW = dout.shape
    dout = dout.reshape(N, F, OH * OW)
    rows = w.reshape(F, -1)
    drows = np.zeros((F, rows.shape[1] + 1), dtype=np.result_type(dout, x))
    padded = np.zeros(windows.padded_shape(x.shape), dtype=np.result_type(dout, w))
    parts = windows.column_blocks(x) if kept is None else [(slice(0, N), kept)]
    for images, cols in parts:
        drows += (dout[images] @ cols.transpose(0, 2, 1)).sum(axis=0)
        out = cols[:, :-1] if kept is None else None
        dcols = np.matmul(rows.T, dout[images], out=out)
        windows.add_to_image(dcols, padded[images])
    return windows.unpadded(padded), drows[:, :-1].reshape(w.shape), drows[:, -1].copy()


def _by_windows_of_dout(
    dout: Array, x: Array, w: Array, windows: Windows
) -> tuple[Array, Array, Array]:
    """The same at stride 1, where pixel (i, j) of x meets a window of dout.

    Pixel (i, j) of x takes part in the outputs (i + pad - h, j + pad - k), each by the weight
    (h, k): they are a window of dout, read backwards. With dcols its windows, one a column, and
    the filters turned by 180 degrees, dx = w dcols and dw = x dcolsᵀ: nothing has to be added to
    places that overlap.
    """
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    db = dout.sum(axis=(0, 2, 3))
    down, across = HH - 1 - windows.pad, WW - 1 - windows.pad
    dout = np.pad(dout, ((0, 0), (0, 0), (down, down), (across, across)))
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3).reshape(C, -1)
    pixels = x.reshape(N, C, H * W)
    dx = np.empty(pixels.shape, dtype=np.result_type(dout, w))
    dw = np.zeros_like(turned)
    for images, cols in Windows(HH, WW, stride=1).column_blocks(dout):
        dcols = cols[:, :-1]
        np.matmul(turned, dcols, out=dx[images])
        dw += (pixels[images] @ dcols.transpose(0, 2, 1)).sum(axis=0)
    dw = dw.reshape(C, F, HH, WW).transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
    return dx.reshape(x.shape), np.ascontiguousarray(dw), db
