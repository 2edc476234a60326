"""Preprocessing in plain loops; eigenvectors by Jacobi's rotations."""

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


def pca_fit(X, k):
    means, _ = _statistics(X)
    N, D = X.shape
    matrix = [
        [
            math.fsum((X[n, i] - means[i]) * (X[n, j] - means[j]) for n in range(N)) / N
            for j in range(D)
        ]
        for i in range(D)
    ]
    values, vectors = _eigen(matrix)
    order = sorted(range(D), key=lambda j: -values[j])[:k]
    components = np.array([[row[j] for j in order] for row in vectors])
    return np.array(means), components, np.array([values[j] for j in order])


def _eigen(a):
    """Eigenvalues and eigenvectors (in columns) of a symmetric matrix: Jacobi's method."""
    D = len(a)
    v = [[float(i == j) for j in range(D)] for i in range(D)]
    for _ in range(30):
        for p in range(D):
            for q in range(p + 1, D):
                angle = 0.5 * math.atan2(2 * a[p][q], a[q][q] - a[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for row in (*a, *v):
                    row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
                for j in range(D):
                    a[p][j], a[q][j] = c * a[p][j] - s * a[q][j], s * a[p][j] + c * a[q][j]
    return [a[j][j] for j in range(D)], v


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
    "pca_fit": pca_fit,
    "pca_project": pca_project,
    "pca_reconstruct": pca_reconstruct,
    "pca_whiten": pca_whiten,
    "zca_whiten": zca_whiten,
}
