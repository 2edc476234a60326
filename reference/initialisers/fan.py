"""How many inputs a unit has."""

from __future__ import annotations

import math


def fan_in(shape: tuple[int, ...]) -> int:
    """D for an affine layer's weights (D, M), C HH WW for a convolution's (F, C, HH, WW).

    Raises:
        ValueError: the weights are of neither kind.
    """
    if len(shape) == 2:
        return shape[0]
    if len(shape) == 4:
        return math.prod(shape[1:])
    raise ValueError(f"weights have 2 or 4 axes, not {len(shape)}")
