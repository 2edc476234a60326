"""The windows that convolution and pooling look through, as formulas.

Given are image (N, C, H, W), the window's size KH × KW, and stride. The pixels of window (i, j)
are image[:, :, rows[i]][..., cols[j]].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.sheet import Formulas

Array = NDArray[Any]


WINDOW_FORMULAS: Formulas = {
    "H": lambda q: q.image.shape[2],
    "W": lambda q: q.image.shape[3],
    "HO": lambda q: count(q.H, q.KH, q.stride),
    "WO": lambda q: count(q.W, q.KW, q.stride),
    "row_step": lambda q: q.stride,
    "col_step": lambda q: q.stride,
    "rows": lambda q: places(q.HO, q.row_step, q.KH),
    "cols": lambda q: places(q.WO, q.col_step, q.KW),
    "windows": lambda q: look(q.image, q.rows, q.cols),
}


def count(size: int, window: int, stride: int) -> int:
    """How many windows lie along one axis.

    Raises:
        ValueError: they do not tile it.
    """
    if size < window or (size - window) % stride:
        raise ValueError(f"windows of {window} with stride {stride} do not fit {size}")
    return (size - window) // stride + 1


def places(count: int, step: int, size: int) -> Array:
    """Where the windows lie along one axis: (count, size) indices.

    Raises:
        ValueError: a negative count, as for np.zeros with a negative dimension.
    """
    if count < 0:
        raise ValueError("negative dimensions are not allowed")
    return step * np.arange(count)[:, np.newaxis] + np.arange(size)


def look(image: Array, rows: Array, cols: Array) -> Array:
    """All windows of an image: (N, C, HO, WO, KH, KW)."""
    return image[:, :, rows[:, np.newaxis, :, np.newaxis], cols[np.newaxis, :, np.newaxis, :]]


def spread(windows: Array, rows: Array, cols: Array, shape: tuple[int, ...]) -> Array:
    """The adjoint of ``look``: an image that holds, at each pixel, the sum over its windows."""
    if windows.dtype == np.float64:
        return _counted(windows, rows, cols, shape)
    image = np.zeros(shape, dtype=windows.dtype)
    for i in range(rows.shape[1]):
        for j in range(cols.shape[1]):
            # within one pixel of the window, all windows touch different pixels of the image
            image[:, :, rows[:, i, np.newaxis], cols[:, j]] += windows[..., i, j]
    return image


def _counted(windows: Array, rows: Array, cols: Array, shape: tuple[int, ...]) -> Array:
    """The same, far faster: half of what making a bundle costs was here."""
    N, C, H, W = shape
    pixels = rows[:, np.newaxis, :, np.newaxis] * W + cols[:, np.newaxis, :]
    if pixels.size and (rows.max() >= H or cols.max() >= W):
        raise IndexError("a window lies beyond the image")
    planes = np.arange(N * C)[:, np.newaxis] * (H * W) + pixels.ravel()
    image = np.bincount(planes.ravel(), windows.ravel(), minlength=N * C * H * W)
    return image.reshape(shape)


def spread_last(windows: Array, rows: Array, cols: Array, shape: tuple[int, ...]) -> Array:
    """As ``spread``, but a later window overwrites what an earlier one left."""
    image = np.zeros(shape, dtype=windows.dtype)
    for i in range(rows.shape[0]):
        for j in range(cols.shape[0]):
            image[:, :, rows[i][:, np.newaxis], cols[j]] = windows[:, :, i, j]
    return image
