"""Problems of the k-nearest-neighbour classifier.

Distances are never ties, votes are: some neighbourhoods are built so that the smallest label, the
nearest one's, the mean and the most frequent of other numbers of neighbours all differ. Whole
predictions are drawn until L1 and L2, and other k, give other labels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Step, ValueTree
from reference.classifiers.nearest_neighbour import (
    knn_predict,
    knn_vote,
    l1_distances,
    l2_distances,
)
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid
from reference.problems.two_layer import draw_labels

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_TIES = frozenset({"ties"})
_L1 = frozenset({"l1"})
_L2 = frozenset({"l2"})

# The labels of the nearest training samples, the nearest first. Of four votes, two are for 1 and
# two for another label, which is nearer or larger or both.
_TIED = ((2, 1, 1, 2, 0), (1, 3, 3, 1, 0), (3, 0, 2, 1, 1), (0, 2, 2, 0, 3), (2, 2, 1, 1, 0))
# Of three votes there is one winner; the nearest, the median and the fourth say otherwise.
_CLEAR = ((3, 1, 1, 0, 0), (1, 2, 2, 1, 1), (0, 3, 3, 2, 2), (2, 0, 0, 2, 1), (3, 3, 0, 0, 0))


# ------------------------------------------------------------------------------------- drawing
def _neighbourhoods(draw: Draw, rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Distances (M, N) to samples with labels 0..3, whose nearest have these labels."""
    y = draw_labels(draw, 17, np.arange(4))
    M, N = len(rows), len(y)
    distances = np.empty((M, N))
    for m, labels in enumerate(rows):
        left = list(draw.permutation(N))
        order = []
        for label in labels:
            order.append(next(n for n in left if y[n] == label))
            left.remove(order[-1])
        lengths = 1 + 0.25 * (np.arange(N) + draw.uniform(0.2, 0.8, size=N))
        lengths[0] /= 8 if m < 2 else 1  # so near that it outweighs two others
        distances[m, [*order, *left]] = lengths
    return on_grid(distances), y


def _points(draw: Draw, k: int) -> tuple[Array, Array, Array]:
    """X_train, y_train, X of which the labels depend on L1 or L2, and on k."""
    while True:
        X_train, X = gaussian(draw, 19, 4, scale=2.0), gaussian(draw, 21, 4, scale=2.0)
        y = draw.permutation(np.repeat(np.arange(3), (5, 6, 8))).astype(np.int64)
        found = [knn_predict(X_train, y, X, n, p) for n in {1, k - 1, k, k + 1} for p in (1, 2)]
        if (
            all((one != two).any() for i, one in enumerate(found) for two in found[i + 1 :])
            and all(
                _far_apart(distances) and _weights_matter(distances, y, k)
                for distances in (l1_distances(X, X_train), l2_distances(X, X_train))
            )
            and _not_zeros(X_train, y, k)
        ):
            return X_train, y, X


def _not_zeros(X_train: Array, y: Array, k: int) -> bool:
    """Whether mistakes that give everyone the same label give another one than 0.

    Zeros are what an unfinished function returns.
    """
    sums = X_train.sum(axis=1)
    orders = (np.argsort(sums), np.argsort(-sums), np.argsort((X_train**2).sum(axis=1)))
    return all(np.bincount(y[order[:k]]).argmax() > 0 for order in orders)


def _far_apart(distances: Array) -> bool:
    """Whether no rounding can change which of two training samples is nearer."""
    return bool(np.diff(np.sort(distances, axis=1)).min() > 1e-6)


def _weights_matter(distances: Array, y: Array, k: int) -> bool:
    """Whether votes weighted by distance would decide otherwise where there is no tie."""
    nearest = np.argsort(distances, axis=1)[:, :k]
    is_class = y[nearest][:, :, np.newaxis] == np.arange(y.max() + 1)
    votes = is_class.sum(axis=1)
    weighted = (is_class / np.take_along_axis(distances, nearest, 1)[:, :, np.newaxis]).sum(axis=1)
    second, first = np.sort(votes, axis=1)[:, -2:].T
    return bool(((first > second) & (weighted.argmax(axis=1) != votes.argmax(axis=1))).any())


# --------------------------------------------------------------------------------------- steps
def _distances(function: str, M: int, N: int, D: int) -> Steps:
    return lambda draw: [Step(function, [gaussian(draw, M, D), gaussian(draw, N, D)], "distances")]


def _vote(rows: Sequence[Sequence[int]], k: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        distances, y = _neighbourhoods(draw, rows)
        return [Step("knn_vote", [draw.permutation(distances), y, k], "labels")]

    return steps


def _predict(k: int, p: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        args: list[ValueTree] = [*_points(draw, k), k, p]
        return [Step("knn_predict", args, "labels")]

    return steps


# ------------------------------------------------------------------------------------ problems
def _distance_problem(function: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("distances",),
        (
            CasePlan(
                "few", "fewer samples than training samples", _PLAIN, _distances(function, 3, 5, 4)
            ),
            CasePlan(
                "many", "more samples than training samples", _PLAIN, _distances(function, 6, 4, 3)
            ),
        ),
    )


PROBLEMS: tuple[ProblemPlan, ...] = (
    _distance_problem("l1_distances", "Manhattan distances"),
    _distance_problem("l2_distances", "Euclidean distances"),
    ProblemPlan(
        "knn_vote",
        "vote of the nearest neighbours",
        "knn_vote",
        ("labels",),
        (
            CasePlan("clear", "3 neighbours", _PLAIN, _vote(_CLEAR, 3)),
            CasePlan("one", "a single neighbour", _PLAIN, _vote(_CLEAR, 1)),
            CasePlan("ties", "4 neighbours, with ties", _TIES, _vote(_TIED, 4)),
        ),
    ),
    ProblemPlan(
        "knn_predict",
        "k-nearest-neighbour classifier",
        "knn_predict",
        ("labels",),
        (
            CasePlan("l1", "Manhattan distances, 3 neighbours", _L1, _predict(3, 1)),
            CasePlan("l2", "Euclidean distances, 5 neighbours", _L2, _predict(5, 2)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (l1_distances, l2_distances, knn_vote, knn_predict)
