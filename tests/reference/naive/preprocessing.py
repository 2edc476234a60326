"""Preprocessing in plain loops; eigenvectors are left to the formulas."""

from __future__ import annotations

import math

import numpy as np


def _statistics(X):
    N, D = X.shape
    means = [math.fsum(X[n, d] for n in range(N)) / N for d in range(D)]
    deviations = [
        math.sqrt(math.fsum((X[n, d] - means[d]) ** 2 for n in range(N)) / N) for d in range(D)
    ]
    return means, deviations


def zero_centre(X_train, X_test):
    means, _ = _statistics(X_train)
    return tuple(
        np.array([[row[d] - means[d] for d in range(len(means))] for row in X])
        for X in (X_train, X_test)
    )


def normalise(X_train, X_test):
    means, deviations = _statistics(X_train)
    scales = [s if s > 0 else 1.0 for s in deviations]
    return tuple(
        np.array([[(row[d] - means[d]) / scales[d] for d in range(len(means))] for row in X])
        for X in (X_train, X_test)
    )


def pca_project(X, mean, components):
    D, k = components.shape
    return np.array(
        [
            [math.fsum((row[d] - mean[d]) * components[d, j] for d in range(D)) for j in range(k)]
            for row in X
        ]
    )


def pca_reconstruct(Z, mean, components):
    D, k = components.shape
    return np.array(
        [
            [mean[d] + math.fsum(row[j] * components[d, j] for j in range(k)) for d in range(D)]
            for row in Z
        ]
    )


def pca_whiten(X, mean, components, variances, eps):
    Z = pca_project(X, mean, components)
    return np.array(
        [[row[j] / math.sqrt(variances[j] + eps) for j in range(len(variances))] for row in Z]
    )


def zca_whiten(X, mean, components, variances, eps):
    white = pca_whiten(X, mean, components, variances, eps)
    return pca_reconstruct(white, [0.0] * len(mean), components)


FUNCTIONS = {
    "zero_centre": zero_centre,
    "normalise": normalise,
    "pca_project": pca_project,
    "pca_reconstruct": pca_reconstruct,
    "pca_whiten": pca_whiten,
    "zca_whiten": zca_whiten,
}
