"""Random images for the convolution and pooling problems."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.problems.plan import Draw, on_grid

Array = NDArray[Any]
ImageShape = tuple[int, int, int, int]
"""(N, C, H, W)."""


def distinct(draw: Draw, shape: ImageShape, negative: bool = False) -> Array:
    """Pixels in [-3, 3] (in [-6, 0] if ``negative``), no two of which are nearly equal.

    Neighbours in size are at least 0.4 of their mean distance apart, so a maximum is never a tie
    and does not change hands under the steps of central differences.
    """
    count = int(np.prod(shape))
    ranks = draw.permutation(count) + draw.uniform(0.2, 0.8, size=count)
    return on_grid(6 * ranks.reshape(shape) / count - (6 if negative else 3))
