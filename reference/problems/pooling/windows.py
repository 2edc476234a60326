"""Problems of max and average pooling, which look through the same windows.

Pixels are all different, so a maximum is never a tie; one case has only negative pixels, which
shows a maximum that starts at 0. Windows of 2 by 2 with stride 2 hide mistakes where windows
overlap, and square windows those that exchange height and width: both kinds are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.bundle import Bound, Derivative, Step, ValueTree
from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.problems.images import ImageShape, distinct
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian


@dataclass(frozen=True)
class PoolShape:
    """Image (N, C, H, W); window (height, width)."""

    image: ImageShape
    window: tuple[int, int]
    stride: int
    negative: bool = False

    def forward(self, layer: str) -> Steps:
        """One call of the layer's forward function."""

        def steps(draw: Draw) -> list[Step]:
            x = distinct(draw, self.image, self.negative)
            height, width = self.window
            param: dict[str, ValueTree] = {
                "pool_height": height,
                "pool_width": width,
                "stride": self.stride,
            }
            return [Step(f"{layer}_forward", [x, param], ["out", "#cache"])]

        return steps

    def backward(self, layer: str) -> Steps:
        """The layer's forward function, and its backward function with the cache."""

        def steps(draw: Draw) -> list[Step]:
            forward = self.forward(layer)(draw)
            N, C, H, W = self.image
            HO = (H - self.window[0]) // self.stride + 1
            WO = (W - self.window[1]) // self.stride + 1
            dout = gaussian(draw, N, C, HO, WO)
            return [*forward, Step(f"{layer}_backward", [dout, Bound("cache")], "dx")]

        return steps


SQUARE = PoolShape((2, 3, 6, 8), (2, 2), stride=2)
GAPS = PoolShape((1, 4, 6, 11), (2, 3), stride=4)
OVERLAP = PoolShape((2, 3, 7, 9), (3, 3), stride=2)
WIDE = PoolShape((1, 4, 5, 7), (2, 3), stride=1)
NEGATIVE = PoolShape((3, 2, 6, 7), (3, 2), stride=1, negative=True)

_PLAIN = frozenset({"plain"})
_PLAIN_OVERLAP = frozenset({"plain", "overlap"})

_FORWARD = (
    ("square", "windows of 2 by 2, stride 2", _PLAIN, SQUARE),
    ("overlap", "overlapping windows of 3 by 3, stride 2", _PLAIN_OVERLAP, OVERLAP),
    ("wide", "a single image, windows of 2 by 3, stride 1", _PLAIN_OVERLAP, WIDE),
    ("negative", "negative pixels, windows of 3 by 2, stride 1", _PLAIN_OVERLAP, NEGATIVE),
)
_MISFITS = (
    ("rest", "windows that leave a rest of the image", PoolShape((2, 3, 7, 9), (2, 2), 2)),
    (
        "rest_in_width",
        "windows that leave a rest of the width only",
        PoolShape((2, 3, 7, 8), (3, 3), 2),
    ),
    ("too_large", "windows larger than the image", PoolShape((1, 2, 3, 5), (4, 2), 1)),
)
_BACKWARD = (
    ("square", "windows of 2 by 2, stride 2", "apart", SQUARE),
    ("gaps", "a single image, windows of 2 by 3, stride 4", "apart", GAPS),
    ("overlap", "overlapping windows of 3 by 3, stride 2", "overlap", OVERLAP),
    ("wide", "overlapping windows of 2 by 3, stride 1", "overlap", WIDE),
    (
        "negative",
        "negative pixels, overlapping windows of 3 by 2, stride 1",
        "overlap",
        NEGATIVE,
    ),
)


def _forward_problem(layer: str, title: str) -> ProblemPlan:
    plain = [
        CasePlan(name, category, tags, shape.forward(layer))
        for name, category, tags, shape in _FORWARD
    ]
    misfits = [
        CasePlan(name, category, frozenset({"does_not_fit"}), shape.forward(layer), "ValueError")
        for name, category, shape in _MISFITS
    ]
    return ProblemPlan(
        f"{layer}_forward",
        f"{title} forward",
        f"{layer}_forward",
        ("out",),
        (*plain, *misfits),
    )


def _backward_problem(layer: str, title: str) -> ProblemPlan:
    cases = [
        CasePlan(name, category, frozenset({tag}), shape.backward(layer))
        for name, category, tag, shape in _BACKWARD
    ]
    derivative = Derivative(value="out", step=0, outputs={"dx": (0, 0)}, upstream=(1, 0))
    return ProblemPlan(
        f"{layer}_backward",
        f"{title} backward",
        f"{layer}_backward",
        ("dx",),
        tuple(cases),
        derivative,
    )


MAX_POOL_FORWARD = _forward_problem("max_pool", "max pooling")
MAX_POOL_BACKWARD = _backward_problem("max_pool", "max pooling")
AVG_POOL_FORWARD = _forward_problem("avg_pool", "average pooling")
AVG_POOL_BACKWARD = _backward_problem("avg_pool", "average pooling")

PROBLEMS: tuple[ProblemPlan, ...] = (
    MAX_POOL_FORWARD,
    MAX_POOL_BACKWARD,
    AVG_POOL_FORWARD,
    AVG_POOL_BACKWARD,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    max_pool_forward,
    max_pool_backward,
    avg_pool_forward,
    avg_pool_backward,
)
