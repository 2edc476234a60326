"""Mistakes with data, classifiers and searches, as students write them, are recognised.

As in test_students_code.py: whole functions, with the mistake where students make it.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import Answer, mistakes
from reference.case_steps import run
from reference.classifiers.linear import linear_softmax_loss
from reference.classifiers.nearest_neighbour import knn_predict, l2_distances
from reference.golden import make_bundle

pytestmark = pytest.mark.slow  # bundles of many problems

STUDENTS = {}


def student(problem, bug):
    """Register one student's function: a problem, and the bug that should be named."""

    def keep(function):
        STUDENTS[bug] = (problem, bug, {problem: function})
        return function

    return keep


# ------------------------------------------------------------------------------- preprocessing
@student("normalise", "normalise/test_by_own_statistics")
def normalises_each_set(X_train, X_test):
    return tuple((X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8) for X in (X_train, X_test))


@student("normalise", "normalise/statistics_of_both")
def normalises_before_the_split(X_train, X_test):
    X = np.vstack([X_train, X_test])
    X = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-12)
    return X[: len(X_train)], X[len(X_train) :]


@student("pca_fit", "pca/not_centred")
def takes_singular_values(X, k):
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    return X.mean(axis=0), Vt[:k].T, s[:k] ** 2 / len(X)


@student("pca_fit", "pca/smallest_first")
def keeps_eigh_s_order(X, k):
    values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
    return X.mean(axis=0), -vectors[:, :k], values[:k]


@student("pca_fit", "pca/components_in_rows")
def keeps_svd_s_rows(X, k):
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean)
    return mean, Vt[:k], s[:k] ** 2 / len(X)


@student("pca_whiten", "whitening/no_eps")
def whitens_by_variance(X, mean, components, variances, _eps):
    return (X - mean).dot(components).dot(np.diag(variances**-0.5))


# -------------------------------------------------------------------------------- augmentation
@student("horizontal_flip", "flips/overwritten_in_place")
def flips_in_place(x, coins):
    out = x.copy()
    W = x.shape[3]
    for n in np.flatnonzero(coins):
        for j in range(W):
            out[n, :, :, j] = out[n, :, :, W - 1 - j]
    return out


@student("cutout", "cutout/negative_start")
def cuts_without_clipping(x, centres, size):
    out = x.copy()
    for n, (row, col) in enumerate(centres):
        top, left = row - size // 2, col - size // 2
        out[n, :, top : top + size, left : left + size] = 0
    return out


@student("resize_bilinear", "resize/linear_with_corners_aligned")
def aligns_corners(x, height, width):
    N, C, H, W = x.shape
    out = np.zeros((N, C, height, width))
    for i in range(height):
        for j in range(width):
            r, s = i * (H - 1) / (height - 1), j * (W - 1) / (width - 1)
            a, b = min(int(r), H - 2), min(int(s), W - 2)
            f, g = r - a, s - b
            out[:, :, i, j] = (
                (1 - f) * (1 - g) * x[:, :, a, b]
                + (1 - f) * g * x[:, :, a, b + 1]
                + f * (1 - g) * x[:, :, a + 1, b]
                + f * g * x[:, :, a + 1, b + 1]
            )
    return out


@student("mixup", "mixup/labels_not_mixed")
def forgets_the_labels(x, y, lam, permutation):
    return lam * x + (1 - lam) * x[permutation], y


# --------------------------------------------------------------------------------- classifiers
@student("knn_vote", "knn/farthest")
def sorts_downwards(distances, y_train, k):
    near = np.argsort(distances, axis=1)[:, ::-1][:, :k]
    return np.array([np.bincount(y_train[row]).argmax() for row in near])


@student("knn_predict", "knn/always_euclidean")
def ignores_p(X_train, y_train, X, k, _p):
    near = np.argsort(l2_distances(X, X_train), axis=1)[:, :k]
    return np.array([np.bincount(y_train[row]).argmax() for row in near])


@student("linear_softmax_loss", "linear/penalty_gradient_halved")
def softmax_with_half_a_gradient(W, X, y, reg):
    loss, dW = linear_softmax_loss(W, X, y, 0.0)
    return loss + reg * np.sum(W**2), dW + reg * W


@student("linear_svm_loss", "linear/true_class_counted")
def svm_that_counts_the_true_class(W, X, y, reg):
    loss, dW = reg * np.sum(W**2), 2 * reg * W
    for x, label in zip(X, y, strict=True):
        scores = x.dot(W)
        for c, score in enumerate(scores):
            margin = score - scores[label] + 1
            if margin > 0:
                loss += margin / len(X)
                dW[:, c] += x / len(X)
                dW[:, label] -= x / len(X)
    return loss, dW


@student("linear_svm_loss", "linear/true_class_gradient_missing")
def svm_that_pushes_only(W, X, y, reg):
    scores = X.dot(W)
    rows = np.arange(len(X))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return margins.sum() / len(X) + reg * np.sum(W**2), X.T.dot(margins > 0) / len(X) + 2 * reg * W


@student("train_linear_softmax", "linear_training/losses_after_the_step")
def looks_afterwards(W, X, y, batches, learning_rate, reg):
    losses = []
    for batch in batches:
        _, dW = linear_softmax_loss(W, X[batch], y[batch], reg)
        W = W - learning_rate * dW
        losses.append(linear_softmax_loss(W, X[batch], y[batch], reg)[0])
    return W, losses


@student("average_ensemble", "average_ensemble/scores_averaged")
def averages_scores(scores):
    e = np.exp(np.mean(scores, axis=0))
    return e / e.sum(axis=1, keepdims=True)


# -------------------------------------------------------------------------------------- search
@student("sample_log_uniform", "log_space/uniform_not_log_uniform")
def samples_evenly(u, low, high):
    return u * (10**high - 10**low) + 10**low


@student("trial_line", "trial_line/rates_without_exponent")
def prints_fixed_points(val_acc, lr, reg, trial, trials):
    return f"val acc: {val_acc:.6f}, lr: {lr:.6f}, reg: {reg:.6f}, ({trial} / {trials})"


@student("cross_validation_split", "cross_validation_split/rest_in_last_fold")
def gives_the_last_fold_the_rest(n, k, fold):
    size = n // k
    end = n if fold == k - 1 else (fold + 1) * size
    validation = list(range(fold * size, end))
    return [i for i in range(n) if i not in validation], validation


@student("knn_cross_validate", "knn_cross_validate/trains_on_everything")
def trains_on_all(X, y, ks, folds):
    parts = np.array_split(np.arange(len(X)), folds)
    table = [[(knn_predict(X, y, X[p], k, 2) == y[p]).mean() for p in parts] for k in ks]
    return table, np.mean(table, axis=1)


@student("best_trial", "best_trial/chosen_by_test")
def peeks_at_the_test(_train_acc, _val_acc, test_acc):
    return int(np.argmax(test_acc)), float(np.max(test_acc))


@student("reinforce_step", "controller/descent")
def descends(logits, choices, advantages, learning_rate):
    p = np.exp(logits) / np.exp(logits).sum()
    gradient = np.zeros_like(logits)
    for choice, advantage in zip(choices, advantages, strict=True):
        for k in range(len(logits)):
            gradient[k] += advantage * ((k == choice) - p[k]) / len(choices)
    return logits - learning_rate * gradient


@student("baseline_advantages", "baseline/baseline_sees_the_reward")
def moves_the_baseline_first(rewards, baseline, decay):
    advantages = []
    for reward in rewards:
        baseline = decay * baseline + (1 - decay) * reward
        advantages.append(reward - baseline)
    return advantages, baseline


@pytest.mark.parametrize("name", STUDENTS)
def test_a_students_mistake_is_named(diagnosed, name):
    """The harness names the registered bug for a function written in a student's own way."""
    problem, bug, functions = STUDENTS[name]
    assert diagnosed(problem, functions, bug) == bug


def test_images_that_are_all_black_name_no_two_mistakes():
    """Who sums for a mean gets black and white images, of which many pairs of mistakes are made."""

    def colour_jitter(x, brightness, contrast, saturation):
        def grey(image):
            return np.einsum("c,nchw->nhw", [0.299, 0.587, 0.114], image)[:, None]

        b, c, s = (f.reshape(-1, 1, 1, 1) for f in (brightness, contrast, saturation))
        x = np.clip(b * x, 0, 1)
        middle = grey(x).sum(axis=(1, 2, 3), keepdims=True)
        x = np.clip(middle + c * (x - middle), 0, 1)
        return np.clip(grey(x) + s * (x - grey(x)), 0, 1)

    bundle = make_bundle("own", ["colour_jitter"], b"mut", "hidden")
    problem = bundle.problems["colour_jitter"]
    answers = {}
    for case in problem.cases:
        out = run(case.steps, {"colour_jitter": colour_jitter})["out"]
        answers[case.id] = Answer({"out": out}, frozenset({"out"}))
    only_blacks = [a.outputs["out"].max() == 0 for name, a in answers.items() if name != "gentle"]
    assert any(only_blacks)
    assert mistakes(bundle, problem, answers) == []
