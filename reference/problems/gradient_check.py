"""Gradient checks: problems.

A function cannot be handed to a student's code from outside; it is made by the student's own
``cubic_map`` from weights that are. Every entry of x has a part in every slope of its row, so that
a point which is not put back shows, and with a large h every mistake is large.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.bundle import Bound, Step, ValueTree
from reference.gradient_check import cubic_map, norm_ratio, numerical_gradient, relative_error
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

_PLAIN = frozenset({"plain"})
_INTEGERS = frozenset({"integers"})
_ZEROS = frozenset({"zeros"})
_TINY = frozenset({"tiny"})


def _differences(
    x: tuple[int, ...], outputs: tuple[int, ...], h: float, *, whole: bool = False
) -> Steps:
    """The gradient of ``cubic_map``'s function at a random x; ``outputs`` is () or (M,)."""

    def steps(draw: Draw) -> list[Step]:
        w = gaussian(draw, x[-1], *outputs, scale=0.5)
        at = draw.permutation(np.arange(1, np.prod(x) + 1)).reshape(x) % 4 - 2
        dout: ValueTree = gaussian(draw, *x[:-1], *outputs) if outputs else 1.0
        point = at.astype(np.int64) if whole else gaussian(draw, *x)
        return [
            Step("cubic_map", [w], "#f"),
            Step("numerical_gradient", [Bound("f"), point, dout, h], "dx"),
        ]

    return steps


def _compared(
    function: str, output: str, zeros: int = 0, shrunk: int = 0, *, signs: bool = False
) -> Steps:
    """Two gradients that differ a little, the second one slightly smaller.

    Args:
        function: what compares them.
        output: what it returns.
        zeros: so many entries are 0 in both.
        shrunk: both are divided by 2 to this power.
        signs: two entries differ in sign, and each is the larger one once.
    """

    def steps(draw: Draw) -> list[Step]:
        a = gaussian(draw, 3, 5)
        a += np.where(a > 0, 0.5, -0.5)  # so that only those that should differ in sign
        n = on_grid(0.875 * a + 0.0625 * draw.standard_normal(a.shape))
        if signs:
            size = 1 + np.abs(a[0, :2])
            a[0, :2], n[0, :2] = -size, size * [0.25, 8]
        for gradient in (a, n):
            gradient.flat[15 - zeros :] = 0
        return [Step(function, [a / 2.0**shrunk, n / 2.0**shrunk], output)]

    return steps


def _both_zero(_: Draw) -> list[Step]:
    return [Step("norm_ratio", [np.zeros((2, 2)), np.zeros((2, 2))], "ratio")]


NUMERICAL_GRADIENT = ProblemPlan(
    "numerical_gradient",
    "numerical gradient",
    "numerical_gradient",
    ("dx",),
    (
        CasePlan("number", "a function with one output", _PLAIN, _differences((5,), (), 0.25)),
        CasePlan("array", "a function with many outputs", _PLAIN, _differences((3, 4), (2,), 0.5)),
        CasePlan("usual", "h = 1e-5", _PLAIN, _differences((2, 3), (4,), 1e-5)),
        CasePlan(
            "whole", "x of whole numbers", _INTEGERS, _differences((2, 4), (3,), 0.25, whole=True)
        ),
    ),
)

RELATIVE_ERROR = ProblemPlan(
    "relative_error",
    "relative error of two gradients",
    "relative_error",
    ("error",),
    (
        CasePlan("plain", "two gradients", _PLAIN, _compared("relative_error", "error")),
        CasePlan(
            "signs",
            "some entries of opposite signs",
            _PLAIN,
            _compared("relative_error", "error", signs=True),
        ),
        CasePlan(
            "zeros", "some entries 0 in both", _ZEROS, _compared("relative_error", "error", zeros=4)
        ),
        CasePlan("tiny", "tiny entries", _TINY, _compared("relative_error", "error", shrunk=30)),
    ),
)

NORM_RATIO = ProblemPlan(
    "norm_ratio",
    "ratio of norms of two gradients",
    "norm_ratio",
    ("ratio",),
    (
        CasePlan("plain", "two gradients", _PLAIN, _compared("norm_ratio", "ratio")),
        CasePlan(
            "signs",
            "some entries of opposite signs",
            _PLAIN,
            _compared("norm_ratio", "ratio", signs=True),
        ),
        CasePlan("tiny", "tiny entries", _TINY, _compared("norm_ratio", "ratio", shrunk=30)),
        CasePlan("zeros", "both gradients 0", _ZEROS, _both_zero),
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (NUMERICAL_GRADIENT, RELATIVE_ERROR, NORM_RATIO)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    cubic_map,
    numerical_gradient,
    relative_error,
    norm_ratio,
)
