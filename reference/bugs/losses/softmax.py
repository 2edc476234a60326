"""Softmax cross-entropy of scores, and the mistakes in it."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature
from reference.bugs.softmax_bugs import (
    SOFTMAX_FORMULAS,
    cross_entropy_bugs,
    score_gradient_bugs,
    softmax_bugs,
)

FORMULAS: Formulas = {
    "N": lambda q: len(q.scores),
    "C": lambda q: q.scores.shape[1],
    **SOFTMAX_FORMULAS,
    "loss": lambda q: q.data_loss,
    "dx": lambda q: q.dscores,
}

SOFTMAX_LOSS = Family(
    "softmax_loss",
    FORMULAS,
    {"softmax_loss": Signature(lambda x, y: {"scores": x, "y": y}, lambda q: (q.loss, q.dx))},
)

bug = bugs_of(SOFTMAX_LOSS)

SOFTMAX_LOSS_BUGS = (
    *cross_entropy_bugs(bug),  # before those that change the gradient as well
    *softmax_bugs(bug),
    bug(
        "no_max_shift_in_logarithm",
        "exp overflows, or all exponentials are 0, for large scores, so the logarithm of their sum "
        "is infinite; subtract something from a row of scores first, which does not change the "
        "softmax",
        "after the subtraction, the largest score of each row should be 0",
        shifted=lambda q: q.scores,
        p=lambda q: np.exp(q.ln_p),
    ),
    bug(
        "no_batch_mean",
        "the gradient is not averaged over the batch",
        "the loss is a mean over N samples; so is its gradient",
        dx=lambda q: q.N * q.dscores,
    ),
    bug(
        "batch_mean_twice",
        "the gradient is divided by N twice; once is enough",
        "count the divisions by N in your code, means included",
        dx=lambda q: q.dscores / q.N,
    ),
    *score_gradient_bugs(bug),
)
