"""Grid search against random search: how many values of each parameter are tried.

Nine trials on a grid try three values of each of two parameters; nine random ones try nine of
each. When one parameter matters and the other does not, the grid has wasted six.

Source: course lecture "Training neural networks"; Bergstra, Bengio 2012, figure 1.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def grid_points(first: Array, second: Array) -> Array:
    """Every combination of two parameters' values; the first parameter varies slowest.

    Args:
        first: (A,)
        second: (B,)

    Returns:
        points: (A B, 2)
    """
    A, B = len(first), len(second)
    return np.stack([np.repeat(first, B), np.tile(second, A)], axis=1)


def distinct_values(points: Array) -> Labels:
    """How many different values of each parameter were tried.

    Args:
        points: (T, P), a trial in each row

    Returns:
        counts: (P,)
    """
    return np.array([len(np.unique(column)) for column in points.T], dtype=np.int64)
