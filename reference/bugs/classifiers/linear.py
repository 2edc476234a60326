"""Linear classifiers as a table of formulas, and mistakes in their losses.

scores = X W;  loss = data loss + reg Σ W²;  dW = Xᵀ dscores + 2 reg W
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

LINEAR_FORMULAS: Formulas = {
    "N": lambda q: len(q.X),
    "C": lambda q: q.W.shape[1],
    "rows": lambda q: np.arange(q.N),
    "scores": lambda q: q.X @ q.W,
    "divisor": lambda q: q.N,
    "onehot": lambda q: np.eye(q.C)[q.y],
    # -------------------------------------------------------------------------------- softmax
    "shifted": lambda q: q.scores - q.scores.max(axis=1, keepdims=True),
    "e_sum": lambda q: np.exp(q.shifted).sum(axis=1, keepdims=True),
    "p": lambda q: np.exp(q.shifted) / q.e_sum,
    "each_softmax": lambda q: np.log(q.e_sum[:, 0]) - q.shifted[q.rows, q.y],
    "slopes_softmax": lambda q: q.p - q.onehot,
    # ------------------------------------------------------------------------------------ SVM
    "delta": lambda _: 1,
    "gaps": lambda q: q.scores - q.scores[q.rows, q.y][:, np.newaxis] + q.delta,
    "others": lambda q: 1 - q.onehot,
    "missed": lambda q: (q.gaps > 0) * q.others,
    "each_svm": lambda q: (np.maximum(q.gaps, 0) * q.others).sum(axis=1),
    "slopes_svm": lambda q: q.missed - q.missed.sum(axis=1, keepdims=True) * q.onehot,
    # ------------------------------------------------------------------------------- together
    "data_softmax": lambda q: q.each_softmax.sum() / q.divisor,
    "data_svm": lambda q: q.each_svm.sum() / q.divisor,
    "gradient_divisor": lambda q: q.divisor,
    "dW_softmax": lambda q: q.X.T @ (q.slopes_softmax / q.gradient_divisor),
    "dW_svm": lambda q: q.X.T @ (q.slopes_svm / q.gradient_divisor),
    "l2": lambda _: 1,  # a half in courses that halve the penalty
    "penalty": lambda q: q.l2 * q.reg * (q.W * q.W).sum(),
    "dpenalty": lambda q: 2 * q.l2 * q.reg * q.W,
    "labels": lambda q: q.scores.argmax(axis=1),
}


def _given(W: Any, X: Any, y: Any, reg: float) -> dict[str, Any]:
    return {"W": W, "X": X, "y": y, "reg": reg}


def _predict(W: Any, X: Any) -> dict[str, Any]:
    return {"W": W, "X": X}


LINEAR = Family(
    "linear",
    LINEAR_FORMULAS,
    {
        "linear_softmax_loss": Signature(
            _given, lambda q: (q.data_softmax + q.penalty, q.dW_softmax + q.dpenalty)
        ),
        "linear_svm_loss": Signature(
            _given, lambda q: (q.data_svm + q.penalty, q.dW_svm + q.dpenalty)
        ),
        "linear_predict": Signature(_predict, lambda q: q.labels),
    },
)

bug = bugs_of(LINEAR, "linear_softmax_loss", "linear_svm_loss")
softmax_bug = bugs_of(LINEAR, "linear_softmax_loss")
svm_bug = bugs_of(LINEAR, "linear_svm_loss")
predict_bug = bugs_of(LINEAR, "linear_predict")

LINEAR_BUGS: tuple[Bug, ...] = (
    # ------------------------------------------------------------------------------- averaging
    bug(
        "loss_not_averaged",
        "the losses of the samples are summed; it should be their mean (the gradient has it)",
        "should the loss grow with the number of samples?",
        data_softmax=lambda q: q.each_softmax.sum(),
        data_svm=lambda q: q.each_svm.sum(),
    ),
    bug(
        "gradient_not_averaged",
        "the gradient is not divided by the number of samples; the loss is a mean",
        "what becomes of the mean's divisor in the derivative?",
        gradient_divisor=lambda _: 1,
    ),
    bug(
        "nothing_averaged",
        "loss and gradient are summed over the samples; they should be means",
        "should the loss grow with the number of samples?",
        divisor=lambda _: 1,
    ),
    bug(
        "divided_by_classes",
        "loss and gradient are divided by the number of classes; it should be that of the samples",
        "over what is the mean?",
        divisor=lambda q: q.C,
    ),
    # ------------------------------------------------------------------------- regularisation
    bug(
        "penalty_missing",
        "the penalty is missing in loss and gradient; reg times the sum of squares belongs there",
        "does your result depend on reg?",
        l2=lambda _: 0,
    ),
    bug(
        "penalty_only_in_gradient",
        "the penalty is in the gradient and missing in the loss; it belongs to both",
        "does your loss depend on reg?",
        penalty=lambda _: 0,
    ),
    bug(
        "penalty_only_in_loss",
        "the penalty is in the loss and missing in the gradient; it belongs to both",
        "does your gradient depend on reg?",
        dpenalty=lambda _: 0,
    ),
    bug(
        "penalty_gradient_halved",
        "the penalty's gradient is half of what belongs to the penalty in the loss",
        "what is the derivative of a square?",
        dpenalty=lambda q: q.l2 * q.reg * q.W,
    ),
    bug(
        "penalty_gradient_doubled",
        "the penalty's gradient is twice what belongs to the penalty in the loss",
        "what is the derivative of a square?",
        dpenalty=lambda q: 4 * q.l2 * q.reg * q.W,
    ),
    bug(
        "penalty_divided_by_samples",
        "the penalty is divided by the number of samples, too; it should be added to the mean",
        "does the size of the weights depend on the number of samples?",
        penalty=lambda q: q.l2 * q.reg * (q.W * q.W).sum() / q.N,
        dpenalty=lambda q: 2 * q.l2 * q.reg * q.W / q.N,
    ),
    bug(
        "penalty_gradient_divided_by_samples",
        "the penalty's gradient is divided by the number of samples along with the rest; it should "
        "be added after the division",
        "which part of the loss is a mean?",
        dpenalty=lambda q: 2 * q.l2 * q.reg * q.W / q.N,
    ),
    bug(
        "penalty_of_root",
        "the penalty is reg times the root of the sum of squares; there should be no root",
        "the norm and its square are two things",
        penalty=lambda q: q.l2 * q.reg * np.sqrt((q.W * q.W).sum()),
    ),
    bug(
        "penalty_is_matrix_product",
        "the penalty sums the matrix product of W with its transpose; it should be the square of "
        "each entry",
        "how many entries has W, and how many products are summed?",
        penalty=lambda q: q.l2 * q.reg * (q.W @ q.W.T).sum(),
    ),
    bug(
        "penalty_gradient_is_sum",
        "the penalty's gradient is reg times the sum of all weights, the same everywhere; each "
        "weight has its own",
        "how does the penalty change when a single weight does?",
        dpenalty=lambda q: 2 * q.l2 * q.reg * q.W.sum(),
    ),
    # -------------------------------------------------------------------------------- gradient
    bug(
        "gradient_of_opposite_sign",
        "the gradient of the data loss has the opposite sign",
        "does the loss fall when you go against the gradient?",
        dW_softmax=lambda q: -q.X.T @ (q.slopes_softmax / q.gradient_divisor),
        dW_svm=lambda q: -q.X.T @ (q.slopes_svm / q.gradient_divisor),
    ),
    # --------------------------------------------------------------------------------- softmax
    softmax_bug(
        "onehot_not_subtracted",
        "1 is not subtracted at the true class; the gradient of the scores is probability minus "
        "one-hot label",
        "in which direction should the true class's score go?",
        slopes_softmax=lambda q: q.p,
    ),
    softmax_bug(
        "only_onehot",
        "only the true class's part is in the gradient; the logarithm of the sum has one, too",
        "which scores appear in the loss?",
        slopes_softmax=lambda q: -q.onehot,
    ),
    softmax_bug(
        "log_base_10",
        "the logarithm is to base 10; it should be the natural one",
        "what is the loss when all scores are equal?",
        each_softmax=lambda q: (np.log(q.e_sum[:, 0]) - q.shifted[q.rows, q.y]) / np.log(10),
    ),
    softmax_bug(
        "log_missing",
        "the probability of the true class is averaged without its logarithm; it should be minus "
        "the logarithm",
        "what is the loss when the true class has probability 1?",
        each_softmax=lambda q: -q.p[q.rows, q.y],
    ),
    softmax_bug(
        "softmax_over_samples",
        "the softmax is over the samples; it should be over the classes",
        "which probabilities sum to 1?",
        p=lambda q: (
            np.exp(q.scores - q.scores.max(axis=0)) / np.exp(q.scores - q.scores.max(axis=0)).sum(0)
        ),
        each_softmax=lambda q: -np.log(q.p[q.rows, q.y]),
    ),
    # ------------------------------------------------------------------------------------- SVM
    svm_bug(
        "true_class_counted",
        "the true class is counted among the others, so the loss is larger by 1; only wrong "
        "classes have a margin",
        "what is the loss of a sample whose margins are all kept?",
        each_svm=lambda q: np.maximum(q.gaps, 0).sum(axis=1),
    ),
    svm_bug(
        "true_class_gradient_missing",
        "the gradient of the true class's score is missing; each missed margin pulls it up",
        "which two scores are in a margin?",
        slopes_svm=lambda q: q.missed,
    ),
    svm_bug(
        "true_class_pulled_once",
        "the true class's score is pulled up once for each sample; it should be once for each "
        "missed margin",
        "in how many terms of the sum is the true class's score?",
        slopes_svm=lambda q: q.missed - q.onehot,
    ),
    svm_bug(
        "true_class_counts_itself",
        "the true class is counted among its own missed margins; only the other classes are",
        "is the gap between the true class and itself a margin?",
        slopes_svm=lambda q: q.missed - ((q.gaps > 0).sum(axis=1, keepdims=True)) * q.onehot,
    ),
    svm_bug(
        "no_margin",
        "the margin of 1 is missing, so that any lead is enough; the true class should lead by 1",
        "what is the loss when all scores are equal?",
        delta=lambda _: 0,
    ),
    svm_bug(
        "margin_subtracted",
        "the margin of 1 is subtracted; it should be added",
        "what is the loss when all scores are equal?",
        delta=lambda _: -1,
    ),
    svm_bug(
        "squared_hinge",
        "the missed margins are squared; they should be summed as they are",
        "this is another loss",
        each_svm=lambda q: (np.maximum(q.gaps, 0) ** 2 * q.others).sum(axis=1),
        missed=lambda q: 2 * np.maximum(q.gaps, 0) * q.others,
    ),
    svm_bug(
        "largest_violation_only",
        "only the largest missed margin of each sample counts; it should be the sum of all",
        "how many wrong classes may a sample have?",
        each_svm=lambda q: (np.maximum(q.gaps, 0) * q.others).max(axis=1),
        missed=lambda q: (
            (q.gaps > 0)
            * q.others
            * (q.gaps * q.others >= (q.gaps * q.others).max(1, keepdims=True))
        ),
    ),
    # --------------------------------------------------------------------------------- predict
    predict_bug(
        "predict_lowest",
        "the class with the lowest score is chosen; it should be the highest",
        "which class is most probable?",
        labels=lambda q: q.scores.argmin(axis=1),
    ),
    predict_bug(
        "predict_over_samples",
        "the largest score of each class over the samples is searched; it should be that of each "
        "sample over the classes",
        "along which axis do the classes lie?",
        labels=lambda q: q.scores.argmax(axis=0),
    ),
    predict_bug(
        "predict_over_everything",
        "a single number is returned, where the largest of all scores stands; each sample has a "
        "class",
        "argmax without an axis looks at the flattened array",
        labels=lambda q: q.scores.argmax(),
    ),
    predict_bug(
        "predict_scores",
        "the scores are returned; it should be the class with the largest one",
        "one whole number for each sample is wanted",
        labels=lambda q: q.scores,
    ),
    predict_bug(
        "predict_largest",
        "the largest score of each sample is returned; it should be where it stands",
        "max gives the value, argmax the place",
        labels=lambda q: q.scores.max(axis=1),
    ),
    predict_bug(
        "predict_from_one",
        "the classes are counted from 1; they are 0..C-1",
        "what is the label of the first class?",
        labels=lambda q: q.scores.argmax(axis=1) + 1,
    ),
)
