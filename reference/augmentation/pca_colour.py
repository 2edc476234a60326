"""AlexNet's colour augmentation: light of another intensity and colour.

Source: Krizhevsky, Sutskever, Hinton 2012, section 4.1.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def pca_colour(x: Array, alphas: Array, components: Array, variances: Array) -> Array:
    """Add one colour to all pixels of an image: out[n, :, i, j] = x[n, :, i, j] + Σ_k a_nk λ_k u_k.

    Nothing is clipped.

    Args:
        x: (N, 3, H, W)
        alphas: (N, 3), a: normal numbers; the paper's have deviation 0.1
        components: (3, 3), in column k the eigenvector u_k of the covariance of RGB values
        variances: (3,), its eigenvalues λ_k

    Returns:
        out: (N, 3, H, W)
    """
    shift: Array = (alphas * variances) @ components.T
    return x + shift[:, :, np.newaxis, np.newaxis]
