"""Cosine decay: half a wave from the first rate down to 0.

Source: course lecture "Training neural networks"; Loshchilov, Hutter 2017.
"""

from __future__ import annotations

import math


def cosine_decay(rate: float, epoch: int, epochs: int) -> float:
    """The rate times (1 + cos(π epoch / epochs)) / 2.

    Args:
        rate: of epoch 0
        epoch: 0 to epochs
        epochs: when the rate is 0

    Returns:
        the rate of this epoch
    """
    return float(rate * (1 + math.cos(math.pi * epoch / epochs)) / 2)
