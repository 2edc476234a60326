"""Problems of cross-validation.

The number of folds does not divide that of the samples, and each case holds out another fold. Data
is drawn until distance, k, and the way to average all make a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Step
from grader.observe import Observation
from reference.classifiers.nearest_neighbour import knn_predict, l1_distances, l2_distances
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian
from reference.problems.two_layer import draw_labels
from reference.search.cross_validation import cross_validation_split, knn_cross_validate

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_REST = frozenset({"rest"})
_SETS = {
    "trained_on": Observation("sorted", ("train",), "the training set"),
    "held_out": Observation("sorted", ("validation",), "the validation set"),
}


def _split(k: int, rest: int, fold: int) -> Steps:
    """Folds of another size than their number."""

    def steps(draw: Draw) -> list[Step]:
        sizes = [size for size in range(2, 7) if size != k]
        n = k * int(draw.choice(sizes)) + rest
        return [Step("cross_validation_split", [n, k, fold], ["train", "validation"])]

    return steps


def _validation(N: int, ks: tuple[int, ...], folds: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        while True:
            y = draw_labels(draw, N, np.arange(3))
            X = gaussian(draw, N, 3) + 1.25 * np.eye(3)[y]
            if _telling(X, y, ks, folds):
                returns = ["accuracies", "means"]
                return [Step("knn_cross_validate", [X, y, list(ks), folds], list(returns))]

    return steps


def _telling(X: Array, y: Array, ks: tuple[int, ...], folds: int) -> bool:
    """Whether no rounding decides who is nearer, and mistakes would be seen."""
    for distances in (l1_distances(X, X), l2_distances(X, X)):
        if np.diff(np.sort(distances, axis=1)).min() < 1e-6:
            return False
    euclidean, means = knn_cross_validate(X, y, ks, folds)
    manhattan = np.empty_like(euclidean)
    sizes = []
    for fold in range(folds):
        train, held_out = cross_validation_split(len(X), folds, fold)
        sizes.append(len(held_out))
        for row, k in enumerate(ks):
            labels = knn_predict(X[train], y[train], X[held_out], k, 1)
            manhattan[row, fold] = (labels == y[held_out]).mean()
    weighted = (euclidean * sizes).sum(axis=1) / len(X)
    return bool(
        (euclidean != manhattan).any()
        and (euclidean[1:] != euclidean[0]).any(axis=1).all()
        and (np.abs(weighted - means) > 1e-3).any()
        and (np.abs(euclidean[:, -1] - means) > 1e-3).any()
    )


PROBLEMS: tuple[ProblemPlan, ...] = (
    ProblemPlan(
        "cross_validation_split",
        "folds of cross-validation",
        "cross_validation_split",
        (),
        (
            CasePlan("even", "folds of equal size", _PLAIN, _split(3, 0, 1), observed=_SETS),
            CasePlan(
                "first", "a rest of 3, the first fold", _REST, _split(4, 3, 0), observed=_SETS
            ),
            CasePlan(
                "fourth", "a rest of 3, the fourth fold", _REST, _split(5, 3, 3), observed=_SETS
            ),
            CasePlan("last", "a rest of 2, the last fold", _REST, _split(4, 2, 3), observed=_SETS),
        ),
    ),
    ProblemPlan(
        "knn_cross_validate",
        "cross-validation of nearest neighbours",
        "knn_cross_validate",
        ("accuracies", "means"),
        (
            CasePlan("four", "4 folds", _REST, _validation(26, (1, 3, 6), 4)),
            CasePlan("three", "3 folds", _REST, _validation(19, (5, 1), 3)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (cross_validation_split, knn_cross_validate)
