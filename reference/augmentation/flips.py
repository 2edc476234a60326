"""Mirror images: a cat that looks to the other side is still a cat.

Source: course lecture "Training neural networks", data augmentation.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def horizontal_flip(x: Array, coins: Labels) -> Array:
    """Exchange left and right: out[n, c, i, j] = x[n, c, i, W−1−j] where coins[n] is 1.

    Args:
        x: (N, C, H, W)
        coins: (N,), 1 for the images that are flipped, else 0

    Returns:
        out: (N, C, H, W)
    """
    return np.where(coins[:, np.newaxis, np.newaxis, np.newaxis] == 1, x[..., ::-1], x)


def vertical_flip(x: Array, coins: Labels) -> Array:
    """Exchange top and bottom: out[n, c, i, j] = x[n, c, H−1−i, j] where coins[n] is 1.

    Args:
        x: (N, C, H, W)
        coins: (N,), 1 for the images that are flipped, else 0

    Returns:
        out: (N, C, H, W)
    """
    return np.where(coins[:, np.newaxis, np.newaxis, np.newaxis] == 1, x[..., ::-1, :], x)
