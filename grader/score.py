"""From measurements to points: ladders and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def ladder_fraction(ladder: Sequence[tuple[float, float]], value: float) -> float:
    """The fraction of the points that ``value`` earns: linear between steps, flat outside.

    Args:
        ladder: (value, fraction) pairs with ascending values.
        value: what was measured; NaN earns nothing.
    """
    if math.isnan(value):
        return 0.0
    values, fractions = zip(*ladder, strict=True)
    return float(np.interp(value, values, fractions))


def wilson_interval(
    successes: int, trials: int, z: float = 1.959963984540054
) -> tuple[float, float]:
    """The Wilson score interval of a proportion; z = 1.96 gives 95 %.

    centre = (p + z²/2n) / (1 + z²/n), half = z/(1 + z²/n) · √(p(1−p)/n + z²/4n²), p = k/n
    (E. B. Wilson, JASA 22, 1927). Unlike the normal approximation it stays inside [0, 1].

    Raises:
        ValueError: ``trials`` is not positive or ``successes`` lies outside 0..trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials")
    p = successes / trials
    denominator = 1 + z**2 / trials
    centre = (p + z**2 / (2 * trials)) / denominator
    half = z / denominator * math.sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def rounded(points: float) -> float:
    """Points as they are shown and summed: two decimals, so that a sum reads as it adds up."""
    return round(points + 1e-9, 2)
