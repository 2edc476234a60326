"""Activations: problems.

Inputs keep away from the kink at 0, where more than one subgradient is right, and from ties of
maxout's maps. Slopes and alphas vary, so that a fixed one shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Derivative, Step, ValueTree
from reference.layers.elu import elu_backward, elu_forward
from reference.layers.leaky_relu import leaky_relu_backward, leaky_relu_forward
from reference.layers.maxout import maxout_backward, maxout_forward
from reference.layers.prelu import prelu_backward, prelu_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.layers.sigmoid import sigmoid_backward, sigmoid_forward
from reference.layers.tanh import tanh_backward, tanh_forward
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

Array = NDArray[Any]
Arguments: TypeAlias = Callable[[Draw], list[Any]]
"""Draws the arguments of a forward function, x first."""
Named: TypeAlias = tuple[str, str, frozenset[str], Arguments]
"""A case: id, category, tags, arguments."""

_PLAIN = frozenset({"plain"})
_IMAGES = frozenset({"images"})
_STABLE = frozenset({"stable"})
_STEEP = frozenset({"steep"})
_KINK = 1 / 16
_MARGIN = 0.02
"""By which the largest of maxout's maps leads: far more than a step of central differences."""
ROWS = (5, 7)
IMAGES = (2, 3, 4, 5)


# ------------------------------------------------------------------------------------- drawing
def off_zero(draw: Draw, *shape: int) -> Array:
    """Normal numbers of deviation 2, none nearer to 0 than 1/16."""
    x = gaussian(draw, *shape, scale=2)
    return np.asarray(x + np.where(x > 0, _KINK, -_KINK))


def _values(shape: tuple[int, ...], *parameters: ValueTree) -> Arguments:
    return lambda draw: [off_zero(draw, *shape), *parameters]


def _some_far_away(level: float, *parameters: ValueTree) -> Arguments:
    """Every third value is near ``level``, where an exponential overflows."""

    def arguments(draw: Draw) -> list[ValueTree]:
        x = off_zero(draw, *ROWS)
        x.flat[::3] += level
        return [x, *parameters]

    return arguments


def _with_slopes(shape: tuple[int, ...], low: float, high: float) -> Arguments:
    def arguments(draw: Draw) -> list[ValueTree]:
        alpha = np.round(draw.uniform(low, high, shape[1]) * 256) / 256
        return [off_zero(draw, *shape), alpha]

    return arguments


def _maps(N: int, D: int, M: int, K: int) -> Arguments:
    """x, w and b; drawn again until no two maps come near to each other at the top.

    Some outputs of a batch are negative, so that a ReLU shows.
    """

    def arguments(draw: Draw) -> list[ValueTree]:
        while True:
            x, w = gaussian(draw, N, D), gaussian(draw, K, D, M, scale=0.6)
            b = gaussian(draw, K, M)
            maps = np.sort(x @ w + b[:, np.newaxis], axis=0)
            clear = (maps[-1] - maps[-2]).min() > _MARGIN
            if clear and (N == 1 or maps[-1].min() < -_KINK):
                return [x, w, b]

    return arguments


# --------------------------------------------------------------------------------------- cases
def _forward(name: str, arguments: Arguments) -> Steps:
    return lambda draw: [Step(f"{name}_forward", arguments(draw), ["out", "#cache"])]


def _backward(name: str, arguments: Arguments, gradients: tuple[str, ...]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        args = arguments(draw)
        x, last = np.shape(args[0]), np.shape(args[-1])
        out = (x[0], last[-1]) if name == "maxout" else x
        returns: Any = list(gradients) if len(gradients) > 1 else gradients[0]
        back = Step(f"{name}_backward", [gaussian(draw, *out), Bound("cache")], returns)
        return [Step(f"{name}_forward", args, ["out", "#cache"]), back]

    return steps


def _pair(
    name: str, title: str, cases: Iterable[Named], gradients: tuple[str, ...] = ("dx",)
) -> tuple[ProblemPlan, ProblemPlan]:
    """The forward problem and the backward problem of an activation, with the same cases.

    ``gradients`` are those of the forward function's arguments, in their order.
    """
    listed = list(cases)
    forward = ProblemPlan(
        f"{name}_forward",
        f"{title} forward",
        f"{name}_forward",
        ("out",),
        tuple(
            CasePlan(id_, category, tags, _forward(name, arguments))
            for id_, category, tags, arguments in listed
        ),
    )
    backward = ProblemPlan(
        f"{name}_backward",
        f"{title} backward",
        f"{name}_backward",
        gradients,
        tuple(
            CasePlan(id_, category, tags, _backward(name, arguments, gradients))
            for id_, category, tags, arguments in listed
        ),
        Derivative(
            value="out",
            step=0,
            outputs={gradient: (0, place) for place, gradient in enumerate(gradients)},
            upstream=(1, 0),
        ),
    )
    return forward, backward


# ------------------------------------------------------------------------------------ problems
_ROWS: Named = ("rows", "a matrix", _PLAIN, _values(ROWS))
_PICTURES: Named = ("images", "images", _IMAGES, _values(IMAGES))
_HIGH: Named = ("high", "some inputs near 1000", _STABLE, _some_far_away(1000.0))
_LOW: Named = ("low", "some inputs near -1000", _STABLE, _some_far_away(-1000.0))

PROBLEMS: tuple[ProblemPlan, ...] = (
    *_pair("relu", "ReLU", (_ROWS, _PICTURES)),
    *_pair(
        "leaky_relu",
        "leaky ReLU",
        (
            ("lecture", "slope 0.1", _PLAIN, _values(ROWS, 0.1)),
            ("steeper", "slope 0.3", _PLAIN, _values(ROWS, 0.3)),
            ("images", "images, slope 0.05", _IMAGES, _values(IMAGES, 0.05)),
        ),
    ),
    *_pair(
        "prelu",
        "PReLU",
        (
            ("rows", "a matrix, a slope a column", _PLAIN, _with_slopes(ROWS, 0.05, 0.9)),
            (
                "square",
                "images with as many columns as channels",
                _IMAGES,
                _with_slopes((2, 4, 3, 4), -0.9, 0.9),
            ),
            ("images", "images, a slope a channel", _IMAGES, _with_slopes(IMAGES, 0.05, 0.9)),
            ("steep", "slopes above 1", _STEEP, _with_slopes(ROWS, 1.25, 2)),
        ),
        ("dx", "dalpha"),
    ),
    *_pair(
        "elu",
        "ELU",
        (
            ("usual", "alpha 1", _PLAIN, _values(ROWS, 1.0)),
            ("weak", "alpha 0.4", _PLAIN, _values(ROWS, 0.4)),
            ("images", "images, alpha 1.5", _IMAGES, _values(IMAGES, 1.5)),
            ("high", "some inputs near 1000", _STABLE, _some_far_away(1000.0, 0.7)),
        ),
    ),
    *_pair("sigmoid", "sigmoid", (_ROWS, _PICTURES, _HIGH, _LOW)),
    *_pair("tanh", "tanh", (_ROWS, _PICTURES, _HIGH, _LOW)),
    *_pair(
        "maxout",
        "maxout",
        (
            ("lecture", "two maps", _PLAIN, _maps(5, 4, 3, K=2)),
            ("four_maps", "four maps", _PLAIN, _maps(6, 3, 5, K=4)),
            ("single", "a single sample", _PLAIN, _maps(1, 5, 4, K=3)),
        ),
        ("dx", "dw", "db"),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    relu_forward,
    relu_backward,
    leaky_relu_forward,
    leaky_relu_backward,
    prelu_forward,
    prelu_backward,
    elu_forward,
    elu_backward,
    sigmoid_forward,
    sigmoid_backward,
    tanh_forward,
    tanh_backward,
    maxout_forward,
    maxout_backward,
)
