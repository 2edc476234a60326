"""Losses and penalties: problems.

N and C differ in every case, so that a wrong axis shows in a shape and a wrong divisor in a ratio.
No margin of the hinge loss, and no weight, is near its kink. Where an epsilon in the logarithm is
harmless (the tags ``plain`` and ``stable``), it never shows: no true class is so improbable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Derivative, Setting, Step, Tolerance
from reference.bugs.sheet import Formula
from reference.losses.elastic_net import elastic_net
from reference.losses.l1_penalty import l1_penalty
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss
from reference.losses.svm import svm_loss
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

Array = NDArray[Any]
_KINK = 1 / 16
_LOSS_TOLERANCE = Tolerance(rtol=1e-4, atol=1e-4)
_LEAST_LN_P = -5.0
"""Of true classes: 1e-7 added to exp(-5) moves the loss by 1.5e-5, within its tolerance."""

_PLAIN = frozenset({"plain"})
_STABLE = frozenset({"stable"})
# A softmax that is shifted and then logged, as some courses hand out, gives ln 0 here.
_EXTREME = frozenset({"extreme"})


# ------------------------------------------------------------------------------------- drawing
def _labels(draw: Draw, N: int, C: int, absent: int) -> Array:
    """N labels in random order; each class but ``absent`` of them occurs, if N allows."""
    classes = draw.permutation(C)[absent:]
    return np.asarray(draw.permutation(np.resize(classes, N)).astype(np.int64))


def _softmax(N: int, C: int, absent: int = 0, shift: Callable[[Draw], Any] | None = None) -> Steps:
    """Scores and labels; ``shift`` gives what is added to them."""

    def steps(draw: Draw) -> list[Step]:
        while True:
            x, y = gaussian(draw, N, C, scale=1.5), _labels(draw, N, C, absent)
            ln_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
            if ln_p[np.arange(N), y].min() > _LEAST_LN_P:
                moved = x if shift is None else x + shift(draw)
                return [Step("softmax_loss", [moved, y], ["loss", "dx"])]

    return steps


def _rows_far_apart(draw: Draw) -> Array:
    """Some samples near 1000, the others near -1000."""
    return 1000.0 * draw.permutation(np.where(np.arange(6) % 2, 1, -1))[:, np.newaxis]


def _classes_far_apart(draw: Draw) -> Array:
    return 1000.0 * draw.permutation([1, 1, -1, -1])


def _hinge(N: int, C: int, absent: int = 0, shift: float = 0.0) -> Steps:
    """Drawn again until no margin is near 0, some are missed, some met, and a sample is right."""

    def steps(draw: Draw) -> list[Step]:
        while True:
            x, y = gaussian(draw, N, C, scale=2) + shift, _labels(draw, N, C, absent)
            margin = x - x[np.arange(N), y][:, np.newaxis] + 1
            margin[np.arange(N), y] = -9
            missed = (margin > 0).sum(axis=1)
            various = N == 1 or ((missed == 0).any() and (missed > 1).any())
            if np.abs(margin).min() > _KINK and various and missed.any() and missed.min() < C - 1:
                return [Step("svm_loss", [x, y], ["loss", "dx"])]

    return steps


def _penalty(name: str, *shape: int, reg: float, beta: float | None = None) -> Steps:
    parameters = [reg] if beta is None else [reg, beta]

    def steps(draw: Draw) -> list[Step]:
        w = gaussian(draw, *shape)
        w = w + np.where(w > 0, _KINK, -_KINK)
        # A sum below 0, so that it differs from its absolute value.
        return [Step(name, [-w if w.sum() > 0 else w, *parameters], ["penalty", "dw"])]

    return steps


# ------------------------------------------------------------------------------------ problems
_OF_SCORES = Derivative(value="loss", step=0, outputs={"dx": (0, 0)})
_OF_WEIGHTS = Derivative(value="penalty", step=0, outputs={"dw": (0, 0)})

SOFTMAX_LOSS = ProblemPlan(
    "softmax_loss",
    "softmax cross-entropy, and its gradient",
    "softmax_loss",
    ("loss", "dx"),
    (
        CasePlan("batch", "7 samples, 4 classes", _PLAIN, _softmax(7, 4, absent=1)),
        CasePlan("other_shape", "5 samples, 3 classes", _PLAIN, _softmax(5, 3)),
        CasePlan("single", "a single sample", _PLAIN, _softmax(1, 4)),
        CasePlan("high", "all scores near 1000", _STABLE, _softmax(7, 4, 1, lambda _: 1000.0)),
        CasePlan("low", "all scores near -1000", _STABLE, _softmax(7, 4, 1, lambda _: -1000.0)),
        CasePlan(
            "rows",
            "some samples' scores near 1000, others' near -1000",
            _STABLE,
            _softmax(6, 4, shift=_rows_far_apart),
        ),
        CasePlan(
            "classes",
            "scores near 1000 and near -1000 in one sample",
            _EXTREME,
            _softmax(7, 4, shift=_classes_far_apart),
        ),
    ),
    _OF_SCORES,
    # For the epsilon that is taught against log(0): no mistake in ordinary numbers.
    looser={"loss": _LOSS_TOLERANCE},
)

SVM_LOSS = ProblemPlan(
    "svm_loss",
    "multiclass hinge loss, and its gradient",
    "svm_loss",
    ("loss", "dx"),
    (
        CasePlan("batch", "7 samples, 4 classes", _PLAIN, _hinge(7, 4, absent=1)),
        CasePlan("other_shape", "6 samples, 5 classes", _PLAIN, _hinge(6, 5)),
        CasePlan("single", "a single sample", _PLAIN, _hinge(1, 5)),
        CasePlan("high", "all scores near 1000", _PLAIN, _hinge(5, 3, shift=1000.0)),
    ),
    _OF_SCORES,
)


def _l2_plan(
    setting: Setting, alternatives: tuple[ProblemPlan, ...] = (), **changes: Formula
) -> ProblemPlan:
    return ProblemPlan(
        "l2_penalty",
        "L2 penalty, and its gradient",
        "l2_penalty",
        ("penalty", "dw"),
        (
            CasePlan("matrix", "a matrix", _PLAIN, _penalty("l2_penalty", 3, 4, reg=0.375)),
            CasePlan("weak", "a weak penalty", _PLAIN, _penalty("l2_penalty", 5, 2, reg=0.0625)),
        ),
        _OF_WEIGHTS,
        setting=setting,
        changes=changes,
        alternatives=alternatives,
    )


_HALVED = _l2_plan(
    Setting("l2_penalty", "half", "the penalty is half of reg times the sum of squares"),
    strength=lambda q: 0.5 * q.reg,
)

L2_PENALTY = _l2_plan(
    Setting("l2_penalty", "whole", "the penalty is reg times the sum of squares, not halved"),
    (_HALVED,),
)

L1_PENALTY = ProblemPlan(
    "l1_penalty",
    "L1 penalty, and its gradient",
    "l1_penalty",
    ("penalty", "dw"),
    (
        CasePlan("matrix", "a matrix", _PLAIN, _penalty("l1_penalty", 3, 4, reg=0.375)),
        CasePlan("weak", "a weak penalty", _PLAIN, _penalty("l1_penalty", 5, 2, reg=0.0625)),
    ),
    _OF_WEIGHTS,
)

ELASTIC_NET = ProblemPlan(
    "elastic_net",
    "elastic net, and its gradient",
    "elastic_net",
    ("penalty", "dw"),
    (
        CasePlan(
            "mostly_l1", "beta 0.25", _PLAIN, _penalty("elastic_net", 3, 4, reg=0.375, beta=0.25)
        ),
        CasePlan("mostly_l2", "beta 3", _PLAIN, _penalty("elastic_net", 5, 2, reg=0.125, beta=3.0)),
    ),
    _OF_WEIGHTS,
)

PROBLEMS: tuple[ProblemPlan, ...] = (SOFTMAX_LOSS, SVM_LOSS, L2_PENALTY, L1_PENALTY, ELASTIC_NET)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    softmax_loss,
    svm_loss,
    l2_penalty,
    l1_penalty,
    elastic_net,
)
