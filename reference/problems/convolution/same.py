"""Problems of the convolution with SAME padding.

Even and odd windows, with and without a stride: only where an odd number of zeros is needed does
it show which side receives one more, and only a stride tells the padding of an axis from
window - 1. H and W differ, and so do HH and WW, so that each axis must have its own padding.

Which side that is differs: the course's lecture puts it before the image, TensorFlow and PyTorch
after it. An assignment may choose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from grader.bundle import Bound, Derivative, Setting, Step, ValueTree
from reference.bugs.sheet import Formulas
from reference.layers.conv_same import conv_same_backward, conv_same_forward
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, gaussian


@dataclass(frozen=True)
class SameShape:
    """Image (N, C, H, W); filters (F, HH, WW)."""

    image: ImageShape
    filters: tuple[int, int, int]
    stride: int

    def forward(self, draw: Draw) -> list[Step]:
        """One call of conv_same_forward."""
        F, HH, WW = self.filters
        x = gaussian(draw, *self.image)
        w = gaussian(draw, F, self.image[1], HH, WW, scale=0.5)
        b = gaussian(draw, F)
        conv_param: dict[str, ValueTree] = {"stride": self.stride}
        return [Step("conv_same_forward", [x, w, b, conv_param], ["out", "#cache"])]

    def backward(self, draw: Draw) -> list[Step]:
        """conv_same_forward, and conv_same_backward with its cache."""
        forward = self.forward(draw)
        N, _, H, W = self.image
        dout = gaussian(draw, N, self.filters[0], -(-H // self.stride), -(-W // self.stride))
        return [*forward, Step("conv_same_backward", [dout, Bound("cache")], ["dx", "dw", "db"])]


EVEN = SameShape((2, 3, 5, 6), (4, 4, 2), stride=1)
ODD = SameShape((1, 4, 4, 5), (3, 3, 5), stride=1)
STRIDE_2 = SameShape((3, 2, 6, 9), (4, 3, 3), stride=2)
STRIDE_3 = SameShape((2, 3, 7, 8), (2, 4, 3), stride=3)
GAPS = SameShape((2, 3, 5, 9), (4, 1, 2), stride=3)

_CASES = (
    ("even", "filters of 4 by 2, stride 1", "plain", EVEN),
    ("odd", "a single image, filters of 3 by 5, stride 1", "plain", ODD),
    ("stride2", "filters of 3 by 3, stride 2", "stride", STRIDE_2),
    ("stride3", "filters of 4 by 3, stride 3", "stride", STRIDE_3),
    ("gaps", "filters of 1 by 2, stride 3", "stride", GAPS),
)

_BEFORE = Setting(
    "same_padding",
    "before",
    "the one more of an odd number of zeros lies at the top and at the left",
)
_AFTER = Setting(
    "same_padding",
    "after",
    "the one more of an odd number of zeros lies at the bottom and at the right",
)
_AS_AFTER: Formulas = {
    "top": lambda q: q.height_total // 2,
    "left_half": lambda q: q.width_total // 2,
}


def _in_both_settings(plan: ProblemPlan) -> ProblemPlan:
    other = replace(plan, setting=_AFTER, changes=_AS_AFTER)
    return replace(plan, setting=_BEFORE, alternatives=(other,))


CONV_SAME_FORWARD = ProblemPlan(
    "conv_same_forward",
    "SAME convolution forward",
    "conv_same_forward",
    ("out",),
    tuple(CasePlan(i, words, frozenset({tag}), shape.forward) for i, words, tag, shape in _CASES),
)

CONV_SAME_BACKWARD = ProblemPlan(
    "conv_same_backward",
    "SAME convolution backward",
    "conv_same_backward",
    ("dx", "dw", "db"),
    tuple(CasePlan(i, words, frozenset({tag}), shape.backward) for i, words, tag, shape in _CASES),
    Derivative(
        value="out",
        step=0,
        outputs={"dx": (0, 0), "dw": (0, 1), "db": (0, 2)},
        upstream=(1, 0),
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    _in_both_settings(CONV_SAME_FORWARD),
    _in_both_settings(CONV_SAME_BACKWARD),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (conv_same_forward, conv_same_backward)
