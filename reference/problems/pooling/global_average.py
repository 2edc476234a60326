"""Problems of global average pooling. N, C, H and W differ, so that a wrong divisor shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.bundle import Bound, Derivative, Step
from reference.layers.global_avg_pool import global_avg_pool_backward, global_avg_pool_forward
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian


def _forward(shape: ImageShape) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        x = gaussian(draw, *shape)
        return [Step("global_avg_pool_forward", [x], ["out", "#cache"])]

    return steps


def _backward(shape: ImageShape) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _forward(shape)(draw)
        dout = gaussian(draw, *shape[:2])
        return [*forward, Step("global_avg_pool_backward", [dout, Bound("cache")], "dx")]

    return steps


_CASES: tuple[tuple[str, str, ImageShape], ...] = (
    ("batch", "images of 4 by 5", (2, 3, 4, 5)),
    ("single", "a single image of 6 by 2", (1, 5, 6, 2)),
)
_PLAIN = frozenset({"plain"})

GLOBAL_AVG_POOL_FORWARD = ProblemPlan(
    "global_avg_pool_forward",
    "global average pooling forward",
    "global_avg_pool_forward",
    ("out",),
    tuple(CasePlan(name, words, _PLAIN, _forward(shape)) for name, words, shape in _CASES),
)

GLOBAL_AVG_POOL_BACKWARD = ProblemPlan(
    "global_avg_pool_backward",
    "global average pooling backward",
    "global_avg_pool_backward",
    ("dx",),
    tuple(CasePlan(name, words, _PLAIN, _backward(shape)) for name, words, shape in _CASES),
    Derivative(value="out", step=0, outputs={"dx": (0, 0)}, upstream=(1, 0)),
)

PROBLEMS: tuple[ProblemPlan, ...] = (GLOBAL_AVG_POOL_FORWARD, GLOBAL_AVG_POOL_BACKWARD)

FUNCTIONS: tuple[Callable[..., Any], ...] = (global_avg_pool_forward, global_avg_pool_backward)
