"""Sums and maxima over every window of an image, and the way back.

One trick makes them fast. Rows of an image follow each other in memory, so "one pixel to the
right" and "one row down" are steps of one long array, of 1 and of W places. A window's sum or
maximum is therefore worked out at *every* place of the array, first across, then down, with a few
operations on whole arrays; then the windows' own places are kept. Places at which a window would
run over the end of a row hold what nobody reads.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array
from reference.layers.windows import Windows, blocks


def over_windows(operation: np.ufunc, x: Array, windows: Windows) -> Array:
    """out[n, c, p, q] = the operation over x[n, c, p*stride + i, q*stride + j] for all i and j.

    Args:
        operation: np.add or np.maximum
        x: (N, C, H, W)
        windows: without padding

    Returns:
        out: (N, C, OH, OW)

    Raises:
        ValueError: the windows do not fit the image.
    """
    N, C, H, W = x.shape
    grid = windows.grid(x.shape)
    corner = next(windows.offsets(grid))
    planes = x.reshape(N * C, H * W)
    out = np.empty((N * C, *grid), dtype=x.dtype)
    for part in blocks(N * C, planes[:1].nbytes):
        flat = planes[part].reshape(-1)
        across = _combined(operation, flat, 1, windows.width)
        down = _combined(operation, across, W, windows.height)
        out[part] = down.reshape(-1, H, W)[corner]
    return out.reshape(N, C, *grid)


def spread(share: Array, x_shape: tuple[int, ...], windows: Windows) -> Array:
    """The adjoint of over_windows with np.add: all pixels of a window receive its share.

    Args:
        share: (N, C, OH, OW)
        x_shape: (N, C, H, W)
        windows: without padding

    Returns:
        dx: (N, C, H, W), the sum at each pixel over the windows it lies in
    """
    N, C, H, W = x_shape
    corner = next(windows.offsets(windows.grid(x_shape)))
    shares = share.reshape(N * C, *share.shape[2:])
    dx = np.zeros((N * C, H * W), dtype=share.dtype)
    for part in blocks(N * C, dx[:1].nbytes):
        at_corners = np.zeros_like(dx[part])
        at_corners.reshape(-1, H, W)[corner] = shares[part]
        one_long = at_corners.reshape(-1)
        across = one_long.copy()
        for j in range(1, windows.width):
            across[j:] += one_long[:-j]
        flat = dx[part].reshape(-1)
        flat += across
        for i in range(1, windows.height):
            flat[i * W :] += across[: -i * W]
    return dx.reshape(N, C, H, W)


def _combined(operation: np.ufunc, flat: Array, step: int, count: int) -> Array:
    """The operation over flat[i], flat[i + step], ...: ``count`` of them, or what is left."""
    if count == 1:
        return flat
    combined = np.empty_like(flat)
    combined[-step:] = flat[-step:]
    operation(flat[:-step], flat[step:], out=combined[:-step])
    for k in range(2, count):
        operation(combined[: -k * step], flat[k * step :], out=combined[: -k * step])
    return combined
