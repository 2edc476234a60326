"""The k-nearest-neighbour classifier as a table of formulas, and mistakes in it.

distances (M, N) -> the k nearest training samples -> the most frequent of their labels
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

KNN_FORMULAS: Formulas = {
    "difference": lambda q: q.X[:, np.newaxis] - q.X_train,
    "l1": lambda q: np.abs(q.difference).sum(axis=2),
    "square": lambda q: (q.difference**2).sum(axis=2),
    "l2": lambda q: np.sqrt(q.square),
    "distances": lambda q: q.l1 if q.p == 1 else q.l2,
    # ----------------------------------------------------------------------------------- vote
    "order": lambda q: np.argsort(q.distances, axis=1, kind="stable"),
    "neighbours": lambda q: q.order[:, : q.k],
    "classes": lambda q: np.arange(q.y_train.max() + 1),
    "chosen": lambda q: q.y_train[q.neighbours],  # (M, k)
    "weights": lambda _: 1,
    "is_class": lambda q: q.chosen[:, :, np.newaxis] == q.classes,  # (M, k, C)
    "votes": lambda q: (q.is_class * q.weights).sum(axis=1),
    "labels": lambda q: q.votes.argmax(axis=1),
}


def _distances(X: Any, X_train: Any) -> dict[str, Any]:
    return {"X": X, "X_train": X_train}


def _vote(distances: Any, y_train: Any, k: int) -> dict[str, Any]:
    return {"distances": distances, "y_train": y_train, "k": k}


def _predict(X_train: Any, y_train: Any, X: Any, k: int, p: int) -> dict[str, Any]:
    return {"X_train": X_train, "y_train": y_train, "X": X, "k": k, "p": p}


KNN = Family(
    "knn",
    KNN_FORMULAS,
    {
        "l1_distances": Signature(_distances, lambda q: q.l1),
        "l2_distances": Signature(_distances, lambda q: q.l2),
        "knn_vote": Signature(_vote, lambda q: q.labels),
        "knn_predict": Signature(_predict, lambda q: q.labels),
    },
)

l1_bug = bugs_of(KNN, "l1_distances", "knn_predict")
l2_bug = bugs_of(KNN, "l2_distances", "knn_predict")
bug = bugs_of(KNN, "knn_vote", "knn_predict")
predict_bug = bugs_of(KNN, "knn_predict")


def _tied(q: Sheet) -> Any:
    """(M, C): the classes that have most votes."""
    return q.votes == q.votes.max(axis=1, keepdims=True)


def _first_tied_neighbour(q: Sheet) -> Any:
    among = np.take_along_axis(_tied(q), q.chosen, axis=1)
    return np.take_along_axis(q.chosen, among.argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]


KNN_BUGS = (
    # ---------------------------------------------------------------------------- L1 distances
    l1_bug(
        "l1_signed",
        "the differences are added up with their signs; it should be their absolute values",
        "can a distance be negative?",
        l1=lambda q: q.difference.sum(axis=2),
    ),
    l1_bug(
        "l1_absolute_of_sum",
        "the absolute value is taken of the sum of differences; it should be of each difference",
        "how far are (1, -1) and (0, 0) apart?",
        l1=lambda q: np.abs(q.difference.sum(axis=2)),
    ),
    bugs_of(KNN, "l1_distances")(
        "l1_is_euclidean",
        "the L1 distance is the Euclidean one; it should be the sum of absolute differences",
        "this is the other distance",
        l1=lambda q: np.sqrt((q.difference**2).sum(axis=2)),
    ),
    l1_bug(
        "l1_largest_difference",
        "the largest difference is taken; it should be the sum of all",
        "how many features count?",
        l1=lambda q: np.abs(q.difference).max(axis=2),
    ),
    bugs_of(KNN, "l1_distances")(
        "l1_mean",
        "the mean of the absolute differences is taken; it should be their sum (which changes no "
        "vote)",
        "compare with the formula",
        l1=lambda q: np.abs(q.difference).mean(axis=2),
    ),
    l1_bug(
        "l1_one_feature",
        "only the first feature counts; it should be all of them",
        "over which axis is the sum?",
        l1=lambda q: np.abs(q.difference[:, :, 0]),
    ),
    bugs_of(KNN, "l1_distances")(
        "l1_transposed",
        "training samples lie in the rows; it should be the columns",
        "compare the shape with the one that is documented",
        l1=lambda q: np.abs(q.difference).sum(axis=2).T,
    ),
    # ---------------------------------------------------------------------------- L2 distances
    bugs_of(KNN, "l2_distances")(
        "l2_without_root",
        "the root is missing, so the distances are squared (which changes no vote); it should be "
        "taken",
        "how far are (3, 4) and (0, 0) apart?",
        l2=lambda q: q.square,
    ),
    bugs_of(KNN, "l2_distances")(
        "l2_is_manhattan",
        "the L2 distance is the sum of absolute differences; it should be the Euclidean one",
        "this is the other distance",
        l2=lambda q: np.abs(q.difference).sum(axis=2),
    ),
    bugs_of(KNN, "l2_distances")(
        "l2_mean",
        "the mean of the squares is taken under the root; it should be their sum (which changes no "
        "vote)",
        "compare with the formula",
        l2=lambda q: np.sqrt((q.difference**2).mean(axis=2)),
    ),
    l2_bug(
        "l2_cross_term_added",
        "the cross term is added; when the square of a difference is multiplied out, it is "
        "subtracted",
        "what is (a - b) squared?",
        square=lambda q: ((q.X[:, np.newaxis] + q.X_train) ** 2).sum(axis=2),
    ),
    l2_bug(
        "l2_no_cross_term",
        "the cross term is missing; the square of a difference is not the difference or sum of "
        "squares",
        "what is (a - b) squared?",
        square=lambda q: (q.X**2).sum(axis=1)[:, np.newaxis] + (q.X_train**2).sum(axis=1),
    ),
    bugs_of(KNN, "l2_distances")(
        "l2_transposed",
        "training samples lie in the rows; it should be the columns",
        "compare the shape with the one that is documented",
        l2=lambda q: np.sqrt(q.square).T,
    ),
    # ------------------------------------------------------------------------------------ vote
    bug(
        "farthest",
        "the farthest training samples vote; it should be the nearest",
        "in which order does your sort put the distances?",
        order=lambda q: np.argsort(-q.distances, axis=1, kind="stable"),
    ),
    bug(
        "k_ignored",
        "only the nearest training sample decides; the k nearest should vote",
        "does your result depend on k?",
        neighbours=lambda q: q.order[:, :1],
    ),
    bug(
        "one_neighbour_more",
        "k + 1 training samples vote; it should be k",
        "how many numbers are there from 0 to k, both included?",
        neighbours=lambda q: q.order[:, : q.k + 1],
    ),
    bug(
        "one_neighbour_less",
        "k - 1 training samples vote; it should be k",
        "how many votes are there?",
        neighbours=lambda q: q.order[:, : max(q.k - 1, 1)],
    ),
    bug(
        "nearest_left_out",
        "the nearest training sample is left out, as if it were the sample itself; it should vote",
        "are the samples among the training samples?",
        neighbours=lambda q: q.order[:, 1 : q.k + 1],
    ),
    bug(
        "everyone_votes",
        "all training samples vote, so everyone gets the most frequent label; it should be the k "
        "nearest",
        "does your result depend on the distances?",
        neighbours=lambda q: q.order,
    ),
    bug(
        "tie_to_largest_label",
        "on a tie the largest label wins; it should be the smallest",
        "which of several largest counts does your search find?",
        labels=lambda q: q.classes[-1] - _tied(q)[:, ::-1].argmax(axis=1),
    ),
    bug(
        "tie_to_nearest",
        "on a tie the label of the nearest neighbour wins; here it should be the smallest label",
        "compare with what is documented on ties",
        labels=_first_tied_neighbour,
    ),
    bug(
        "weighted_by_distance",
        "votes are weighted by the inverse of the distance; each of the k nearest has one vote",
        "compare with what is documented on votes",
        weights=lambda q: (
            1 / (np.take_along_axis(q.distances, q.neighbours, axis=1) + 1e-9)[:, :, np.newaxis]
        ),
    ),
    bug(
        "mean_of_labels",
        "the mean of the neighbours' labels is rounded; they should vote",
        "what is between a cat (0) and a ship (2)?",
        labels=lambda q: np.rint(q.chosen.mean(axis=1)).astype(int),
    ),
    bug(
        "median_of_labels",
        "the median of the neighbours' labels is taken; they should vote",
        "what is between a cat (0) and a ship (2)?",
        labels=lambda q: np.sort(q.chosen, axis=1)[:, q.chosen.shape[1] // 2],
    ),
    bug(
        "smallest_label",
        "the smallest label among the neighbours is taken; it should be the most frequent",
        "which label has most votes?",
        labels=lambda q: q.chosen.min(axis=1),
    ),
    bug(
        "least_frequent",
        "the label with the fewest votes is taken; it should be the one with the most",
        "which label has most votes?",
        labels=lambda q: q.votes.argmin(axis=1),
    ),
    bug(
        "index_of_neighbour",
        "the number of the nearest training sample is returned; it should be a label",
        "of which array is an index no label yet?",
        labels=lambda q: q.order[:, 0],
    ),
    bug(
        "number_of_votes",
        "the number of votes is returned; it should be the label that has them",
        "max gives the value, argmax the place",
        labels=lambda q: q.votes.max(axis=1),
    ),
    predict_bug(
        "always_euclidean",
        "p is ignored and the distance is always Euclidean; with p = 1 it should be the sum of "
        "absolute differences",
        "does your result depend on p?",
        distances=lambda q: q.l2,
    ),
    predict_bug(
        "always_manhattan",
        "p is ignored and the distance is always the sum of absolute differences; with p = 2 it "
        "should be Euclidean",
        "does your result depend on p?",
        distances=lambda q: q.l1,
    ),
    predict_bug(
        "distances_exchanged",
        "p = 1 gives the Euclidean distance and p = 2 the sum of absolute differences; it should "
        "be the other way round",
        "which distance is called L1?",
        distances=lambda q: q.l2 if q.p == 1 else q.l1,
    ),
)
