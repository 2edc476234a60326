"""KNearestNeighbor: distances in three ways, and the vote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Step
from reference.classifiers.knn_class import KNearestNeighbor
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

Array = NDArray[Any]

_CLASS = "KNearestNeighbor"
_PLAIN, _TIES = frozenset({"plain"}), frozenset({"ties"})


def _trained(X: Any, y: Any) -> list[Step]:
    return [Step(_CLASS, [], "#knn"), Step(f"{_CLASS}.train", [Bound("knn"), X, y], "_")]


def _distances(method: str, shape: tuple[int, int, int]) -> Steps:
    """Of M samples to N training samples in D dimensions."""

    def steps(draw: Draw) -> list[Step]:
        M, N, D = shape
        y = draw.randint(0, 3, N).astype(np.int64)
        call = Step(f"{_CLASS}.{method}", [Bound("knn"), gaussian(draw, M, D)], "dists")
        return [*_trained(gaussian(draw, N, D), y), call]

    return steps


def _votes(k: int, *, ties: bool) -> Steps:
    """A vote of k among 20 training samples of four classes, in which votes tie or do not."""

    def steps(draw: Draw) -> list[Step]:
        while True:
            dists = np.abs(gaussian(draw, 24 if ties else 8, 20)) + 0.0625
            # Label 3 is the most frequent: a vote of all is not an unfinished function's zeros.
            y = draw.permutation(np.repeat(np.arange(4), (4, 5, 5, 6))).astype(np.int64)
            if _fit(dists, y, k, ties=ties):
                break
        call = Step(f"{_CLASS}.predict_labels", [Bound("knn"), dists, k], "labels")
        return [*_trained(gaussian(draw, 20, 3), y), call]

    return steps


def _fit(dists: Array, y: Array, k: int, *, ties: bool) -> bool:
    """Whether no order is open; and ties matter, as do weights elsewhere, or there is no tie."""
    if np.diff(np.sort(dists, axis=1), axis=1).min() == 0:
        return False
    near = np.argsort(dists, axis=1)[:, :k]
    is_class = y[near][:, :, np.newaxis] == np.arange(4)
    votes = is_class.sum(axis=1)
    tied = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) > 1
    if not ties:
        return not tied.any()
    weights = 1 / np.take_along_axis(dists, near, axis=1)
    weighted = (is_class * weights[:, :, np.newaxis]).sum(axis=1)
    differs = weighted.argmax(axis=1) != votes.argmax(axis=1)
    return bool((differs & tied).any() and (differs & ~tied).any())


def _distance_problem(method: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        f"knn_{method}",
        title,
        f"{_CLASS}.{method}",
        ("dists",),
        (
            CasePlan("few", "4 samples, 6 training samples", _PLAIN, _distances(method, (4, 6, 3))),
            CasePlan(
                "more", "5 samples, 3 training samples", _PLAIN, _distances(method, (5, 3, 7))
            ),
        ),
    )


PROBLEMS: tuple[ProblemPlan, ...] = (
    _distance_problem("compute_distances_two_loops", "distances, in two loops"),
    _distance_problem("compute_distances_one_loop", "distances, in one loop"),
    _distance_problem("compute_distances_no_loops", "distances, without a loop"),
    ProblemPlan(
        "knn_predict_labels",
        "the vote of the nearest neighbours",
        f"{_CLASS}.predict_labels",
        ("labels",),
        (
            CasePlan("one", "the nearest neighbour", _PLAIN, _votes(1, ties=False)),
            CasePlan("three", "3 neighbours, no ties", _PLAIN, _votes(3, ties=False)),
            CasePlan("four", "4 neighbours, some ties", _TIES, _votes(4, ties=True)),
            CasePlan("five", "5 neighbours, some ties", _TIES, _votes(5, ties=True)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (KNearestNeighbor,)
