"""Linear warm-up: a high first rate can make the loss explode, so it is approached from 0.

Source: course lecture "Training neural networks"; Goyal et al. 2017.
"""

from __future__ import annotations


def linear_warmup(rate: float, step: int, warmup: int) -> float:
    """The rate times step / warmup, until step warmup; from there on, the rate.

    Args:
        rate: to be reached
        step: 0, 1, 2, ...
        warmup: the step at which it is reached, at least 1

    Returns:
        the rate of this step
    """
    return float(rate * min(1.0, step / warmup))
