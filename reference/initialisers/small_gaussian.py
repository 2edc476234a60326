"""Small random numbers: good for small nets; in deep ones the activations die out.

Source: course lecture "Training neural networks", 0.01 times a normal number.
"""

from __future__ import annotations

from reference.arrays import Array


def small_gaussian_init(z: Array, scale: float = 0.01) -> Array:
    """The weights scale z.

    Args:
        z: any shape, standard normal numbers
        scale: standard deviation of the weights

    Returns:
        w: the shape of z
    """
    return scale * z
