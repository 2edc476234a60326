"""Preprocessing as a student might hand it in: in place, by singular values, with an epsilon."""

from __future__ import annotations

import numpy as np
from numpy.linalg import svd


def zero_centre(X_train, X_test):
    m = np.mean(X_train, axis=0, keepdims=True)
    X_train -= m
    X_test -= m
    return X_train, X_test


def normalise(X_train, X_test):
    mu = np.mean(X_train, 0)
    sigma = np.sqrt(np.var(X_train, 0) + 1e-8)
    return (X_train - mu) / sigma, (X_test - mu) / sigma


def pca_fit(X, k):
    mean = X.mean(0)
    _, s, Vt = svd(X - mean, full_matrices=False)
    return mean, -Vt[:k].T, s[:k] ** 2 / X.shape[0]


def pca_project(X, mean, components):
    return np.dot(components.T, (X - mean).T).T


def pca_reconstruct(Z, mean, components):
    return np.linalg.lstsq(components.T, Z.T, rcond=None)[0].T + mean


def pca_whiten(X, mean, components, variances, eps):
    return pca_project(X, mean, components) @ np.diag(1 / np.sqrt(variances + eps))


def zca_whiten(X, mean, components, variances, eps):
    return pca_reconstruct(pca_whiten(X, mean, components, variances, eps), 0 * mean, components)


FUNCTIONS = {
    "zero_centre": zero_centre,
    "normalise": normalise,
    "pca_fit": pca_fit,
    "pca_project": pca_project,
    "pca_reconstruct": pca_reconstruct,
    "pca_whiten": pca_whiten,
    "zca_whiten": zca_whiten,
}
