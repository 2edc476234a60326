"""Mistakes in stochastic gradient descent."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.optimizers.updates import descent_bugs, optimizer

SGD = optimizer("sgd", {"learning_rate": 1e-2}, {}, {"step": lambda q: q.learning_rate * q.dw})

bug = bugs_of(SGD)

SGD_BUGS = (
    *descent_bugs(bug, 1e-2),
    bug(
        "no_gradient",
        "the learning rate alone is subtracted from every weight; it should be multiplied with the "
        "gradient",
        "what should happen to a weight whose gradient is 0?",
        step=lambda q: q.learning_rate,
    ),
    bug(
        "times_weights",
        "the step is proportional to the weights, too; it should be to the gradient only",
        "what should happen to a weight that is 0?",
        step=lambda q: q.learning_rate * q.dw * q.w,
    ),
    bug(
        "sign_only",
        "only the sign of the gradient is used; its size should count as well",
        "should a steeper slope give a larger step?",
        step=lambda q: q.learning_rate * np.sign(q.dw),
    ),
    bug(
        "gradient_normalised",
        "the gradient is divided by its norm; it should be used as it is",
        "should a steeper slope give a larger step?",
        step=lambda q: q.learning_rate * q.dw / np.sqrt((q.dw**2).sum()),
    ),
    bug(
        "gradient_averaged",
        "the gradient is divided by the number of rows; the mean over the batch is in it already",
        "what does dw hold, before your function sees it?",
        step=lambda q: q.learning_rate * q.dw / len(q.dw),
    ),
    bug(
        "weights_decay",
        "the weights shrink by the learning rate in each step; only the gradient should move them",
        "what should happen to a weight whose gradient is 0?",
        step=lambda q: q.learning_rate * (q.dw + q.w),
    ),
    bug(
        "divided_by_rate",
        "the gradient is divided by the learning rate; it should be multiplied with it",
        "should the step double when the learning rate does?",
        step=lambda q: q.dw / q.learning_rate,
    ),
)
