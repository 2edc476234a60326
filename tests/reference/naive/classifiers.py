"""Classifiers in plain Python loops."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product

import numpy as np


def l1_distances(X, X_train):
    return np.array(
        [[math.fsum(abs(a - b) for a, b in zip(x, t, strict=True)) for t in X_train] for x in X]
    )


def l2_distances(X, X_train):
    return np.array([[math.dist(x, t) for t in X_train] for x in X])


def knn_vote(distances, y_train, k):
    return np.array(
        [
            _winner(y_train[n] for n in sorted(range(len(row)), key=row.__getitem__)[:k])
            for row in distances
        ]
    )


def _winner(labels):
    counts = Counter(int(label) for label in labels)
    return min(counts, key=lambda label: (-counts[label], label))


def knn_predict(X_train, y_train, X, k, p):
    return knn_vote((l1_distances if p == 1 else l2_distances)(X, X_train), y_train, k)


def _linear_scores(W, X):
    return [
        [math.fsum(X[n, d] * W[d, c] for d in range(W.shape[0])) for c in range(W.shape[1])]
        for n in range(len(X))
    ]


def _with_penalty(loss, slopes, W, X, reg):
    dW = np.zeros_like(W)
    for d, c in product(*map(range, W.shape)):
        loss += reg * W[d, c] ** 2
        dW[d, c] = math.fsum(X[n, d] * slopes[n][c] for n in range(len(X))) + 2 * reg * W[d, c]
    return loss, dW


def linear_softmax_loss(W, X, y, reg):
    loss, slopes = 0.0, []
    for n, scores in enumerate(_linear_scores(W, X)):
        log_sum = max(scores) + math.log(math.fsum(math.exp(s - max(scores)) for s in scores))
        loss += (log_sum - scores[y[n]]) / len(X)
        slopes.append(
            [(math.exp(s - log_sum) - (c == y[n])) / len(X) for c, s in enumerate(scores)]
        )
    return _with_penalty(loss, slopes, W, X, reg)


def linear_svm_loss(W, X, y, reg):
    loss, slopes = 0.0, []
    for n, scores in enumerate(_linear_scores(W, X)):
        slope = [0.0] * len(scores)
        for c, score in enumerate(scores):
            margin = score - scores[y[n]] + 1
            if c != y[n] and margin > 0:
                loss += margin / len(X)
                slope[c] += 1 / len(X)
                slope[y[n]] -= 1 / len(X)
        slopes.append(slope)
    return _with_penalty(loss, slopes, W, X, reg)


def linear_predict(W, X):
    return np.array([max(range(len(row)), key=row.__getitem__) for row in _linear_scores(W, X)])


def _train(loss, W, X, y, batches, learning_rate, reg):
    losses = []
    for batch in batches:
        value, dW = loss(W, X[batch], y[batch], reg)
        losses.append(value)
        W = W - learning_rate * dW
    return W, losses


def train_linear_softmax(W, X, y, batches, learning_rate, reg):
    return _train(linear_softmax_loss, W, X, y, batches, learning_rate, reg)


def train_linear_svm(W, X, y, batches, learning_rate, reg):
    return _train(linear_svm_loss, W, X, y, batches, learning_rate, reg)


def average_ensemble(scores):
    M, N, C = scores.shape
    out = np.zeros((N, C))
    for m, n in product(range(M), range(N)):
        e = [math.exp(s) for s in scores[m, n]]
        for c in range(C):
            out[n, c] += e[c] / math.fsum(e) / M
    return out


def vote_ensemble(labels):
    return np.array([_winner(column) for column in labels.T])


FUNCTIONS = {
    "l1_distances": l1_distances,
    "l2_distances": l2_distances,
    "knn_vote": knn_vote,
    "knn_predict": knn_predict,
    "linear_softmax_loss": linear_softmax_loss,
    "linear_svm_loss": linear_svm_loss,
    "linear_predict": linear_predict,
    "train_linear_softmax": train_linear_softmax,
    "train_linear_svm": train_linear_svm,
    "average_ensemble": average_ensemble,
    "vote_ensemble": vote_ensemble,
}
