"""The multiclass hinge loss as a table of formulas, and the mistakes in it.

margin[n, j] = x[n, j] - x[n, y_n] + 1;  loss = (1/N) Σ_n Σ_{j ≠ y_n} max(0, margin[n, j])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]

FORMULAS: Formulas = {
    "N": lambda q: len(q.x),
    "C": lambda q: q.x.shape[1],
    "rows": lambda q: np.arange(q.N),
    "onehot": lambda q: np.eye(q.C)[q.y],
    "others": lambda q: 1 - q.onehot,
    "delta": lambda _: 1,
    "correct": lambda q: q.x[q.rows, q.y][:, np.newaxis],
    "margin": lambda q: q.x - q.correct + q.delta,
    "hinge": lambda q: np.maximum(q.margin, 0) * q.others,
    "loss": lambda q: q.hinge.sum() / q.N,
    # ------------------------------------------------------------------------------- backward
    "missed": lambda q: (q.margin > 0) * q.others,
    "missed_count": lambda q: q.missed.sum(axis=1, keepdims=True),
    "dsum": lambda q: q.missed - q.onehot * q.missed_count,
    "dx": lambda q: q.dsum / q.N,
}

SVM_LOSS = Family(
    "svm_loss",
    FORMULAS,
    {"svm_loss": Signature(lambda x, y: {"x": x, "y": y}, lambda q: (q.loss, q.dx))},
)

bug = bugs_of(SVM_LOSS)


def _worst_only(q: Sheet) -> Array:
    """1 at the other class with the largest margin of each sample, if that is missed."""
    margin = np.where(q.onehot == 1, -np.inf, q.margin)
    worst: Array = (margin == margin.max(axis=1, keepdims=True)) & (margin > 0)
    return worst.astype(q.x.dtype)


SVM_LOSS_BUGS = (
    # ------------------------------------------------------------------------------- the loss
    bug(
        "true_class_in_loss",
        "the true class's own margin is counted in the loss, so every sample costs 1 too much; the "
        "sum is over the other classes",
        "what should the loss be when every true class leads by far?",
        hinge=lambda q: np.maximum(q.margin, 0),
    ),
    bug(
        "loss_summed",
        "the loss is added up over the batch; it should be the mean",
        "does your loss double when the batch is doubled?",
        loss=lambda q: q.hinge.sum(),
    ),
    bug(
        "loss_and_gradient_summed",
        "the loss is added up over the batch, and its gradient with it; both should be means",
        "does your loss double when the batch is doubled?",
        loss=lambda q: q.hinge.sum(),
        dx=lambda q: q.dsum,
    ),
    bug(
        "loss_mean_over_classes_too",
        "the loss is averaged over the samples and over the classes; the mean is over the samples",
        "by which number do you divide the sum?",
        loss=lambda q: q.hinge.mean(),
    ),
    bug(
        "mean_over_classes_too",
        "loss and gradient are averaged over the samples and over the classes; the mean is over "
        "the samples",
        "by which number do you divide the sum?",
        loss=lambda q: q.hinge.mean(),
        dx=lambda q: q.dsum / (q.N * q.C),
    ),
    bug(
        "hinge_not_cut",
        "margins that are met lower the loss; each should count 0",
        "can your loss be negative?",
        hinge=lambda q: q.margin * q.others,
    ),
    bug(
        "loss_of_last_sample",
        "the loss is that of the last sample alone, divided by N: each sample overwrites the one "
        "before; they should add up",
        "does your loop add, or does it assign?",
        loss=lambda q: q.hinge[-1].sum() / q.N,
    ),
    # ------------------------------------------------------------------------------ the margin
    bug(
        "no_margin",
        "the margin of 1 is missing: a true class need only win; it should lead by 1",
        "what should the loss be when all scores are equal?",
        delta=lambda _: 0,
    ),
    bug(
        "no_margin_in_loss",
        "the margin of 1 is missing in the loss, though the gradient has it",
        "what should the loss be when all scores are equal?",
        hinge=lambda q: np.maximum(q.margin - 1, 0) * q.others,
    ),
    bug(
        "margin_subtracted",
        "1 is subtracted where it should be added: a true class may trail by 1; it should lead",
        "what should the loss be when all scores are equal?",
        delta=lambda _: -1,
    ),
    bug(
        "margin_of_10",
        "the margin is 10; it should be 1",
        "what should the loss be when all scores are equal?",
        delta=lambda _: 10,
    ),
    bug(
        "difference_turned_round",
        "the true class's score is on the wrong side of the difference: the others should stay "
        "below it",
        "should the loss grow or fall when the true class's score grows?",
        margin=lambda q: q.correct - q.x + q.delta,
        dsum=lambda q: q.onehot * q.missed_count - q.missed,
    ),
    bug(
        "true_class_of_other_sample",
        "the label is looked up with the number of the class (y[j]); it should be that of the "
        "sample (y[i])",
        "which index counts the samples?",
        onehot=lambda q: (q.y[np.arange(q.C)] == np.arange(q.C)) * np.ones((q.N, 1)),
        correct=lambda q: np.stack([q.x[:, q.y[j]] for j in range(q.C)], axis=1),
    ),
    bug(
        "compared_with_largest",
        "scores are compared with the largest one; they should be with the true class's",
        "does your loss read the labels y?",
        correct=lambda q: q.x.max(axis=1, keepdims=True),
    ),
    bug(
        "worst_class_only",
        "only the worst of the other classes counts; all of them should",
        "the docstring has a sum over the classes",
        hinge=lambda q: np.maximum(q.margin, 0) * _worst_only(q),
        missed=_worst_only,
    ),
    bug(
        "squared_hinge",
        "the margins are squared, in the loss and in the gradient; this loss takes them as they "
        "are",
        "how does the loss grow when a margin doubles?",
        hinge=lambda q: np.maximum(q.margin, 0) ** 2 * q.others,
        missed=lambda q: 2 * np.maximum(q.margin, 0) * q.others,
    ),
    bug(
        "squared_hinge_in_loss",
        "the margins are squared in the loss; this loss takes them as they are",
        "how does the loss grow when a margin doubles?",
        hinge=lambda q: np.maximum(q.margin, 0) ** 2 * q.others,
    ),
    # --------------------------------------------------------------------------- the gradient
    bug(
        "gradient_summed",
        "the gradient is not averaged over the batch",
        "the loss is a mean over N samples; so is its gradient",
        dx=lambda q: q.dsum,
    ),
    bug(
        "gradient_averaged_twice",
        "the gradient is divided by N twice; once is enough",
        "count the divisions by N in your code, means included",
        dx=lambda q: q.dsum / q.N**2,
    ),
    bug(
        "gradient_divided_by_classes",
        "the gradient is divided by the number of classes; it should be by the number of samples",
        "over what is the loss a mean?",
        dx=lambda q: q.dsum / q.C,
    ),
    bug(
        "true_class_in_count",
        "the true class's own margin is counted among the missed ones in the gradient, though the "
        "loss leaves it out",
        "over which classes is the sum?",
        missed_count=lambda q: (q.margin > 0).sum(axis=1, keepdims=True),
    ),
    bug(
        "true_class_not_set_back",
        "the true class's gradient is 1 too large: 1 is put there for its own margin, and taken "
        "away as often as others are missed",
        "is j = y left out of the gradient, too?",
        dsum=lambda q: (q.margin > 0) - q.onehot * q.missed_count,
    ),
    bug(
        "true_class_missing",
        "the true class has no part in the gradient; each missed margin pulls its score up",
        "the gradient of each sample's scores adds up to 0",
        dsum=lambda q: q.missed,
    ),
    bug(
        "true_class_only",
        "only the true class has a gradient; each missed margin pushes its own score down, too",
        "the gradient of each sample's scores adds up to 0",
        dsum=lambda q: -q.onehot * q.missed_count,
    ),
    bug(
        "true_class_once",
        "the true class's gradient is -1 however many margins are missed; each missed one counts",
        "the gradient of each sample's scores adds up to 0",
        missed_count=lambda q: (q.missed.sum(axis=1, keepdims=True) > 0).astype(q.x.dtype),
    ),
    bug(
        "true_class_always",
        "the true class's gradient is -1 even where no margin is missed; it should be 0 there",
        "how does the loss change when a sample is right by far?",
        missed_count=lambda q: np.ones((q.N, 1)),
    ),
    bug(
        "true_class_all_others",
        "the true class's gradient counts all other classes; only the missed margins should count",
        "how does the loss change when a sample is right by far?",
        missed_count=lambda q: np.full((q.N, 1), q.C - 1),
    ),
    bug(
        "gradient_where_met",
        "every other class has a gradient of 1, missed or not; only missed margins should",
        "how does the loss change when a class is far behind?",
        dsum=lambda q: q.others - q.onehot * q.missed_count,
    ),
    bug(
        "mask_missing",
        "the gradient counts all margins, missed or not; only the missed ones change the loss",
        "how does the loss change when a class is far behind?",
        missed=lambda q: q.others,
    ),
    bug(
        "margin_for_mask",
        "the gradient is made of the margins themselves; their slope is 1 where they are missed",
        "differentiate max(0, m) with respect to m",
        missed=lambda q: q.hinge,
    ),
    bug(
        "sign_flipped",
        "the gradient has the wrong sign: it points to where the loss falls; a gradient points "
        "to where it rises",
        "the minus of gradient descent belongs to the update, not to the gradient",
        dx=lambda q: -q.dsum / q.N,
    ),
)
