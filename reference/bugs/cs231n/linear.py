"""CS231n's naive losses of linear classifiers, and mistakes that its students add to the usual."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.classifiers.linear import LINEAR, LINEAR_BUGS, LINEAR_FORMULAS
from reference.bugs.cs231n.adopted import adopted
from reference.bugs.sheet import Family, Sheet, Signature


def _given(W: Any, X: Any, y: Any, reg: float) -> dict[str, Any]:
    return {"W": W, "X": X, "y": y, "reg": reg}


NAIVE_LINEAR = Family(
    "naive_linear",
    LINEAR_FORMULAS,
    {
        "softmax_loss_naive": Signature(
            _given, lambda q: (q.data_softmax + q.penalty, q.dW_softmax + q.dpenalty)
        ),
        "svm_loss_naive": Signature(
            _given, lambda q: (q.data_svm + q.penalty, q.dW_svm + q.dpenalty)
        ),
    },
)
_NAIVE = {
    "linear_softmax_loss": ("softmax_loss_naive",),
    "linear_svm_loss": ("svm_loss_naive",),
}

bug = bugs_of(LINEAR, "linear_softmax_loss", "linear_svm_loss")
softmax_bug = bugs_of(LINEAR, "linear_softmax_loss")
svm_bug = bugs_of(LINEAR, "linear_svm_loss")


def _in_divisor(q: Sheet, data: Any) -> Any:
    """The gradient g / (N + p) where g / N + p is meant; the rest of the formula adds p."""
    return q.N * data / (q.N + q.dpenalty) - q.dpenalty


MORE_LINEAR_BUGS: tuple[Bug, ...] = (
    bug(
        "penalty_gradient_in_divisor",
        "the gradient is divided by N plus the penalty's gradient, which slipped into the divisor; "
        "it should be added after the division",
        "dividing in place divides by the whole right-hand side",
        dW_softmax=lambda q: _in_divisor(q, LINEAR_FORMULAS["dW_softmax"](q)),
        dW_svm=lambda q: _in_divisor(q, LINEAR_FORMULAS["dW_svm"](q)),
    ),
    bug(
        "penalty_gradient_is_plain_sum",
        "reg times the sum of all weights is added to every entry of the gradient; each weight has "
        "its own share",
        "how does the penalty change when a single weight does?",
        dpenalty=lambda q: q.l2 * q.reg * q.W.sum(),
    ),
    bug(
        "penalty_gradient_added_for_each_sample",
        "the penalty's gradient is added once for each sample; it should be added once",
        "inside or outside the loop?",
        dpenalty=lambda q: 2 * q.l2 * q.reg * q.W * q.N,
    ),
    bug(
        "gradient_of_last_sample",
        "the gradient is that of the last sample, divided by N: each sample overwrites the one "
        "before; they should add up",
        "does your loop add, or does it assign?",
        dW_softmax=lambda q: np.outer(q.X[-1], q.slopes_softmax[-1]) / q.gradient_divisor,
        dW_svm=lambda q: np.outer(q.X[-1], q.slopes_svm[-1]) / q.gradient_divisor,
    ),
    softmax_bug(
        "softmax_twice",
        "the softmax is applied twice: the loss takes probabilities for scores; it should start "
        "from the scores",
        "is what you pass to the softmax already a softmax?",
        shifted=lambda q: _softmax(q.scores),
    ),
    bug(
        "true_class_of_other_sample",
        "the label is looked up with the number of the class (y[j]); it should be that of the "
        "sample (y[i])",
        "which index counts the samples?",
        others=lambda q: 1 - _looked_up_by_class(q),
        slopes_softmax=lambda q: q.p - _looked_up_by_class(q),
    ),
    svm_bug(
        "gradient_of_scores_not_weighted",
        "the gradient adds up samples whether or not their margin is missed",
        "which margins are in the loss?",
        missed=lambda q: q.others,
    ),
)


def _looked_up_by_class(q: Sheet) -> Any:
    """1 where class j is the label of sample j; IndexError when there are more classes."""
    return (q.y[np.arange(q.C)] == np.arange(q.C)) * np.ones((q.N, 1))


def _softmax(scores: Any) -> Any:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


NAIVE_LINEAR_BUGS: tuple[Bug, ...] = (
    *adopted(LINEAR_BUGS, NAIVE_LINEAR, _NAIVE),
    *adopted(MORE_LINEAR_BUGS, NAIVE_LINEAR, _NAIVE),
)
