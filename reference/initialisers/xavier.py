"""Xavier's initialisation: outputs vary as much as inputs do, with tanh or no activation.

Source: Glorot, Bengio 2010; course lecture "Training neural networks", which counts inputs only.
"""

from __future__ import annotations

import math

from reference.arrays import Array
from reference.initialisers.fan import fan_in


def xavier_init(z: Array) -> Array:
    """The weights z / √n, where n is how many inputs a unit has.

    Args:
        z: (D, M) or (F, C, HH, WW), standard normal numbers; n is D, or C HH WW

    Returns:
        w: the shape of z

    Raises:
        ValueError: z has neither 2 nor 4 axes.
    """
    return z / math.sqrt(fan_in(z.shape))
