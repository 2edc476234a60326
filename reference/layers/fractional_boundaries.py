"""Boundaries of fractional max pooling: a pseudorandom sequence whose steps differ by at most 1.

Source: Graham 2014 (fractional max-pooling), section 2.1: the ceil of factor * (i + u).
"""

from __future__ import annotations

import math


def fractional_boundaries(size: int, regions: int, u: float) -> list[int]:
    """boundary[i] = ceil(factor * (i + u)) - ceil(factor * u), factor = size / regions.

    For i from 0 to ``regions`` they lead from 0 to ``size``, in steps of the factor rounded down
    and rounded up; u decides in which order.

    Args:
        size: where the last region ends
        regions: how many there are, at most ``size``
        u: in [0, 1), drawn at random

    Raises:
        ValueError: there is not a pixel for each region, or no region.
    """
    if not 1 <= regions <= size:
        raise ValueError(f"{size} pixels cannot be cut into {regions} regions")
    shift = size / regions * u
    first = math.ceil(shift)
    # Whole numbers apart, so that a small u is not lost beside them.
    parts = (divmod(size * i, regions) for i in range(regions + 1))
    return [whole + math.ceil(rest / regions + shift) - first for whole, rest in parts]
