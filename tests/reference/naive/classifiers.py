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


def _convnet(params, X):
    """What lies between the layers: hidden (N, F, H, W), places of the maxima, flat, scores."""
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    N, C, H, W = X.shape
    F, _, size, _ = W1.shape
    pad = size // 2
    hidden = np.zeros((N, F, H, W))
    for n, f, i, j in product(range(N), range(F), range(H), range(W)):
        hidden[n, f, i, j] = b1[f]
        for c, u, v in product(range(C), range(size), range(size)):
            row, col = i + u - pad, j + v - pad
            if 0 <= row < H and 0 <= col < W:
                hidden[n, f, i, j] += X[n, c, row, col] * W1[f, c, u, v]
    flat, places = [[] for _ in range(N)], [[] for _ in range(N)]
    for n, f, i, j in product(range(N), range(F), range(0, H, 2), range(0, W, 2)):
        place = max(product((i, i + 1), (j, j + 1)), key=lambda at: hidden[(n, f, *at)])
        flat[n].append(max(hidden[(n, f, *place)], 0.0))
        places[n].append((f, *place))
    scores = [
        [b2[k] + math.fsum(x * W2[d, k] for d, x in enumerate(row)) for k in range(len(b2))]
        for row in flat
    ]
    return hidden, places, flat, np.array(scores)


def convnet_scores(params, X):
    return _convnet(params, X)[-1]


def convnet_loss(params, X, y, reg):
    hidden, places, flat, scores = _convnet(params, X)
    N, C, H, W = X.shape
    size = params["W1"].shape[2]
    loss, grads = 0.0, {name: np.zeros_like(value) for name, value in params.items()}
    for n, row in enumerate(scores):
        log_sum = max(row) + math.log(math.fsum(math.exp(s - max(row)) for s in row))
        loss += (log_sum - row[y[n]]) / N
        slopes = [(math.exp(s - log_sum) - (k == y[n])) / N for k, s in enumerate(row)]
        for k, slope in enumerate(slopes):
            grads["b2"][k] += slope
        for d, (f, i, j) in enumerate(places[n]):
            for k, slope in enumerate(slopes):
                grads["W2"][d, k] += flat[n][d] * slope
            if hidden[n, f, i, j] <= 0:
                continue
            down = math.fsum(params["W2"][d, k] * slope for k, slope in enumerate(slopes))
            grads["b1"][f] += down
            for c, u, v in product(range(C), range(size), range(size)):
                row_, col = i + u - size // 2, j + v - size // 2
                if 0 <= row_ < H and 0 <= col < W:
                    grads["W1"][f, c, u, v] += down * X[n, c, row_, col]
    for name in ("W1", "W2"):
        for at in np.ndindex(*params[name].shape):
            loss += reg * params[name][at] ** 2
            grads[name][at] += 2 * reg * params[name][at]
    return loss, grads


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
    "convnet_scores": convnet_scores,
    "convnet_loss": convnet_loss,
    "average_ensemble": average_ensemble,
    "vote_ensemble": vote_ensemble,
}
