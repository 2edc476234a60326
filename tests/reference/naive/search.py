"""Search in plain Python loops."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np


def sample_log_uniform(u, low, high):
    out = np.zeros(u.shape)
    for place in np.ndindex(*u.shape):
        out[place] = math.exp(math.log(10) * ((1 - u[place]) * low + u[place] * high))
    return out


def trial_line(val_acc, lr, reg, trial, trials):
    rates = [f"{name}: {_with_exponent(value)}, " for name, value in (("lr", lr), ("reg", reg))]
    return f"val acc: {round(val_acc * 10**6) / 10**6:.6f}, {''.join(rates)}({trial} / {trials})"


def _with_exponent(value):
    exponent = math.floor(math.log10(value))
    digits = round(value / 10.0**exponent * 10**6)
    if digits == 10**7:
        digits, exponent = 10**6, exponent + 1
    sign = "-" if exponent < 0 else "+"
    return f"{digits // 10**6}.{digits % 10**6:06d}e{sign}{abs(exponent):02d}"


def cross_validation_split(n, k, fold):
    sizes = [0] * k
    for sample in range(n):
        sizes[sample % k] += 1
    first = sum(sizes[:fold])
    held_out = [i for i in range(n) if first <= i < first + sizes[fold]]
    return [i for i in range(n) if i not in held_out], held_out


def grid_points(first, second):
    return np.array([[a, b] for a in first for b in second])


def distinct_values(points):
    return np.array([len(set(column)) for column in points.T.tolist()])


def best_trial(_train_acc, val_acc, test_acc):
    best = 0
    for trial, accuracy in enumerate(val_acc):
        if accuracy > val_acc[best]:
            best = trial
    return best, test_acc[best]


def knn_cross_validate(X, y, ks, folds):
    bounds = [0]
    for fold in range(folds):
        bounds.append(bounds[-1] + len(X) // folds + (fold < len(X) % folds))
    accuracies = np.zeros((len(ks), folds))
    for fold in range(folds):
        held_out = range(bounds[fold], bounds[fold + 1])
        train = [n for n in range(len(X)) if n not in held_out]
        for row, k in enumerate(ks):
            for m in held_out:
                near = sorted(train, key=lambda n: math.dist(X[n], X[m]))[:k]
                votes = Counter(int(y[n]) for n in near)
                label = min(votes, key=lambda c: (-votes[c], c))
                accuracies[row, fold] += (label == y[m]) / len(held_out)
    return accuracies, [math.fsum(row) / folds for row in accuracies]


def _softmax(logits):
    e = [math.exp(x) for x in logits]
    return [x / math.fsum(e) for x in e]


def sample_choices(logits, u):
    p = _softmax(logits)
    choices = []
    for number in u:
        choice, reached = 0, p[0]
        while number >= reached and choice < len(p) - 1:
            choice += 1
            reached += p[choice]
        choices.append(choice)
    return choices


def log_probability(logits, choice):
    p = _softmax(logits)
    return math.log(p[choice]), [(i == choice) - p[i] for i in range(len(p))]


def baseline_advantages(rewards, baseline, decay):
    advantages = []
    for reward in rewards:
        advantages.append(reward - baseline)
        baseline += (1 - decay) * (reward - baseline)
    return advantages, baseline


def reinforce_step(logits, choices, advantages, learning_rate):
    out = list(logits)
    for choice, advantage in zip(choices, advantages, strict=True):
        _, slopes = log_probability(logits, choice)
        for i, slope in enumerate(slopes):
            out[i] += learning_rate * advantage * slope / len(choices)
    return out


FUNCTIONS = {
    "sample_log_uniform": sample_log_uniform,
    "trial_line": trial_line,
    "cross_validation_split": cross_validation_split,
    "grid_points": grid_points,
    "distinct_values": distinct_values,
    "best_trial": best_trial,
    "knn_cross_validate": knn_cross_validate,
    "sample_choices": sample_choices,
    "log_probability": log_probability,
    "baseline_advantages": baseline_advantages,
    "reinforce_step": reinforce_step,
}
