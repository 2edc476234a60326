"""Inverse square root decay: fast at first, then ever more slowly.

Source: course lecture "Training neural networks"; Vaswani et al. 2017. The lecture's formula is
without warm-up, which is a schedule of its own there (warmup.py).
"""

from __future__ import annotations

import math


def inverse_sqrt_decay(rate: float, step: int) -> float:
    """The rate divided by √step.

    Args:
        rate: of step 1
        step: 1, 2, 3, ...

    Returns:
        the rate of this step

    Raises:
        ZeroDivisionError: the step is 0; steps count from 1.
    """
    return float(rate / math.sqrt(step))
