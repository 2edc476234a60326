"""Cross-validation: every sample is held out once, so a small data set tells more.

Source: course lecture "Image classification".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference.arrays import Array, Labels
from reference.classifiers.nearest_neighbour import knn_predict


def cross_validation_split(n: int, k: int, fold: int) -> tuple[Labels, Labels]:
    """The samples that are trained on and those that are held out.

    Folds are consecutive and as equal as can be: when k does not divide n, the first n mod k of
    them have one sample more (as in numpy.array_split).

    Args:
        n: number of samples
        k: number of folds, at most n
        fold: which of them is held out, 0..k-1

    Returns:
        train: indices of the samples in the other folds
        validation: indices of the samples in this fold
    """
    size, larger = divmod(n, k)
    start = fold * size + min(fold, larger)
    end = start + size + (fold < larger)
    samples = np.arange(n)
    held_out = (samples >= start) & (samples < end)
    return samples[~held_out], samples[held_out]


def knn_cross_validate(X: Array, y: Labels, ks: Sequence[int], folds: int) -> tuple[Array, Array]:
    """Accuracy of the k-nearest-neighbour classifier (Euclidean) on every fold, for several k.

    Args:
        X: (N, D)
        y: (N,), labels 0..C-1
        ks: K numbers of neighbours
        folds: F

    Returns:
        accuracies: (K, F), each on the fold that was held out
        means: (K,), over the folds
    """
    accuracies = np.empty((len(ks), folds), dtype=X.dtype)
    for fold in range(folds):
        train, held_out = cross_validation_split(len(X), folds, fold)
        for row, k in enumerate(ks):
            labels = knn_predict(X[train], y[train], X[held_out], k, 2)
            accuracies[row, fold] = (labels == y[held_out]).mean()
    return accuracies, accuracies.mean(axis=1)
