"""The k-nearest-neighbour classifier as a class, as Stanford CS231n asks for it.

Source: course lecture "Image classification"; names and arguments of CS231n.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels
from reference.classifiers.nearest_neighbour import knn_vote, l2_distances


class KNearestNeighbor:
    """Euclidean distances and votes; ``X_train`` (N, D) and ``y_train`` (N,) are what it knows."""

    def train(self, X: Array, y: Labels) -> None:
        """Remember the training samples.

        Args:
            X: (N, D)
            y: (N,), labels 0..C-1
        """
        self.X_train, self.y_train = X, y

    def compute_distances_two_loops(self, X: Array) -> Array:
        """The distance of each sample to each training sample, one by one.

        Args:
            X: (M, D)

        Returns:
            dists: (M, N)
        """
        dists = np.empty((len(X), len(self.X_train)))
        for m, x in enumerate(X):
            for n, known in enumerate(self.X_train):
                dists[m, n] = np.sqrt(((x - known) ** 2).sum())
        return dists

    def compute_distances_one_loop(self, X: Array) -> Array:
        """The same, a row at a time.

        Args:
            X: (M, D)

        Returns:
            dists: (M, N)
        """
        return np.array([np.sqrt(((self.X_train - x) ** 2).sum(axis=1)) for x in X])

    def compute_distances_no_loops(self, X: Array) -> Array:
        """The same, all at once.

        Args:
            X: (M, D)

        Returns:
            dists: (M, N)
        """
        return l2_distances(X, self.X_train)

    def predict_labels(self, dists: Array, k: int = 1) -> Labels:
        """The most frequent label of the k nearest; the smallest of those on a tie.

        Args:
            dists: (M, N)
            k: number of neighbours that vote

        Returns:
            labels: (M,)
        """
        return knn_vote(dists, self.y_train, k)
