"""Problems of the linear classifiers.

N, D and C differ pairwise, so that a wrong divisor shows in a ratio of its own. No margin of the
hinge loss is nearer to its kink than central differences step, and some samples miss several.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Derivative, Setting, Step, Tolerance
from reference.classifiers.linear import (
    linear_predict,
    linear_softmax_loss,
    linear_svm_loss,
    train_linear_softmax,
    train_linear_svm,
)
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian
from reference.problems.two_layer import bears_an_epsilon, draw_labels

Array = NDArray[Any]
Shape = tuple[int, int, int]
"""(N, D, C)."""

_PLAIN = frozenset({"plain"})
_L2 = frozenset({"l2"})
_KINK = 1e-3
"""Least distance of a margin from 0: a hundred times the step of central differences."""
# For the epsilon that is taught against log(0): no mistake in ordinary numbers.
EPSILON = Tolerance(rtol=1e-4, atol=1e-4)
_WHOLE = Setting("l2_penalty", "whole", "the penalty is reg times the sum of squares")
_HALF = Setting("l2_penalty", "half", "the penalty is half of reg times the sum of squares")


def halved(plan: ProblemPlan) -> ProblemPlan:
    """The plan as it is, and with half the penalty."""
    other = replace(plan, setting=_HALF, changes={"l2": lambda _: 0.5})
    return replace(plan, setting=_WHOLE, alternatives=(other,))


def _data(draw: Draw, shape: Shape) -> tuple[Array, Array, Array]:
    """W, X, y, drawn again until the margins keep away from the kink and are of all kinds.

    No true class is so improbable that a usual epsilon in the logarithm shows.
    """
    N, D, C = shape
    while True:
        W, X = gaussian(draw, D, C, scale=0.6), gaussian(draw, N, D)
        y = draw_labels(draw, N, np.arange(C))
        scores = X @ W
        rows = np.arange(N)
        gaps = scores - scores[rows, y][:, np.newaxis] + 1
        gaps[rows, y] = -1
        missed = (gaps > 0).sum(axis=1)
        clear = np.abs(gaps).min() > _KINK and np.diff(np.sort(scores, axis=1)).min() > _KINK
        usual = bears_an_epsilon(scores, y)
        if clear and usual and missed.max() >= 2 and missed.min() < C - 1:
            return W, X, y


def _loss(function: str, shape: Shape, reg: float) -> Steps:
    return lambda draw: [Step(function, [*_data(draw, shape), reg], ["loss", "dW"])]


def _predict(shape: Shape) -> Steps:
    return lambda draw: [Step("linear_predict", list(_data(draw, shape)[:2]), "labels")]


def _train(function: str, shape: Shape, batches: tuple[int, int], rate: float, reg: float) -> Steps:
    """T steps with batches of B samples that are drawn without repetition."""

    def steps(draw: Draw) -> list[Step]:
        W, X, y = _data(draw, shape)
        T, B = batches
        chosen = np.stack([_foreign(draw, y, B) for _ in range(T)])
        return [Step(function, [W, X, y, chosen, rate, reg], ["W", "losses"])]

    return steps


def _foreign(draw: Draw, y: Array, B: int) -> Array:
    """B samples whose labels are not those of the first B, in order."""
    while True:
        batch = draw.permutation(len(y))[:B].astype(np.int64)
        if (y[batch] != y[:B]).any():
            return batch


def _loss_problem(function: str, title: str) -> ProblemPlan:
    return halved(
        ProblemPlan(
            function,
            title,
            function,
            ("loss", "dW"),
            (
                CasePlan("plain", "no regularisation", _PLAIN, _loss(function, (7, 5, 4), 0.0)),
                CasePlan("l2", "reg = 0.1", _L2, _loss(function, (6, 4, 3), 0.1)),
                CasePlan(
                    "strong", "a single sample, reg = 0.5", _L2, _loss(function, (1, 5, 4), 0.5)
                ),
            ),
            Derivative(value="loss", step=0, outputs={"dW": (0, 0)}),
            looser={"loss": EPSILON} if "softmax" in function else {},
        )
    )


def _training_problem(function: str, title: str) -> ProblemPlan:
    return halved(
        ProblemPlan(
            function,
            title,
            function,
            ("W", "losses"),
            (
                CasePlan(
                    "long",
                    "3 steps with 3 samples each",
                    _PLAIN,
                    _train(function, (9, 4, 3), (3, 3), 0.25, 0.1),
                ),
                CasePlan(
                    "short",
                    "2 steps with 4 samples each",
                    _PLAIN,
                    _train(function, (7, 5, 4), (2, 4), 0.5, 0.05),
                ),
            ),
            looser={"losses": EPSILON} if "softmax" in function else {},
        )
    )


PROBLEMS: tuple[ProblemPlan, ...] = (
    _loss_problem("linear_softmax_loss", "softmax regression: loss and gradient"),
    _loss_problem("linear_svm_loss", "linear support vector machine: loss and gradient"),
    ProblemPlan(
        "linear_predict",
        "prediction of a linear classifier",
        "linear_predict",
        ("labels",),
        (
            CasePlan("seven", "7 samples, 4 classes", _PLAIN, _predict((7, 5, 4))),
            CasePlan("nine", "9 samples, 3 classes", _PLAIN, _predict((9, 4, 3))),
        ),
    ),
    _training_problem("train_linear_softmax", "training softmax regression"),
    _training_problem("train_linear_svm", "training a linear support vector machine"),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    linear_softmax_loss,
    linear_svm_loss,
    linear_predict,
    train_linear_softmax,
    train_linear_svm,
)
