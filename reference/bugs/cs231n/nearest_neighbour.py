"""CS231n's KNearestNeighbor: the formulas and mistakes of the classifier, read off an object."""

from __future__ import annotations

from typing import Any

from reference.bugs.classifiers.nearest_neighbour import KNN_BUGS, KNN_FORMULAS
from reference.bugs.cs231n.adopted import adopted
from reference.bugs.sheet import Family, Sheet, Signature


class Remembered:
    """What a classifier knows."""

    X_train: Any = None
    y_train: Any = None


def _train(knn: Remembered, X: Any, y: Any) -> dict[str, Any]:
    return {"knn": knn, "X": X, "y": y}


def _remember(q: Sheet) -> None:
    q.knn.X_train, q.knn.y_train = q.X, q.y


def _distances(knn: Remembered, X: Any) -> dict[str, Any]:
    return {"X": X, "X_train": knn.X_train}


def _vote(knn: Remembered, dists: Any, k: int = 1) -> dict[str, Any]:
    return {"distances": dists, "y_train": knn.y_train, "k": k}


_CLASS = "KNearestNeighbor"
_DISTANCES = tuple(
    f"{_CLASS}.compute_distances_{how}" for how in ("two_loops", "one_loop", "no_loops")
)

K_NEAREST = Family(
    "k_nearest_neighbor",
    KNN_FORMULAS,
    {
        _CLASS: Signature(dict, lambda _: Remembered()),
        f"{_CLASS}.train": Signature(_train, _remember),
        **{name: Signature(_distances, lambda q: q.l2) for name in _DISTANCES},
        f"{_CLASS}.predict_labels": Signature(_vote, lambda q: q.labels),
    },
)

K_NEAREST_BUGS = adopted(
    KNN_BUGS,
    K_NEAREST,
    {"l2_distances": _DISTANCES, "knn_vote": (f"{_CLASS}.predict_labels",)},
)
