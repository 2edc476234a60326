"""Cross-validation as tables of formulas, and mistakes in it.

fold i of n samples in k folds: the first n mod k folds have one sample more
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _fold(n: int, k: int, fold: int) -> Any:
    return np.array_split(np.arange(n), k)[fold]


def _others(n: int, held_out: Any) -> Any:
    return np.setdiff1d(np.arange(n), held_out)


SPLIT_FORMULAS: Formulas = {
    "chosen": lambda q: q.fold,
    "held_out": lambda q: _fold(q.n, q.k, q.chosen),
    "rest": lambda q: _others(q.n, q.held_out),
    "train": lambda q: q.rest,
    "validation": lambda q: q.held_out,
}

KNN_FORMULAS: Formulas = {
    "N": lambda q: len(q.X),
    "parts": lambda q: [_fold(q.N, q.folds, fold) for fold in range(q.folds)],
    "training": lambda q: [_others(q.N, part) for part in q.parts],
    "tested": lambda q: q.parts,
    "distances": lambda _: lambda A, B: np.sqrt(((A[:, np.newaxis] - B) ** 2).sum(axis=2)),
    "neighbours": lambda _: lambda order, k: order[:, :k],
    "right": lambda q: lambda k, train, test: _labels(q, k, train, test) == q.y[test],
    "score": lambda _: lambda right: right.mean(),
    "accuracies": lambda q: np.array(
        [
            [
                q.score(q.right(k, train, test))
                for train, test in zip(q.training, q.tested, strict=True)
            ]
            for k in q.ks
        ]
    ),
    "means": lambda q: q.accuracies.mean(axis=1),
}


def _labels(q: Sheet, k: int, train: Any, test: Any) -> Any:
    order = np.argsort(q.distances(q.X[test], q.X[train]), axis=1, kind="stable")
    nearest = q.y[train][q.neighbours(order, k)]
    votes = (nearest[:, :, np.newaxis] == np.arange(q.y.max() + 1)).sum(axis=1)
    return votes.argmax(axis=1)


def _split(n: int, k: int, fold: int) -> dict[str, Any]:
    return {"n": n, "k": k, "fold": fold}


def _validate(X: Any, y: Any, ks: Any, folds: int) -> dict[str, Any]:
    return {"X": X, "y": y, "ks": ks, "folds": folds}


SPLIT = Family(
    "cross_validation_split",
    SPLIT_FORMULAS,
    {"cross_validation_split": Signature(_split, lambda q: (q.train, q.validation))},
)
KNN_VALIDATION = Family(
    "knn_cross_validate",
    KNN_FORMULAS,
    {"knn_cross_validate": Signature(_validate, lambda q: (q.accuracies, q.means))},
)

bug = bugs_of(SPLIT)
knn_bug = bugs_of(KNN_VALIDATION)


def _equal_sizes(q: Sheet) -> Any:
    size = q.n // q.k
    return np.arange(q.chosen * size, (q.chosen + 1) * size)


SPLIT_BUGS = (
    bug(
        "trains_on_everything",
        "the samples that are held out are trained on, too; they should be left out",
        "what does a model know that has seen the answers?",
        train=lambda q: np.arange(q.n),
    ),
    bug(
        "sets_exchanged",
        "the fold is trained on and the rest is held out; it should be the other way round",
        "which of the two sets should be larger?",
        train=lambda q: q.held_out,
        validation=lambda q: q.rest,
    ),
    bug(
        "rest_never_used",
        "all folds have n // k samples, and the last samples are in none; the first folds should "
        "have one more",
        "are all samples held out once?",
        held_out=_equal_sizes,
        rest=lambda q: np.setdiff1d(np.arange(q.n - q.n % q.k), q.held_out),
    ),
    bug(
        "rest_never_held_out",
        "all folds have n // k samples, and the last samples are always trained on; the first "
        "folds should have one more",
        "are all samples held out once?",
        held_out=_equal_sizes,
    ),
    bug(
        "rest_in_last_fold",
        "the last fold has all samples that are left over; the first folds should have one more "
        "each",
        "how much may the sizes of two folds differ?",
        held_out=lambda q: (
            np.arange(q.chosen * (q.n // q.k), q.n) if q.chosen == q.k - 1 else _equal_sizes(q)
        ),
    ),
    bug(
        "sizes_rounded_up",
        "the folds have n / k samples, rounded up, so that the last one has too few; sizes should "
        "differ by at most one",
        "how much may the sizes of two folds differ?",
        held_out=lambda q: np.arange(q.n)[q.chosen * -(-q.n // q.k) :][: -(-q.n // q.k)],
    ),
    bug(
        "larger_folds_last",
        "the last folds have one sample more; it should be the first ones",
        "compare with what is documented",
        held_out=lambda q: q.n - 1 - _fold(q.n, q.k, q.k - 1 - q.chosen)[::-1],
    ),
    bug(
        "folds_of_k_samples",
        "each fold has k samples; there should be k folds",
        "is k the number of folds or their size?",
        held_out=lambda q: np.arange(q.n)[q.chosen * q.k : (q.chosen + 1) * q.k],
    ),
    bug(
        "every_kth_sample",
        "every k-th sample is in the fold; folds should be consecutive",
        "compare with what is documented",
        held_out=lambda q: np.arange(q.n)[q.chosen :: q.k],
    ),
    bug(
        "folds_from_one",
        "the folds are counted from 1, so the one before is held out; they are 0..k-1",
        "which samples are in fold 0?",
        chosen=lambda q: (q.fold - 1) % q.k,
    ),
    bug(
        "next_fold",
        "the fold after the one that is asked for is held out",
        "which samples are in fold 0?",
        chosen=lambda q: (q.fold + 1) % q.k,
    ),
    bug(
        "trains_on_folds_before",
        "only the folds before are trained on; those after should be, too",
        "how many folds are trained on?",
        rest=lambda q: np.arange(q.held_out[0]),
    ),
    bug(
        "trains_on_folds_after",
        "only the folds after are trained on; those before should be, too",
        "how many folds are trained on?",
        rest=lambda q: np.arange(q.held_out[-1] + 1, q.n),
    ),
)

KNN_VALIDATION_BUGS = (
    knn_bug(
        "trains_on_everything",
        "the held-out samples are among the training samples, each its own nearest neighbour; they "
        "should be left out",
        "how right is a single neighbour when it is the sample itself?",
        training=lambda q: [np.arange(q.N)] * q.folds,
    ),
    knn_bug(
        "tested_on_training_data",
        "the accuracy is that on the training folds; it should be on the fold that is held out",
        "which samples has the classifier not seen?",
        tested=lambda q: q.training,
    ),
    knn_bug(
        "folds_exchanged",
        "one fold is trained on and the others are tested; it should be the other way round",
        "which of the two sets should be larger?",
        training=lambda q: q.parts,
        tested=lambda q: [_others(q.N, part) for part in q.parts],
    ),
    knn_bug(
        "trained_on_next_fold_only",
        "only one other fold is trained on; it should be all of them",
        "how many folds are trained on?",
        training=lambda q: [*q.parts[1:], q.parts[0]],
    ),
    knn_bug(
        "first_fold_only",
        "every accuracy is that of the first split; each fold is held out once",
        "does your split depend on the fold?",
        parts=lambda q: [_fold(q.N, q.folds, 0)] * q.folds,
    ),
    knn_bug(
        "every_kth_sample",
        "the folds take every k-th sample; they should be consecutive",
        "compare with what is documented",
        parts=lambda q: [np.arange(q.N)[fold :: q.folds] for fold in range(q.folds)],
    ),
    knn_bug(
        "errors_for_accuracies",
        "the shares of wrong labels are returned; it should be those of right ones",
        "which k is best, the largest or the smallest number?",
        score=lambda _: lambda right: 1 - right.mean(),
    ),
    knn_bug(
        "numbers_for_shares",
        "the numbers of right labels are returned; they should be divided by the fold's size",
        "what is the largest accuracy there can be?",
        score=lambda _: lambda right: right.sum(),
    ),
    knn_bug(
        "divided_by_all_samples",
        "the numbers of right labels are divided by that of all samples; it should be by that of "
        "the fold's",
        "what is the largest accuracy there can be?",
        score=lambda q: lambda right: right.sum() / q.N,
    ),
    knn_bug(
        "manhattan_distance",
        "neighbours are found by the sum of absolute differences; it should be by the Euclidean "
        "distance",
        "this is the other distance",
        distances=lambda _: lambda A, B: np.abs(A[:, np.newaxis] - B).sum(axis=2),
    ),
    knn_bug(
        "k_ignored",
        "k has no effect, the nearest neighbour decides alone; the k nearest should vote",
        "do your accuracies differ between the rows?",
        neighbours=lambda _: lambda order, _k: order[:, :1],
    ),
    knn_bug(
        "farthest_neighbours",
        "the farthest training samples vote; it should be the nearest",
        "in which order does your sort put the distances?",
        neighbours=lambda _: lambda order, k: order[:, ::-1][:, :k],
    ),
    knn_bug(
        "transposed",
        "the folds lie in the rows; there should be a row for each k",
        "compare the shape with the one that is documented",
        accuracies=lambda q: np.array(
            [
                [q.score(q.right(k, train, test)) for k in q.ks]
                for train, test in zip(q.training, q.tested, strict=True)
            ]
        ),
        means=lambda q: q.accuracies.mean(axis=0),
    ),
    knn_bug(
        "mean_over_ks",
        "the means are over the values of k; they should be over the folds",
        "which of the two should the mean help to choose?",
        means=lambda q: q.accuracies.mean(axis=0),
    ),
    knn_bug(
        "best_fold",
        "the best fold's accuracy is taken for each k; it should be the mean over the folds",
        "may a k be chosen for one lucky fold?",
        means=lambda q: q.accuracies.max(axis=1),
    ),
    knn_bug(
        "last_fold",
        "the last fold's accuracy is taken for each k; it should be the mean over the folds",
        "is the list of accuracies begun anew for each fold?",
        means=lambda q: q.accuracies[:, -1],
    ),
    knn_bug(
        "sum_over_folds",
        "the accuracies are summed over the folds; it should be their mean",
        "what is the largest accuracy there can be?",
        means=lambda q: q.accuracies.sum(axis=1),
    ),
    knn_bug(
        "folds_weighted_by_size",
        "the mean counts every sample alike, larger folds more; it should count every fold alike",
        "of what is the mean taken?",
        means=lambda q: (q.accuracies * [len(part) for part in q.tested]).sum(axis=1) / q.N,
    ),
)
