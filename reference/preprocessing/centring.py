"""Centring and normalising: every feature around 0, and of the same size.

Source: course lecture "Training neural networks", data preprocessing.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array


def zero_centre(X_train: Array, X_test: Array) -> tuple[Array, Array]:
    """Subtract the training data's mean of each feature from both sets.

    μ_d = (1/N) Σ_n X_train[n, d];  out = X − μ.

    Args:
        X_train: (N, D)
        X_test: (M, D)

    Returns:
        train: (N, D), whose features have mean 0
        test: (M, D), moved by the same μ
    """
    mean = X_train.mean(axis=0)
    return X_train - mean, X_test - mean


def normalise(X_train: Array, X_test: Array) -> tuple[Array, Array]:
    """Subtract the training data's mean of each feature and divide by its standard deviation.

    s_d² = (1/N) Σ_n (X_train[n, d] − μ_d)²;  out = (X − μ) / s. A feature that is constant in the
    training data (s = 0) is only centred.

    Args:
        X_train: (N, D)
        X_test: (M, D)

    Returns:
        train: (N, D)
        test: (M, D), by the same μ and s
    """
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    scale = np.where(deviation == 0, 1, deviation)
    return (X_train - mean) / scale, (X_test - mean) / scale
