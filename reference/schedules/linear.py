"""Linear decay: a straight line from the first rate down to 0.

Source: course lecture "Training neural networks"; Devlin et al. 2018.
"""

from __future__ import annotations


def linear_decay(rate: float, epoch: int, epochs: int) -> float:
    """The rate times 1 - epoch / epochs.

    Args:
        rate: of epoch 0
        epoch: 0 to epochs
        epochs: when the rate is 0

    Returns:
        the rate of this epoch
    """
    return float(rate * (1 - epoch / epochs))
