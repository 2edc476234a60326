"""Search as a student might hand it in: lists, text with a line break, folds in another order."""

from __future__ import annotations

import numpy as np

from reference.classifiers.nearest_neighbour import knn_predict


def sample_log_uniform(u, low, high):
    return np.power(10.0, low + (high - low) * u)


def trial_line(val_acc, lr, reg, trial, trials):
    line = "val acc: {:f}, lr: {:e}, reg: {:e}, ({} / {})\n"
    return line.format(val_acc, lr, reg, trial, trials)


def grid_points(first, second):
    pts = []
    for a in first:
        for b in second:
            pts += [[a, b]]
    return pts


def distinct_values(points):
    return [len(set(points[:, j])) for j in range(points.shape[1])]


def best_trial(_train_acc, val_acc, test_acc):
    i = np.argmax(val_acc)
    return i, test_acc[i]


def cross_validation_split(n, k, fold):
    folds = np.array_split(np.arange(n), k)
    return np.concatenate(folds[fold + 1 :] + folds[:fold]), folds[fold].tolist()


def knn_cross_validate(X, y, ks, folds):
    Xs, ys = np.array_split(X, folds), np.array_split(y, folds)
    acc = {}
    for k in ks:
        acc[k] = []
        for f in range(folds):
            Xt = np.vstack(Xs[:f] + Xs[f + 1 :])
            yt = np.hstack(ys[:f] + ys[f + 1 :])
            acc[k].append(np.mean(knn_predict(Xt, yt, Xs[f], k, 2) == ys[f]))
    table = [acc[k] for k in ks]
    return table, np.mean(table, axis=1)


def sample_choices(logits, u):
    p = np.exp(logits) / np.exp(logits).sum()
    return np.searchsorted(np.cumsum(p), u, side="right")


def log_probability(logits, choice):
    ls = np.log(np.exp(logits) / np.exp(logits).sum() + 1e-8)
    g = -np.exp(ls)
    g[choice] += 1
    return ls[choice], g


def baseline_advantages(rewards, baseline, decay):
    adv = []
    for r in rewards:
        adv.append(r - baseline)
        baseline = decay * baseline + (1 - decay) * r
    return adv, baseline


def reinforce_step(logits, choices, advantages, learning_rate):
    g = np.zeros_like(logits)
    for c, a in zip(choices, advantages, strict=True):
        g += a * log_probability(logits, c)[1]
    logits += learning_rate * g / len(choices)
    return logits


FUNCTIONS = {
    "sample_log_uniform": sample_log_uniform,
    "trial_line": trial_line,
    "grid_points": grid_points,
    "distinct_values": distinct_values,
    "best_trial": best_trial,
    "cross_validation_split": cross_validation_split,
    "knn_cross_validate": knn_cross_validate,
    "sample_choices": sample_choices,
    "log_probability": log_probability,
    "baseline_advantages": baseline_advantages,
    "reinforce_step": reinforce_step,
}
