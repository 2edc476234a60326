"""Whitening: features that are uncorrelated and all of variance 1.

Source: course lecture "Training neural networks", data preprocessing; Stanford's CS231n notes;
for ZCA, Bell and Sejnowski 1997.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def pca_whiten(X: Array, mean: Array, components: Array, variances: Array, eps: float) -> Array:
    """Principal coordinates, each divided by its deviation: (X − μ) U / √(λ + eps).

    Args:
        X: (N, D)
        mean: (D,), of the data that the components were found in
        components: (D, k), orthonormal columns
        variances: (k,), the data's variance λ along each component
        eps: keeps directions of almost no variance from being blown up

    Returns:
        white: (N, k)
    """
    white: Array = (X - mean) @ components / np.sqrt(variances + eps)
    return white


def zca_whiten(X: Array, mean: Array, components: Array, variances: Array, eps: float) -> Array:
    """PCA whitening, turned back to the original axes: (X − μ) U / √(λ + eps) Uᵀ.

    Of all whitenings, the one that changes the data least.

    Args:
        X: (N, D)
        mean: (D,)
        components: (D, k), orthonormal columns
        variances: (k,)
        eps: as in pca_whiten

    Returns:
        white: (N, D)
    """
    return pca_whiten(X, mean, components, variances, eps) @ components.T
