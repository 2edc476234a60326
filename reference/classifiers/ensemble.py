"""Ensembles: several models are asked, and together they are right more often.

Source: course lecture "Training neural networks", model ensembles.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels


def average_ensemble(scores: Array) -> Array:
    """Mean over the models of their softmax probabilities: p[n, c] = (1/M) Σ_m softmax(s_mn)_c.

    Args:
        scores: (M, N, C), of each model

    Returns:
        probabilities: (N, C), rows sum to 1
    """
    e = np.exp(scores - scores.max(axis=2, keepdims=True))
    probabilities: Array = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return probabilities


def vote_ensemble(labels: Labels) -> Labels:
    """The label that most models choose; the smallest of those on a tie.

    Args:
        labels: (M, N), of each model, 0..C-1

    Returns:
        winners: (N,)
    """
    votes = (labels[:, :, np.newaxis] == np.arange(labels.max() + 1)).sum(axis=0)
    winners: Labels = votes.argmax(axis=1)
    return winners
