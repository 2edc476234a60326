"""Images in another size: nearest pixel, and bilinear.

Source: course lecture "Training neural networks", random crops and scales; the grids are those of
PyTorch's ``interpolate`` (modes nearest, and bilinear with ``align_corners=False``).
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def resize_nearest(x: Array, height: int, width: int) -> Array:
    """Repeat or drop pixels: out[n, c, i, j] = x[n, c, ⌊i H / height⌋, ⌊j W / width⌋].

    Args:
        x: (N, C, H, W)
        height: of the result
        width: of the result

    Returns:
        out: (N, C, height, width)
    """
    H, W = x.shape[2:]
    rows, cols = np.arange(height) * H // height, np.arange(width) * W // width
    return x[:, :, rows[:, np.newaxis], cols]


def resize_bilinear(x: Array, height: int, width: int) -> Array:
    """Interpolate between the four pixels around each place, first the rows, then the columns.

    The centre of output pixel i lies at r = (i + ½) H / height − ½, moved into 0..H−1; with
    f = r − ⌊r⌋, the pixel is (1 − f) x[⌊r⌋] + f x[⌊r⌋ + 1]. Columns likewise. When an image is
    made smaller, nothing is averaged beyond that.

    Args:
        x: (N, C, H, W)
        height: of the result
        width: of the result

    Returns:
        out: (N, C, height, width)
    """
    top, bottom, f = _neighbours(x.shape[2], height, x.dtype)
    f = f[:, np.newaxis]
    tall = (1 - f) * x[:, :, top] + f * x[:, :, bottom]
    left, right, g = _neighbours(x.shape[3], width, x.dtype)
    out: Array = (1 - g) * tall[..., left] + g * tall[..., right]
    return out


def _neighbours(old: int, new: int, dtype: np.dtype[np.floating]) -> tuple[Labels, Labels, Array]:
    """For each of ``new`` pixels the two of ``old`` that it lies between, and how far along."""
    place = np.clip((np.arange(new, dtype=dtype) + 0.5) * old / new - 0.5, 0, old - 1)
    first = np.floor(place).astype(np.int64)
    return first, np.minimum(first + 1, old - 1), (place - first).astype(dtype)
