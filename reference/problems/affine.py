"""The affine layer: problems.

All sizes of a case differ, except in ``square``: there a matrix that is transposed by mistake still
gives an answer, which can be recognised. It comes first, before those in which nothing fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.bundle import Bound, Derivative, Step
from reference.layers.affine import affine_backward, affine_forward
from reference.problems.plan import CasePlan, Draw, ProblemPlan, gaussian


@dataclass(frozen=True)
class AffineShape:
    """x (N, d_1, ..., d_k) with D values a sample; M outputs."""

    x: tuple[int, ...]
    M: int

    def forward(self, draw: Draw) -> list[Step]:
        """One call of affine_forward."""
        D = 1
        for size in self.x[1:]:
            D *= size
        x, w = gaussian(draw, *self.x), gaussian(draw, D, self.M, scale=0.5)
        return [Step("affine_forward", [x, w, gaussian(draw, self.M)], ["out", "#cache"])]

    def backward(self, draw: Draw) -> list[Step]:
        """affine_forward, and affine_backward with its cache."""
        forward = self.forward(draw)
        dout = gaussian(draw, self.x[0], self.M)
        return [*forward, Step("affine_backward", [dout, Bound("cache")], ["dx", "dw", "db"])]


ROWS = AffineShape((5, 6), 4)
IMAGES = AffineShape((3, 2, 4, 3), 5)
SINGLE = AffineShape((1, 7), 3)
SQUARE = AffineShape((3, 4), 4)

_PLAIN = frozenset({"plain"})
_IMAGES = frozenset({"images"})

AFFINE_FORWARD = ProblemPlan(
    "affine_forward",
    "affine layer forward",
    "affine_forward",
    ("out",),
    (
        CasePlan("square", "as many outputs as inputs", _PLAIN, SQUARE.forward),
        CasePlan("rows", "5 samples of 6 values", _PLAIN, ROWS.forward),
        CasePlan("single", "a single sample", _PLAIN, SINGLE.forward),
        CasePlan("images", "samples with three axes", _IMAGES, IMAGES.forward),
    ),
)

AFFINE_BACKWARD = ProblemPlan(
    "affine_backward",
    "affine layer backward",
    "affine_backward",
    ("dx", "dw", "db"),
    (
        CasePlan("square", "as many outputs as inputs", _PLAIN, SQUARE.backward),
        CasePlan("rows", "5 samples of 6 values", _PLAIN, ROWS.backward),
        CasePlan("single", "a single sample", _PLAIN, SINGLE.backward),
        CasePlan("images", "samples with three axes", _IMAGES, IMAGES.backward),
    ),
    Derivative(
        value="out", step=0, outputs={"dx": (0, 0), "dw": (0, 1), "db": (0, 2)}, upstream=(1, 0)
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (AFFINE_FORWARD, AFFINE_BACKWARD)

FUNCTIONS: tuple[Callable[..., Any], ...] = (affine_forward, affine_backward)
