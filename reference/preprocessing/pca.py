"""Principal components: the directions in which data varies most.

Source: course lecture "Training neural networks", data preprocessing; Stanford's CS231n notes.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def pca_fit(X: Array, k: int) -> tuple[Array, Array, Array]:
    """The k directions of largest variance: eigenvectors of the covariance matrix.

    C = (1/N) (X − μ)ᵀ (X − μ);  C u_j = λ_j u_j with λ_1 ≥ λ_2 ≥ ..., |u_j| = 1.
    Each u_j is determined up to its sign. They are computed in float64 whatever X is.

    Args:
        X: (N, D)
        k: number of components, 1..D

    Returns:
        mean: (D,), μ
        components: (D, k), u_j in column j
        variances: (k,), λ_j, the largest first
    """
    mean = X.mean(axis=0)
    centred = X - mean
    covariance = centred.T @ centred / len(X)
    ascending, vectors = np.linalg.eigh(covariance.astype(np.float64))
    components, variances = vectors[:, ::-1][:, :k], ascending[::-1][:k]
    return mean, components.astype(X.dtype), variances.astype(X.dtype)


def pca_project(X: Array, mean: Array, components: Array) -> Array:
    """Coordinates along the components: Z = (X − μ) U.

    Args:
        X: (N, D)
        mean: (D,), of the data that the components were found in
        components: (D, k), orthonormal columns

    Returns:
        Z: (N, k)
    """
    return (X - mean) @ components


def pca_reconstruct(Z: Array, mean: Array, components: Array) -> Array:
    """Back from coordinates to features: X = Z Uᵀ + μ, exact when k = D.

    Args:
        Z: (N, k)
        mean: (D,)
        components: (D, k), orthonormal columns

    Returns:
        X: (N, D)
    """
    return Z @ components.T + mean
