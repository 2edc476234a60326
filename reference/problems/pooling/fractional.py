"""Problems of fractional max pooling.

Boundaries are 1 or 2 pixels apart, in an order that the seed decides; H and W differ, and so do
the numbers of regions. Disjoint and overlapping regions are there, and pixels that are all
negative; no two pixels are nearly equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.bundle import Bound, Derivative, Step, ValueTree
from reference.layers.fractional_boundaries import fractional_boundaries
from reference.layers.fractional_max_pool import (
    fractional_max_pool_backward,
    fractional_max_pool_forward,
)
from reference.problems.images import ImageShape, distinct
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian


@dataclass(frozen=True)
class FractionalShape:
    """Image (N, C, H, W); regions (down, across)."""

    image: ImageShape
    regions: tuple[int, int]
    overlapping: bool
    negative: bool = False

    def forward(self, draw: Draw) -> list[Step]:
        """One call of fractional_max_pool_forward."""
        x = distinct(draw, self.image, self.negative)
        ends = [size - self.overlapping for size in self.image[2:]]
        rows, cols = (
            boundaries(draw, end, count) for end, count in zip(ends, self.regions, strict=True)
        )
        param: dict[str, ValueTree] = {
            "rows": [*rows],
            "cols": [*cols],
            "overlapping": self.overlapping,
        }
        return [Step("fractional_max_pool_forward", [x, param], ["out", "#cache"])]

    def backward(self, draw: Draw) -> list[Step]:
        """fractional_max_pool_forward, and its backward function with the cache."""
        forward = self.forward(draw)
        dout = gaussian(draw, *self.image[:2], *self.regions)
        return [*forward, Step("fractional_max_pool_backward", [dout, Bound("cache")], "dx")]


def boundaries(draw: Draw, end: int, regions: int) -> list[int]:
    """Increasing integers from 0 to ``end``, 1 or 2 apart in random order: regions + 1.

    A list, as whoever moves arrays at random (to see whether the output depends on them) leaves
    lists alone: moved boundaries fit no image.
    """
    apart = np.where(np.arange(regions) < end - regions, 2, 1)
    return [0, *np.cumsum(draw.permutation(apart)).tolist()]


DISJOINT = FractionalShape((2, 3, 7, 9), (5, 6), overlapping=False)
OVERLAPPING = FractionalShape((2, 3, 7, 9), (4, 5), overlapping=True)
NEGATIVE = FractionalShape((1, 4, 8, 6), (5, 4), overlapping=False, negative=True)
NEGATIVE_OVERLAPPING = FractionalShape((1, 4, 6, 8), (3, 5), overlapping=True, negative=True)

_CASES = (
    ("disjoint", "disjoint regions", "apart", DISJOINT),
    ("overlapping", "overlapping regions", "overlap", OVERLAPPING),
    ("negative", "a single image, negative pixels, disjoint regions", "apart", NEGATIVE),
    (
        "negative_overlapping",
        "a single image, negative pixels, overlapping regions",
        "overlap",
        NEGATIVE_OVERLAPPING,
    ),
)


def _pseudorandom(size: int, regions: int) -> Steps:
    """A number u for which neither rounding decides, nor leaving u or its factor out is right."""

    def steps(draw: Draw) -> list[Step]:
        alpha, i = size / regions, np.arange(regions + 1)
        while True:
            u = round(draw.uniform(0.05, 0.95), 3)
            places = alpha * (i + u), alpha * i, alpha * i + u
            ways = {tuple(np.ceil(place) - np.ceil(place[0])) for place in places}
            if len(ways) == 3 and np.abs(places[0] - np.round(places[0])).min() > 1e-6:
                return [Step("fractional_boundaries", [size, regions, u], "boundaries")]

    return steps


FRACTIONAL_BOUNDARIES = ProblemPlan(
    "fractional_boundaries",
    "boundaries of fractional max pooling",
    "fractional_boundaries",
    ("boundaries",),
    tuple(
        CasePlan(f"{size}_to_{regions}", words, frozenset({"plain"}), _pseudorandom(size, regions))
        for size, regions, words in (
            (7, 4, "7 pixels, 4 regions"),
            (13, 8, "13 pixels, 8 regions"),
            (17, 7, "17 pixels, 7 regions"),
        )
    ),
)

FRACTIONAL_MAX_POOL_FORWARD = ProblemPlan(
    "fractional_max_pool_forward",
    "fractional max pooling forward",
    "fractional_max_pool_forward",
    ("out",),
    tuple(CasePlan(i, words, frozenset({tag}), shape.forward) for i, words, tag, shape in _CASES),
)

FRACTIONAL_MAX_POOL_BACKWARD = ProblemPlan(
    "fractional_max_pool_backward",
    "fractional max pooling backward",
    "fractional_max_pool_backward",
    ("dx",),
    tuple(CasePlan(i, words, frozenset({tag}), shape.backward) for i, words, tag, shape in _CASES),
    Derivative(value="out", step=0, outputs={"dx": (0, 0)}, upstream=(1, 0)),
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    FRACTIONAL_BOUNDARIES,
    FRACTIONAL_MAX_POOL_FORWARD,
    FRACTIONAL_MAX_POOL_BACKWARD,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    fractional_boundaries,
    fractional_max_pool_forward,
    fractional_max_pool_backward,
)
