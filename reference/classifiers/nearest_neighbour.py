"""The k-nearest-neighbour classifier: nothing is learnt, everything is remembered.

Source: course lecture "Image classification"; ties of votes as in Stanford's CS231n.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def l1_distances(X: Array, X_train: Array) -> Array:
    """Manhattan distances: d[m, n] = Σ_d |X[m, d] − X_train[n, d]|.

    Args:
        X: (M, D)
        X_train: (N, D)

    Returns:
        distances: (M, N)
    """
    distances: Array = np.abs(X[:, np.newaxis] - X_train).sum(axis=2)
    return distances


def l2_distances(X: Array, X_train: Array) -> Array:
    """Euclidean distances: d[m, n] = √(Σ_d (X[m, d] − X_train[n, d])²).

    Args:
        X: (M, D)
        X_train: (N, D)

    Returns:
        distances: (M, N)
    """
    distances: Array = np.sqrt(((X[:, np.newaxis] - X_train) ** 2).sum(axis=2))
    return distances


def knn_vote(distances: Array, y_train: Labels, k: int) -> Labels:
    """The label that is most frequent among the k nearest; the smallest of those on a tie.

    Args:
        distances: (M, N), from each sample to each training sample
        y_train: (N,), labels 0..C-1
        k: number of neighbours that vote, 1..N

    Returns:
        labels: (M,)
    """
    nearest = y_train[np.argsort(distances, axis=1, kind="stable")[:, :k]]
    votes = (nearest[:, :, np.newaxis] == np.arange(y_train.max() + 1)).sum(axis=1)
    labels: Labels = votes.argmax(axis=1)
    return labels


def knn_predict(X_train: Array, y_train: Labels, X: Array, k: int, p: int) -> Labels:
    """knn_vote by Manhattan (p = 1) or Euclidean (p = 2) distances.

    Args:
        X_train: (N, D)
        y_train: (N,), labels 0..C-1
        X: (M, D)
        k: number of neighbours that vote
        p: 1 or 2

    Returns:
        labels: (M,)

    Raises:
        ValueError: p is neither.
    """
    if p not in (1, 2):
        raise ValueError("p is 1 or 2")
    distances = l1_distances(X, X_train) if p == 1 else l2_distances(X, X_train)
    return knn_vote(distances, y_train, k)
