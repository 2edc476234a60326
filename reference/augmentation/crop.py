"""Random crops: the same object, elsewhere in the picture.

Source: Krizhevsky, Sutskever, Hinton 2012, section 4.1; with padding, He et al. 2016, section 4.2.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def random_crop(x: Array, offsets: Labels, height: int, width: int, pad: int) -> Array:
    """Cut a window out of each image, at a place of its own.

    out[n, c, i, j] = p[n, c, top_n + i, left_n + j], where p is x with ``pad`` zeros on all sides.

    Args:
        x: (N, C, H, W)
        offsets: (N, 2), top and left of each window in the padded image
        height: of the windows
        width: of the windows
        pad: zeros on each side of the images

    Returns:
        out: (N, C, height, width)

    Raises:
        ValueError: a window does not fit into the padded image.
    """
    N, C, H, W = x.shape
    last = [H + 2 * pad - height, W + 2 * pad - width]
    if (offsets < 0).any() or (offsets > last).any():
        raise ValueError("a window does not fit into the padded image")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.empty((N, C, height, width), dtype=x.dtype)
    for n, (top, left) in enumerate(offsets):
        out[n] = padded[n, :, top : top + height, left : left + width]
    return out
