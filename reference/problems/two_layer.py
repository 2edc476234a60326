"""Problems of the two-layer classifier.

N, D, H and C differ pairwise in every case, so that a wrong axis shows in a shape and a wrong
divisor (N, C, N C, 2) in a ratio of its own. Hidden units keep away from the ReLU's kink.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Derivative, Step, Tolerance
from reference import two_layer_net
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

Array = NDArray[Any]
Net = tuple[dict[str, Array], Array]
Shape = tuple[int, int, int, int]
"""(N, D, H, C)."""

HOMEWORK: Shape = (11, 8, 6, 4)
OTHER: Shape = (7, 5, 9, 3)
SINGLE: Shape = (1, 8, 5, 4)
_KINK = 1e-3
"""Least distance of a hidden unit from 0: a hundred times the step of central differences."""
_LOSS_TOLERANCE = Tolerance(rtol=1e-4, atol=1e-4)
_USUAL_EPSILON = 1e-7


# ------------------------------------------------------------------------------------- drawing
def draw_net(draw: Draw, shape: Shape, kink: float = _KINK) -> Net:
    """Parameters and X, drawn again until no hidden unit is nearer to 0 than ``kink``."""
    N, D, H, C = shape
    while True:
        params = {
            "W1": gaussian(draw, D, H, scale=0.6),
            "b1": gaussian(draw, H, scale=0.5),
            "W2": gaussian(draw, H, C, scale=0.7),
            "b2": gaussian(draw, C, scale=0.5),
        }
        X = gaussian(draw, N, D)
        z1 = X @ params["W1"] + params["b1"]
        if np.abs(z1).min() > kink and (z1 > 0).any() and (z1 < 0).any():
            return params, X


def draw_labels(draw: Draw, N: int, classes: Array) -> Array:
    """N labels in random order, in which each class occurs (if N allows)."""
    return draw.permutation(np.resize(draw.permutation(classes), N)).astype(np.int64)


# --------------------------------------------------------------------------------------- steps
def _forward(shape: Shape) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        params, X = draw_net(draw, shape)
        return [Step("forward", [dict(params), X], "scores")]

    return steps


def _loss_step(net: Net, y: Array, reg: float) -> list[Step]:
    params, X = net
    gradients = {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}
    return [Step("loss", [dict(params), X, y, reg], ["loss", dict(gradients)])]


def _loss(shape: Shape, reg: float = 0.0, absent: int = 0, kink: float = _KINK) -> Steps:
    """Loss and gradients; ``absent`` classes have no sample."""

    def steps(draw: Draw) -> list[Step]:
        N, C = shape[0], shape[3]
        present = draw.permutation(C)[absent:]
        return _loss_step(draw_net(draw, shape, kink), draw_labels(draw, N, present), reg)

    return steps


def _ordinary(steps: Steps) -> Steps:
    """Drawn again until no true class is so improbable that a usual epsilon shows in the loss.

    log(p + 1e-8), or 1e-7 as Keras has it, is what many courses teach against log(0). Whether it
    costs points must not depend on the seed: in numbers like these it never does.
    """

    def drawn(draw: Draw) -> list[Step]:
        while True:
            found = steps(draw)
            params, X, y, _ = cast("tuple[dict[str, Array], Array, Array, float]", found[0].args)
            if bears_an_epsilon(scores_of(params, X), y):
                return found

    return drawn


def scores_of(params: dict[str, Array], X: Array) -> Array:
    """The net's scores (N, C)."""
    scores: Array = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    return scores


def bears_an_epsilon(scores: Array, y: Array) -> bool:
    """Whether no true class is so improbable that a usual epsilon shows in the loss."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = exponentials[np.arange(len(y)), y] / exponentials.sum(axis=1)
    shift = float(np.mean(np.log1p(_USUAL_EPSILON / p)))
    allowed = _LOSS_TOLERANCE.atol - _LOSS_TOLERANCE.rtol * float(np.mean(np.log(p)))
    return shift < 0.8 * allowed  # some room for what else differs


def _near(level: float) -> Steps:
    """All scores near ``level``, so that exp overflows or underflows without a shift."""

    def steps(draw: Draw) -> list[Step]:
        N, _, _, C = HOMEWORK
        params, X = draw_net(draw, HOMEWORK)
        params["b2"] = params["b2"] + level
        return _loss_step((params, X), draw_labels(draw, N, draw.permutation(C)[1:]), 0.0)

    return steps


def _rows_far_apart(draw: Draw) -> list[Step]:
    """Some samples have all scores near 1000, the others near -1000: two hidden units do that."""
    params, X = draw_net(draw, HOMEWORK)
    N, D, H, C = HOMEWORK
    X[:, 0] = 10 * draw.permutation(np.where(np.arange(N) % 2, 1, -1))
    params["W1"][0] = gaussian(draw, H, scale=0.03)
    for unit, sign in ((0, 1), (1, -1)):
        params["W1"][:, unit] = 10 * sign * np.eye(D)[0]
        params["b1"][unit] = 0.125
        params["W2"][unit] = 10 * sign + gaussian(draw, C, scale=0.01)
    return _loss_step((params, X), draw_labels(draw, N, np.arange(C)), 0.0)


def _classes_far_apart(draw: Draw) -> list[Step]:
    """In each row two scores are near 1000 and two near -1000; the true class may be either."""
    params, X = draw_net(draw, HOMEWORK)
    params["b2"] = params["b2"] + draw.permutation([1000.0, 1000.0, -1000.0, -1000.0])
    return _loss_step((params, X), draw_labels(draw, HOMEWORK[0], np.arange(4)), 0.0)


def _predict(shape: Shape) -> Steps:
    """Rows in which the largest score leads by at least 0.1."""

    def steps(draw: Draw) -> list[Step]:
        N, D, H, C = shape
        while True:
            params, X = draw_net(draw, (4 * N, D, H, C), kink=0)
            scores = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
            second, first = np.sort(scores, axis=1)[:, -2:].T
            X = X[first - second > 0.1]
            if len(X) >= N:
                return [Step("predict", [dict(params), X[:N]], "labels")]

    return steps


# -------------------------------------------------------------------------------- the problems
_PLAIN = frozenset({"plain"})
_L2 = frozenset({"l2"})
_STABLE = frozenset({"stable"})
# Kept apart from "stable": a softmax that is shifted and then logged gives log(0) here, as the one
# that some courses hand out does. It tells mistakes apart, and an assignment may charge it or not.
_EXTREME = frozenset({"extreme"})
_GRADCHECK = frozenset({"gradcheck"})

TWO_LAYER_FORWARD = ProblemPlan(
    "two_layer_forward",
    "scores of the two-layer net",
    "forward",
    ("scores",),
    (
        CasePlan("homework", "8 inputs, 4 classes", _PLAIN, _forward(HOMEWORK)),
        CasePlan("other_shape", "5 inputs, 3 classes", _PLAIN, _forward(OTHER)),
        CasePlan("single", "a single sample", _PLAIN, _forward(SINGLE)),
    ),
)

TWO_LAYER_LOSS = ProblemPlan(
    "two_layer_loss",
    "loss of the two-layer net, and its gradient",
    "loss",
    ("loss", "dW1", "db1", "dW2", "db2"),
    (
        CasePlan("homework", "8 inputs, 4 classes", _PLAIN, _ordinary(_loss(HOMEWORK, absent=1))),
        CasePlan("other_shape", "5 inputs, 3 classes", _PLAIN, _ordinary(_loss(OTHER))),
        CasePlan("single", "a single sample", _PLAIN, _ordinary(_loss(SINGLE))),
        CasePlan("l2", "with L2", _L2, _ordinary(_loss((7, 8, 5, 4), 0.375, absent=1))),
        CasePlan("l2_weak", "with weak L2", _L2, _ordinary(_loss((5, 6, 9, 3), 0.0625))),
        CasePlan("high", "all scores near 1000", _STABLE, _ordinary(_near(1000.0))),
        CasePlan("low", "all scores near -1000", _STABLE, _ordinary(_near(-1000.0))),
        CasePlan(
            "rows",
            "some samples' scores near 1000, others' near -1000",
            _STABLE,
            _ordinary(_rows_far_apart),
        ),
        CasePlan(
            "classes", "scores near 1000 and near -1000 in one sample", _EXTREME, _classes_far_apart
        ),
        CasePlan("check", "a small batch", _GRADCHECK, _ordinary(_loss((5, 8, 6, 4), kink=0.01))),
        CasePlan(
            "check_l2",
            "a small batch, with L2",
            _GRADCHECK,
            _ordinary(_loss((6, 5, 7, 3), 0.2, kink=0.01)),
        ),
    ),
    Derivative(
        value="loss",
        step=0,
        outputs={
            "dW1": (0, 0, "W1"),
            "db1": (0, 0, "b1"),
            "dW2": (0, 0, "W2"),
            "db2": (0, 0, "b2"),
        },
    ),
    # For the epsilon that is taught against log(0): no mistake in ordinary numbers.
    looser={"loss": _LOSS_TOLERANCE},
)

TWO_LAYER_PREDICT = ProblemPlan(
    "two_layer_predict",
    "classes that the two-layer net predicts",
    "predict",
    ("labels",),
    (
        CasePlan("homework", "8 inputs, 4 classes", _PLAIN, _predict((23, 8, 6, 4))),
        CasePlan("other_shape", "5 inputs, 3 classes", _PLAIN, _predict((17, 5, 9, 3))),
        CasePlan("single", "a single sample", _PLAIN, _predict(SINGLE)),
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (TWO_LAYER_FORWARD, TWO_LAYER_LOSS, TWO_LAYER_PREDICT)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    two_layer_net.forward,
    two_layer_net.loss,
    two_layer_net.predict,
)
