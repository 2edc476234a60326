"""Fractional max pooling: the maximum over regions of different sizes.

The image shrinks by a factor between 1 and 2, because the boundaries between regions are 1 or 2
pixels apart (more are allowed here). How they are drawn, at random or pseudorandom, is left to the
caller: the layer is given them.

Source: Graham 2014 (fractional max-pooling), section 2. With indices from 0, and disjoint regions
up to the last pixel, which the paper's P_i = [a_(i-1), a_i - 1] would leave out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from reference.arrays import Array, Labels

FractionalMaxPoolCache = tuple[tuple[int, ...], Labels, Labels]


def fractional_max_pool_forward(
    x: Array, pool_param: Mapping[str, Any]
) -> tuple[Array, FractionalMaxPoolCache]:
    """Forward: out[n, c, p, q] = max x[n, c, i, j] over the rows i and columns j of region (p, q).

    The rows of region p run from rows[p] to rows[p + 1]: including it when regions overlap, so
    that neighbours share it, and excluding it when they are disjoint. Columns likewise.

    Args:
        x: (N, C, H, W), images
        pool_param: rows and cols, OH + 1 and OW + 1 increasing integers from 0 up to H and W, or,
            when overlapping (a bool) is true, up to H - 1 and W - 1

    Returns:
        out: (N, C, OH, OW)
        cache: what fractional_max_pool_backward needs

    Raises:
        ValueError: the boundaries do not fit the image.
    """
    overlapping = bool(pool_param["overlapping"])
    N, C, H, W = x.shape
    regions_down = _regions(pool_param["rows"], H, overlapping)
    regions_across = _regions(pool_param["cols"], W, overlapping)
    out = np.empty((N, C, len(regions_down), len(regions_across)), dtype=x.dtype)
    winners = np.empty(out.shape, dtype=np.intp)  # i * W + j of each region's maximum
    for p, rows in enumerate(regions_down):
        for q, columns in enumerate(regions_across):
            region = x[:, :, rows, columns]
            pixels = region.reshape(N, C, -1)
            i, j = np.divmod(pixels.argmax(axis=2), region.shape[3])
            winners[:, :, p, q] = (rows.start + i) * W + columns.start + j
            out[:, :, p, q] = pixels.max(axis=2)
    return out, (x.shape, winners, np.arange(N * C).reshape(N, C, 1, 1))


def fractional_max_pool_backward(dout: Array, cache: FractionalMaxPoolCache) -> Array:
    """Backward: each region hands its gradient to its largest pixel, where it adds up.

    Where several pixels of a region are largest, the first one, row by row, receives it all.

    Args:
        dout: (N, C, OH, OW), the gradient of the loss with respect to out
        cache: from fractional_max_pool_forward

    Returns:
        dx: (N, C, H, W)
    """
    x_shape, winners, planes = cache
    N, C, H, W = x_shape
    dx = np.zeros((N * C, H * W), dtype=dout.dtype)
    np.add.at(dx, (np.broadcast_to(planes, winners.shape), winners), dout)
    return dx.reshape(x_shape)


def _regions(boundaries: Sequence[int], size: int, overlapping: bool) -> list[slice]:
    """The pixels of each region along one axis.

    Raises:
        ValueError: the boundaries do not lead from the first pixel to the last one.
    """
    shared = int(overlapping)
    first, last = (boundaries[0], boundaries[-1]) if len(boundaries) > 1 else (0, 0)
    if first != 0 or last != size - shared or (np.diff(boundaries) < 1).any():
        raise ValueError(
            f"boundaries of {size} pixels must increase from 0 to {size - shared}, "
            f"these do not fit: {', '.join(map(str, boundaries))}"
        )
    return [slice(start, stop + shared) for start, stop in pairwise(boundaries)]
