"""First weights, made of standard normal numbers that are given."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "xavier_count": {
        "inputs_and_outputs": {
            "weights of variance 1 / n, where n is how many inputs a unit has.": (
                "weights of variance 2 / (n + m).\n\n"
                "    n is how many inputs a unit has, m how many outputs an input has a part in:\n"
                "    M, or F * HH * WW for a convolution."
            ),
        },
    },
}


def small_gaussian_init(z, scale=0.01):
    """Small random weights of standard deviation scale.

    Args:
        z: any shape, normal numbers of standard deviation 1.
        scale: a number.

    Returns:
        w: the shape of z.
    """
    raise NotImplementedError("write small_gaussian_init")


def xavier_init(z):
    """Xavier's initialisation: weights of variance 1 / n, where n is how many inputs a unit has.

    Args:
        z: normal numbers of standard deviation 1, in the shape of the weights: (D, M) for an affine
            layer of D inputs, (F, C, HH, WW) for a convolution with F filters.

    Returns:
        w: the shape of z.
    """
    raise NotImplementedError("write xavier_init")


def he_init(z):
    """He's initialisation, for ReLU: weights of variance 2 / n, where n is a unit's inputs.

    Args:
        z: normal numbers of standard deviation 1, in the shape of the weights: (D, M) for an affine
            layer of D inputs, (F, C, HH, WW) for a convolution with F filters.

    Returns:
        w: the shape of z.
    """
    raise NotImplementedError("write he_init")
