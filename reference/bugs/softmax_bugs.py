"""Softmax cross-entropy as formulas, and the mistakes in it: for every classifier that ends in one.

scores (N, C) -> p = softmax(scores);  data_loss = -mean ln p[i, y_i];  dscores = (p - onehot) / N
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import Bug
from reference.bugs.sheet import Formulas

Array = NDArray[Any]

SOFTMAX_FORMULAS: Formulas = {
    "rows": lambda q: np.arange(q.N),
    "logits": lambda q: q.scores,
    "shifted": lambda q: q.logits - q.logits.max(axis=1, keepdims=True),
    "e": lambda q: np.exp(q.shifted),
    "e_sum": lambda q: q.e.sum(axis=1, keepdims=True),
    "p": lambda q: q.e / q.e_sum,
    "ln_p": lambda q: q.shifted - np.log(q.e_sum),
    "data_loss": lambda q: -q.ln_p[q.rows, q.y].mean(),
    "onehot": lambda q: np.eye(q.C)[q.y],
    "dscores": lambda q: (q.p - q.onehot) / q.N,
}
"""They read scores, y, N and C."""


def softmax_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in the softmax itself; ``bug`` is the word of a table."""
    return (
        bug(
            "softmax_over_samples",
            "the softmax is normalised over the samples; it should be over the classes of each "
            "sample",
            "should the rows or the columns of the probabilities add up to 1?",
            shifted=lambda q: q.scores - q.scores.max(axis=0, keepdims=True),
            e_sum=lambda q: q.e.sum(axis=0, keepdims=True),
        ),
        bug(
            "softmax_sum_over_samples",
            "the exponentials are added up over the samples, though the maximum is taken over the "
            "classes; both should be over the classes of each sample",
            "should the rows or the columns of the probabilities add up to 1?",
            e_sum=lambda q: q.e.sum(axis=0, keepdims=True),
        ),
        bug(
            "softmax_over_everything",
            "the softmax is normalised over the whole batch at once; each sample should have its "
            "own sum",
            "a sum without an axis adds up everything",
            shifted=lambda q: q.scores - q.scores.max(),
            e_sum=lambda q: q.e.sum(),
        ),
        bug(
            "softmax_sum_over_everything",
            "the exponentials are added up over the whole batch, though the maximum is taken per "
            "sample; each sample should have its own sum",
            "a sum without an axis adds up everything",
            e_sum=lambda q: q.e.sum(),
        ),
        bug(
            "softmax_twice",
            "the softmax is applied twice: the loss takes probabilities for scores; it should "
            "start from the scores",
            "is what you pass to the softmax already a softmax?",
            logits=lambda q: _softmax(q.scores),
        ),
        bug(
            "no_max_shift",
            "exp overflows, or all exponentials are 0, for large scores; subtract something from a "
            "row of scores first, which does not change the softmax",
            "after the subtraction, the largest score of each row should be 0",
            shifted=lambda q: q.scores,
        ),
        bug(
            "max_over_everything",
            "the largest score of the whole batch is subtracted, so in other rows all exponentials "
            "can be 0; each row should have its own largest score subtracted",
            "a maximum without an axis is that of the whole array",
            shifted=lambda q: q.scores - q.scores.max(),
        ),
        bug(
            "log_of_zero",
            "the logarithm is taken of a probability that was rounded to 0, so the loss is "
            "infinite; it is large there, but finite",
            "simplify the logarithm of the softmax on paper: then no logarithm of 0 is needed",
            ln_p=lambda q: np.log(q.p),
        ),
        *(_log_with_constant(bug, exponent) for exponent in (5, 6, 7, 8, 9, 10, 12, 15, 16)),
    )


def cross_entropy_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in the loss that follows it."""
    return (
        bug(
            "log2",
            "the logarithm has base 2; cross-entropy here is in nats, the natural logarithm",
            "the gradient you derived belongs to the natural logarithm",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].mean() / np.log(2),
        ),
        bug(
            "log10",
            "the logarithm has base 10; cross-entropy here is in nats, the natural logarithm",
            "the gradient you derived belongs to the natural logarithm",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].mean() / np.log(10),
        ),
        bug(
            "no_log",
            "the loss is minus the mean probability of the true class; the logarithm is missing",
            "what is the loss when the true class has probability 1, and when it has 1/4?",
            data_loss=lambda q: -q.p[q.rows, q.y].mean(),
        ),
        bug(
            "log_of_mean",
            "the loss is the logarithm of the mean probability; it should be the mean of the "
            "logarithms",
            "which comes first, the mean or the logarithm?",
            data_loss=lambda q: -np.log(q.p[q.rows, q.y].mean()),
        ),
        bug(
            "loss_negative",
            "the loss has the wrong sign; a logarithm of a probability is negative, the loss is "
            "not",
            "is the loss 0 at best?",
            data_loss=lambda q: q.ln_p[q.rows, q.y].mean(),
        ),
        bug(
            "loss_and_gradient_negative",
            "the loss has the wrong sign, and its gradient with it; a logarithm of a probability "
            "is negative, the loss is not",
            "is the loss 0 at best?",
            data_loss=lambda q: q.ln_p[q.rows, q.y].mean(),
            dscores=lambda q: (q.onehot - q.p) / q.N,
        ),
        bug(
            "loss_summed",
            "the loss is added up over the batch; it should be the mean",
            "does your loss double when the batch is doubled?",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].sum(),
        ),
        bug(
            "loss_and_gradient_summed",
            "the loss is added up over the batch, and its gradient with it; both should be means",
            "does your loss double when the batch is doubled?",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].sum(),
            dscores=lambda q: q.p - q.onehot,
        ),
        bug(
            "loss_mean_over_classes_too",
            "the loss is averaged over the samples and over the classes; the mean is over the "
            "samples",
            "by which number do you divide the sum?",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].mean() / q.C,
        ),
        bug(
            "loss_and_gradient_mean_over_classes_too",
            "the loss is averaged over the samples and over the classes, and its gradient with it; "
            "the mean is over the samples",
            "by which number do you divide the sum?",
            data_loss=lambda q: -q.ln_p[q.rows, q.y].mean() / q.C,
            dscores=lambda q: (q.p - q.onehot) / (q.N * q.C),
        ),
        bug(
            "binary_cross_entropy",
            "the other classes are counted too, with ln(1 - p); softmax cross-entropy has only the "
            "logarithm of the true class's probability",
            "how many terms does the loss of one sample have?",
            data_loss=lambda q: (
                -(q.ln_p * q.onehot + np.log(1 - q.p) * (1 - q.onehot)).sum(axis=1).mean()
            ),
        ),
        # --------------------------------------------------------------------------------- labels
        bug(
            "loss_of_prediction",
            "the loss is that of the most probable class; it should be that of the true class",
            "does your loss read the labels y?",
            data_loss=lambda q: -q.ln_p.max(axis=1).mean(),
        ),
        bug(
            "loss_of_all_labels",
            "every sample is charged with the labels of the whole batch (indexing [:, y]); each "
            "sample has one label",
            "look at the shape of what you index: one value per sample is wanted",
            data_loss=lambda q: -q.ln_p[:, q.y].mean(),
        ),
        bug(
            "labels_off_by_one",
            "the labels are off by one: 1 is subtracted, though they already are 0..C-1",
            "the file of the data counts from 1, the labels y do not",
            data_loss=lambda q: -q.ln_p[q.rows, q.y - 1].mean(),
            onehot=lambda q: np.eye(q.C)[q.y - 1],
        ),
    )


def score_gradient_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in the gradient of the scores."""
    return (
        bug(
            "divided_by_classes",
            "the gradient is divided by the number of classes; it should be by the number of "
            "samples",
            "over what is the loss a mean?",
            dscores=lambda q: (q.p - q.onehot) / q.C,
        ),
        bug(
            "divided_by_samples_and_classes",
            "the gradient is divided by the number of samples and by that of classes; it should be "
            "by the samples only",
            "over what is the loss a mean?",
            dscores=lambda q: (q.p - q.onehot) / (q.N * q.C),
        ),
        bug(
            "no_onehot",
            "the gradient of the scores is the probabilities alone; the true class's term is "
            "missing",
            "the gradient of each sample's scores adds up to 0",
            dscores=lambda q: q.p / q.N,
        ),
        bug(
            "sign_flipped",
            "the gradient has the wrong sign: it points to where the loss falls; a gradient points "
            "to where it rises",
            "the minus of gradient descent belongs to the update, not to the gradient",
            dscores=lambda q: (q.onehot - q.p) / q.N,
        ),
        bug(
            "onehot_in_all_rows",
            "1 is subtracted in every row for every label of the batch (indexing [:, y]); each "
            "sample has one label",
            "pair each row with its own label",
            dscores=lambda q: (q.p - q.onehot.max(axis=0)) / q.N,
        ),
        bug(
            "one_subtracted_everywhere",
            "1 is subtracted from all probabilities; it should be from the true class's only",
            "the gradient of each sample's scores adds up to 0",
            dscores=lambda q: (q.p - 1) / q.N,
        ),
        bug(
            "label_of_other_sample",
            "the label is looked up with the number of the class (y[j]); it should be that of the "
            "sample (y[i])",
            "which index counts the samples?",
            onehot=lambda q: q.y[np.arange(q.C)] == np.arange(q.C),
        ),
        bug(
            "scores_for_probabilities",
            "the gradient is taken from the scores; it should be from the probabilities",
            "which of the two adds up to 1 in each row?",
            dscores=lambda q: (q.scores - q.onehot) / q.N,
        ),
        bug(
            "softmax_jacobian_again",
            "the derivative of the softmax is applied to a gradient that already contains it",
            "derive the gradient of the loss with respect to the scores on paper, in one go",
            dscores=lambda q: _through_softmax(q.p, (q.p - q.onehot) / q.N),
        ),
        bug(
            "times_p_one_minus_p",
            "the gradient is multiplied by p (1 - p), the derivative of a sigmoid; for softmax "
            "cross-entropy that factor cancels",
            "derive the gradient of the loss with respect to the scores on paper, in one go",
            dscores=lambda q: (q.p - q.onehot) * q.p * (1 - q.p) / q.N,
        ),
    )


def _log_with_constant(bug: Callable[..., Bug], exponent: int) -> Bug:
    return bug(
        f"log_of_p_plus_1e_{exponent}",
        f"about 1e-{exponent} is added to the probability (or it is cut off there) before the "
        "logarithm is taken, so a true class of very small probability costs too little; the "
        "loss has no such bound",
        "simplify the logarithm of the softmax on paper: then no logarithm of 0 is needed",
        ln_p=lambda q: np.log(q.p + 10.0**-exponent),
    )


def _softmax(scores: Array) -> Array:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def _through_softmax(p: Array, upstream: Array) -> Array:
    dscores: Array = p * (upstream - (upstream * p).sum(axis=1, keepdims=True))
    return dscores
