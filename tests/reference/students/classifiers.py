"""Classifiers as a student might hand them in: half loops, half arrays, float labels, lists."""

from __future__ import annotations

import numpy as np


def l1_distances(X, X_train):
    d = np.zeros((X.shape[0], X_train.shape[0]))
    for i in range(X.shape[0]):
        d[i] = np.sum(np.abs(X_train - X[i]), axis=1)
    return d


def l2_distances(X, X_train):
    return np.sqrt((X**2).sum(1)[:, None] + (X_train**2).sum(1) - 2 * X.dot(X_train.T))


def knn_vote(distances, y_train, k):
    y_pred = np.zeros(distances.shape[0])
    for i in range(len(distances)):
        closest_y = y_train[np.argsort(distances[i])[:k]]
        y_pred[i] = np.argmax(np.bincount(closest_y))
    return y_pred


def knn_predict(X_train, y_train, X, k, p):
    if p == 1:
        return knn_vote(l1_distances(X, X_train), y_train, k)
    return knn_vote(l2_distances(X, X_train) ** 2, y_train, k)


def linear_softmax_loss(W, X, y, reg):
    s = X.dot(W)
    s -= s.max(1)[:, None]
    p = np.exp(s) / np.exp(s).sum(1)[:, None]
    loss = -np.log(p[range(len(y)), y] + 1e-8).mean() + reg * np.sum(W * W)
    p[range(len(y)), y] -= 1
    return loss, X.T.dot(p) / len(y) + 2 * reg * W


def linear_svm_loss(W, X, y, reg):
    N = X.shape[0]
    s = X.dot(W)
    c = s[np.arange(N), y].reshape(-1, 1)
    m = np.maximum(0, s - c + 1)
    m[np.arange(N), y] = 0
    mask = (m > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(1)
    return m.sum() / N + reg * np.sum(W * W), X.T.dot(mask) / N + 2 * reg * W


def linear_predict(W, X):
    return list(np.argmax(X @ W, 1))


def train_linear_softmax(W, X, y, batches, learning_rate, reg):
    hist = []
    for b in batches:
        loss, g = linear_softmax_loss(W, X[b], y[b], reg)
        W -= learning_rate * g
        hist.append(loss)
    return W, hist


def train_linear_svm(W, X, y, batches, learning_rate, reg):
    hist = []
    for i in range(len(batches)):
        loss, g = linear_svm_loss(W, X[batches[i]], y[batches[i]], reg)
        W = W - learning_rate * g
        hist += [loss]
    return W, np.array(hist)


def _fwd(params, X):
    W1 = params["W1"]
    F, HH = W1.shape[0], W1.shape[2]
    N, _, H, W = X.shape
    P = HH // 2
    xp = np.pad(X, ((0, 0), (0, 0), (P, P), (P, P)))
    a = np.zeros((N, F, H, W))
    for i in range(H):
        for j in range(W):
            a[:, :, i, j] = (
                np.tensordot(xp[:, :, i : i + HH, j : j + HH], W1, ([1, 2, 3], [1, 2, 3]))
                + params["b1"]
            )
    # pooling before the ReLU gives the same
    pool = np.zeros((N, F, H // 2, W // 2))
    for i in range(H // 2):
        for j in range(W // 2):
            pool[:, :, i, j] = a[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max((2, 3))
    h = np.maximum(pool, 0)
    return xp, a, pool, h, h.reshape(N, -1) @ params["W2"] + params["b2"]


def convnet_scores(params, X):
    return _fwd(params, X)[-1]


def convnet_loss(params, X, y, reg):
    xp, a, pool, h, s = _fwd(params, X)
    N = len(X)
    HH = params["W1"].shape[2]
    s = s - s.max(1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[np.arange(N), y] + 1e-8).sum() / N + reg * sum(
        np.sum(params[k] ** 2) for k in ("W1", "W2")
    )
    p[np.arange(N), y] -= 1
    p /= N
    g = {"W2": h.reshape(N, -1).T @ p + 2 * reg * params["W2"], "b2": p.sum(0)}
    dp = (p @ params["W2"].T).reshape(h.shape) * (pool > 0)
    da = np.zeros_like(a)
    for i in range(pool.shape[2]):
        for j in range(pool.shape[3]):
            w = a[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            da[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = (
                w == w.max((2, 3), keepdims=True)
            ) * dp[:, :, i, j][:, :, None, None]
    dW = np.zeros_like(params["W1"])
    for i in range(a.shape[2]):
        for j in range(a.shape[3]):
            dW += np.tensordot(da[:, :, i, j], xp[:, :, i : i + HH, j : j + HH], (0, 0))
    g["W1"] = dW + 2 * reg * params["W1"]
    g["b1"] = da.sum((0, 2, 3))
    return loss, g


def average_ensemble(scores):
    out = 0
    for s in scores:
        e = np.exp(s)
        out = out + e / e.sum(1, keepdims=True)
    return out / len(scores)


def vote_ensemble(labels):
    return [int(np.bincount(labels[:, n]).argmax()) for n in range(labels.shape[1])]


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
