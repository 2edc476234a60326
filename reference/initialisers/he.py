"""He's initialisation (MSRA): Xavier's, made up for the half that a ReLU cuts off.

Source: He, Zhang, Ren, Sun 2015, section 2.2; course lecture "Training neural networks".
"""

from __future__ import annotations

import math

from reference.arrays import Array
from reference.initialisers.fan import fan_in


def he_init(z: Array) -> Array:
    """The weights z √(2 / n), where n is how many inputs a unit has.

    Args:
        z: (D, M) or (F, C, HH, WW), standard normal numbers; n is D, or C HH WW

    Returns:
        w: the shape of z

    Raises:
        ValueError: z has neither 2 nor 4 axes.
    """
    return z * math.sqrt(2 / fan_in(z.shape))
