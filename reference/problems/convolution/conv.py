"""Problems of the convolution.

Measured (shared notes on input design): one channel, one filter or stride 1 hide a third of the
classic mistakes, and no padding hides half; so C, F, N, H and W differ, strides and padding vary,
and filters are not always square. Outputs are never higher than wide, so that a height taken for
a width still gives an answer that can be recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.bundle import Bound, Derivative, Step, ValueTree
from reference.layers.conv import conv_backward, conv_forward
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, gaussian


@dataclass(frozen=True)
class ConvShape:
    """Image (N, C, H, W); filters (F, HH, WW)."""

    image: ImageShape
    filters: tuple[int, int, int]
    stride: int
    pad: int

    def forward(self, draw: Draw) -> list[Step]:
        """One call of conv_forward."""
        C = self.image[1]
        F, HH, WW = self.filters
        x = gaussian(draw, *self.image)
        w = gaussian(draw, F, C, HH, WW, scale=0.5)
        b = gaussian(draw, F)
        conv_param: dict[str, ValueTree] = {"stride": self.stride, "pad": self.pad}
        return [Step("conv_forward", [x, w, b, conv_param], ["out", "#cache"])]

    def backward(self, draw: Draw) -> list[Step]:
        """conv_forward, and conv_backward with its cache."""
        forward = self.forward(draw)
        N, _, H, W = self.image
        F, HH, WW = self.filters
        HO = (H + 2 * self.pad - HH) // self.stride + 1
        WO = (W + 2 * self.pad - WW) // self.stride + 1
        dout = gaussian(draw, N, F, HO, WO)
        return [*forward, Step("conv_backward", [dout, Bound("cache")], ["dx", "dw", "db"])]


STRIDE_2_PAD_1 = ConvShape((2, 3, 7, 9), (4, 3, 3), stride=2, pad=1)
PAD_2 = ConvShape((1, 4, 5, 6), (3, 3, 3), stride=1, pad=2)
NOT_SQUARE_PAD_1 = ConvShape((3, 2, 5, 7), (4, 3, 2), stride=1, pad=1)
NOT_SQUARE = ConvShape((3, 2, 6, 8), (5, 2, 3), stride=1, pad=0)
GAPS = ConvShape((2, 3, 5, 8), (4, 2, 2), stride=3, pad=0)
STRIDE_2 = ConvShape((2, 3, 5, 9), (4, 3, 3), stride=2, pad=0)

_PLAIN = frozenset({"plain"})
_DOES_NOT_FIT = frozenset({"does_not_fit"})
_PADDED = frozenset({"padded"})
_NO_PADDING = frozenset({"no_padding"})


def _misfit(name: str, category: str, shape: ConvShape) -> CasePlan:
    return CasePlan(name, category, _DOES_NOT_FIT, shape.forward, raises="ValueError")


CONV_FORWARD = ProblemPlan(
    "conv_forward",
    "convolution forward",
    "conv_forward",
    ("out",),
    (
        CasePlan("stride2_pad1", "stride 2, padding 1", _PLAIN, STRIDE_2_PAD_1.forward),
        CasePlan("pad2", "a single image, stride 1, padding 2", _PLAIN, PAD_2.forward),
        CasePlan("not_square", "filters of 2 by 3, no padding", _PLAIN, NOT_SQUARE.forward),
        CasePlan("gaps", "stride 3, filters of 2 by 2, no padding", _PLAIN, GAPS.forward),
        _misfit(
            "rest",
            "filters that leave a rest of the image",
            ConvShape((2, 3, 6, 8), (4, 3, 3), stride=2, pad=0),
        ),
        _misfit(
            "rest_in_width",
            "filters that leave a rest of the width only",
            ConvShape((2, 3, 7, 8), (4, 3, 3), stride=2, pad=1),
        ),
        _misfit(
            "too_large",
            "filters larger than the padded image",
            ConvShape((1, 2, 3, 6), (3, 6, 3), stride=1, pad=1),
        ),
    ),
)

CONV_BACKWARD = ProblemPlan(
    "conv_backward",
    "convolution backward",
    "conv_backward",
    ("dx", "dw", "db"),
    (
        CasePlan("stride2_pad1", "stride 2, padding 1", _PADDED, STRIDE_2_PAD_1.backward),
        CasePlan("pad2", "a single image, stride 1, padding 2", _PADDED, PAD_2.backward),
        CasePlan(
            "not_square_pad1", "filters of 3 by 2, padding 1", _PADDED, NOT_SQUARE_PAD_1.backward
        ),
        CasePlan("not_square", "filters of 2 by 3, no padding", _NO_PADDING, NOT_SQUARE.backward),
        CasePlan("stride2", "stride 2, no padding", _NO_PADDING, STRIDE_2.backward),
    ),
    Derivative(
        value="out",
        step=0,
        outputs={"dx": (0, 0), "dw": (0, 1), "db": (0, 2)},
        upstream=(1, 0),
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (CONV_FORWARD, CONV_BACKWARD)

FUNCTIONS: tuple[Callable[..., Any], ...] = (conv_forward, conv_backward)
