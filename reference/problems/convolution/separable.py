"""Problems of the depthwise, the pointwise and the depthwise separable convolution.

C, F, N, H and W differ, strides and padding vary, and filters are not always square: as for the
convolution itself (see conv.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.bundle import Bound, Derivative, Step, ValueTree
from reference.layers.depthwise import depthwise_backward, depthwise_forward
from reference.layers.pointwise import pointwise_backward, pointwise_forward
from reference.layers.separable import separable_backward, separable_forward
from reference.problems.images import Array, ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, gaussian


@dataclass(frozen=True)
class SeparableShape:
    """Image (N, C, H, W); a filter (HH, WW) for each channel; F outputs."""

    image: ImageShape
    window: tuple[int, int]
    stride: int
    pad: int
    filters: int = 4

    def _param(self) -> dict[str, ValueTree]:
        return {"stride": self.stride, "pad": self.pad}

    def _dout(self, draw: Draw, channels: int) -> Array:
        N, _, H, W = self.image
        HO, WO = (
            (size + 2 * self.pad - window) // self.stride + 1
            for size, window in zip((H, W), self.window, strict=True)
        )
        return gaussian(draw, N, channels, HO, WO)

    def depthwise_forward(self, draw: Draw) -> list[Step]:
        """One call of depthwise_forward."""
        C = self.image[1]
        x = gaussian(draw, *self.image)
        w = gaussian(draw, C, *self.window, scale=0.5)
        b = gaussian(draw, C)
        return [Step("depthwise_forward", [x, w, b, self._param()], ["out", "#cache"])]

    def depthwise_backward(self, draw: Draw) -> list[Step]:
        """depthwise_forward, and depthwise_backward with its cache."""
        forward = self.depthwise_forward(draw)
        dout = self._dout(draw, self.image[1])
        return [*forward, Step("depthwise_backward", [dout, Bound("cache")], ["dx", "dw", "db"])]

    def separable_forward(self, draw: Draw) -> list[Step]:
        """One call of separable_forward."""
        C, F = self.image[1], self.filters
        x = gaussian(draw, *self.image)
        w_depth = gaussian(draw, C, *self.window, scale=0.5)
        w_point = gaussian(draw, F, C, scale=0.5)
        b = gaussian(draw, F)
        arguments: list[ValueTree] = [x, w_depth, w_point, b, self._param()]
        return [Step("separable_forward", arguments, ["out", "#cache"])]

    def separable_backward(self, draw: Draw) -> list[Step]:
        """separable_forward, and separable_backward with its cache."""
        forward = self.separable_forward(draw)
        dout = self._dout(draw, self.filters)
        gradients = ["dx", "dw_depth", "dw_point", "db"]
        return [*forward, Step("separable_backward", [dout, Bound("cache")], list(gradients))]


@dataclass(frozen=True)
class PointwiseShape:
    """Image (N, C, H, W); F outputs."""

    image: ImageShape
    filters: int

    def forward(self, draw: Draw) -> list[Step]:
        """One call of pointwise_forward."""
        x = gaussian(draw, *self.image)
        w = gaussian(draw, self.filters, self.image[1], scale=0.5)
        b = gaussian(draw, self.filters)
        return [Step("pointwise_forward", [x, w, b], ["out", "#cache"])]

    def backward(self, draw: Draw) -> list[Step]:
        """pointwise_forward, and pointwise_backward with its cache."""
        forward = self.forward(draw)
        N, _, H, W = self.image
        dout = gaussian(draw, N, self.filters, H, W)
        return [*forward, Step("pointwise_backward", [dout, Bound("cache")], ["dx", "dw", "db"])]


STRIDE_2_PAD_1 = SeparableShape((2, 3, 7, 9), (3, 3), stride=2, pad=1)
PAD_2 = SeparableShape((1, 4, 5, 6), (3, 3), stride=1, pad=2, filters=3)
NOT_SQUARE = SeparableShape((3, 2, 6, 8), (2, 3), stride=1, pad=0, filters=5)
STRIDE_2 = SeparableShape((2, 3, 5, 9), (3, 3), stride=2, pad=0)
REST = SeparableShape((2, 3, 6, 8), (3, 3), stride=2, pad=0)
REST_IN_WIDTH = SeparableShape((2, 3, 7, 8), (3, 3), stride=2, pad=1)

NARROW = PointwiseShape((2, 5, 3, 4), 3)
WIDER = PointwiseShape((3, 2, 4, 5), 6)
ONE_IMAGE = PointwiseShape((1, 4, 2, 3), 5)

_PLAIN = frozenset({"plain"})
_DOES_NOT_FIT = frozenset({"does_not_fit"})

_WINDOWED = (
    ("stride2_pad1", "stride 2, padding 1", "padded", STRIDE_2_PAD_1),
    ("pad2", "a single image, stride 1, padding 2", "padded", PAD_2),
    ("not_square", "filters of 2 by 3, no padding", "no_padding", NOT_SQUARE),
    ("stride2", "stride 2, no padding", "no_padding", STRIDE_2),
)
_MISFITS = (
    ("rest", "filters that leave a rest of the image", REST),
    ("rest_in_width", "filters that leave a rest of the width only", REST_IN_WIDTH),
)
_POINTWISE = (
    ("narrow", "5 channels, 3 filters", NARROW),
    ("wider", "2 channels, 6 filters", WIDER),
    ("single", "a single image", ONE_IMAGE),
)


def _forward(layer: str, title: str) -> ProblemPlan:
    name = f"{layer}_forward"
    plain = [CasePlan(i, words, _PLAIN, getattr(s, name)) for i, words, _, s in _WINDOWED]
    misfits = [
        CasePlan(i, words, _DOES_NOT_FIT, getattr(s, name), raises="ValueError")
        for i, words, s in _MISFITS
    ]
    return ProblemPlan(name, f"{title} forward", name, ("out",), (*plain, *misfits))


def _backward(layer: str, title: str, *arguments: str) -> ProblemPlan:
    name = f"{layer}_backward"
    gradients = [f"d{argument}" for argument in arguments]
    return ProblemPlan(
        name,
        f"{title} backward",
        name,
        tuple(gradients),
        tuple(
            CasePlan(i, words, frozenset({tag}), getattr(shape, name))
            for i, words, tag, shape in _WINDOWED
        ),
        Derivative("out", 0, {name: (0, i) for i, name in enumerate(gradients)}, upstream=(1, 0)),
    )


DEPTHWISE_FORWARD = _forward("depthwise", "depthwise convolution")
DEPTHWISE_BACKWARD = _backward("depthwise", "depthwise convolution", "x", "w", "b")
SEPARABLE_FORWARD = _forward("separable", "depthwise separable convolution")
SEPARABLE_BACKWARD = _backward(
    "separable", "depthwise separable convolution", "x", "w_depth", "w_point", "b"
)
POINTWISE_FORWARD = ProblemPlan(
    "pointwise_forward",
    "pointwise convolution forward",
    "pointwise_forward",
    ("out",),
    tuple(CasePlan(i, words, _PLAIN, shape.forward) for i, words, shape in _POINTWISE),
)
POINTWISE_BACKWARD = ProblemPlan(
    "pointwise_backward",
    "pointwise convolution backward",
    "pointwise_backward",
    ("dx", "dw", "db"),
    tuple(CasePlan(i, words, _PLAIN, shape.backward) for i, words, shape in _POINTWISE),
    Derivative("out", 0, {"dx": (0, 0), "dw": (0, 1), "db": (0, 2)}, upstream=(1, 0)),
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    DEPTHWISE_FORWARD,
    DEPTHWISE_BACKWARD,
    POINTWISE_FORWARD,
    POINTWISE_BACKWARD,
    SEPARABLE_FORWARD,
    SEPARABLE_BACKWARD,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    depthwise_forward,
    depthwise_backward,
    pointwise_forward,
    pointwise_backward,
    separable_forward,
    separable_backward,
)
