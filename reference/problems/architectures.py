"""Shapes, parameters and costs of layers and networks: problems.

Inputs are whole numbers. Height and width differ, windows are not always square, and the sizes are
chosen backwards from the output's, so that windows fit where they should. The numbers stay small:
one that is off by one must not drown in a relative tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.bundle import Pattern, Step, ValueTree
from grader.observe import Observation
from reference.architectures.layer_sums import (
    affine_parameters,
    conv_multiply_adds,
    conv_output_shape,
    conv_parameters,
    pool_output_shape,
    separable_parameters,
)
from reference.architectures.network_totals import network_totals
from reference.architectures.receptive_field import receptive_field
from reference.architectures.short_answers import QUESTIONS, answers
from reference.problems.plan import CasePlan, Draw, ProblemPlan

_PLAIN = frozenset({"plain"})
_DOES_NOT_FIT = frozenset({"does_not_fit"})


def _between(draw: Draw, low: int, high: int) -> int:
    return int(draw.randint(low, high + 1))


@dataclass(frozen=True)
class Geometry:
    """Windows of a layer, and what they leave over of the image's height and width."""

    kernel: tuple[int, int]
    stride: int
    pad: int
    rest: tuple[int, int] = (0, 0)
    rows: int | None = None
    """Windows down; None to draw their number."""

    def image(self, draw: Draw) -> list[ValueTree]:
        """(C, H, W), such that the windows fit but for ``rest``; wider than high."""
        rows = _between(draw, 4, 6) if self.rows is None else self.rows
        grid = rows, max(rows, 4) + _between(draw, 2, 4)
        H, W = (
            (count - 1) * self.stride + window - 2 * self.pad + rest
            for count, window, rest in zip(grid, self.kernel, self.rest, strict=True)
        )
        return [_between(draw, 3, 5), H, W]

    def conv(self, function: str, output: str) -> Callable[[Draw], list[Step]]:
        """Steps that call a function of (image, filters, kernel, stride, pad)."""

        def steps(draw: Draw) -> list[Step]:
            image, filters = self.image(draw), _between(draw, 6, 9)
            return [Step(function, [image, filters, [*self.kernel], self.stride, self.pad], output)]

        return steps

    def pool(self, draw: Draw) -> list[Step]:
        """One call of pool_output_shape."""
        return [Step("pool_output_shape", [self.image(draw), [*self.kernel], self.stride], "shape")]


STRIDE_1 = Geometry((3, 3), 1, 0)
PADDED = Geometry((5, 5), 1, 1)
STRIDE_2 = Geometry((3, 5), 2, 1)
STRIDE_3 = Geometry((5, 2), 3, 2)
REST = Geometry((3, 3), 2, 1, rest=(1, 1))
REST_IN_WIDTH = Geometry((3, 3), 3, 0, rest=(0, 1))
TOO_LARGE = Geometry((9, 5), 2, 1, rows=-1)
"""The window is two strides higher than the padded image: the division leaves nothing over."""

APART = Geometry((2, 2), 2, 0)
OVERLAPPING = Geometry((3, 3), 2, 0)
NOT_SQUARE = Geometry((2, 4), 2, 0)
GAPS = Geometry((2, 2), 3, 0)


def _fits(
    function: str, output: str, geometries: dict[str, tuple[str, Geometry]]
) -> tuple[CasePlan, ...]:
    return tuple(
        CasePlan(name, words, _PLAIN, geometry.conv(function, output))
        for name, (words, geometry) in geometries.items()
    )


_CONVOLUTIONS = {
    "stride1": ("stride 1, no padding", STRIDE_1),
    "padded": ("stride 1, padding 1", PADDED),
    "stride2": ("stride 2, padding 1, windows of 3 by 5", STRIDE_2),
    "stride3": ("stride 3, padding 2, windows of 5 by 2", STRIDE_3),
}

CONV_OUTPUT_SHAPE = ProblemPlan(
    "conv_output_shape",
    "output shape of a convolution",
    "conv_output_shape",
    ("shape",),
    (
        *_fits("conv_output_shape", "shape", _CONVOLUTIONS),
        *(
            CasePlan(
                name,
                words,
                _DOES_NOT_FIT,
                geometry.conv("conv_output_shape", "shape"),
                raises="ValueError",
            )
            for name, words, geometry in (
                ("rest", "windows that leave a rest of the image", REST),
                ("rest_in_width", "windows that leave a rest of the width only", REST_IN_WIDTH),
                ("too_large", "windows larger than the padded image", TOO_LARGE),
            )
        ),
    ),
)

POOL_OUTPUT_SHAPE = ProblemPlan(
    "pool_output_shape",
    "output shape of a pooling layer",
    "pool_output_shape",
    ("shape",),
    (
        CasePlan("apart", "windows side by side", _PLAIN, APART.pool),
        CasePlan("overlapping", "overlapping windows", _PLAIN, OVERLAPPING.pool),
        CasePlan("not_square", "windows of 2 by 4, stride 2", _PLAIN, NOT_SQUARE.pool),
        CasePlan("gaps", "gaps between the windows", _PLAIN, GAPS.pool),
        CasePlan(
            "rest",
            "windows that leave a rest of the image",
            _DOES_NOT_FIT,
            Geometry((3, 3), 2, 0, rest=(1, 1)).pool,
            raises="ValueError",
        ),
    ),
)


def _weights(function: str, kernel: tuple[int, int]) -> Callable[[Draw], list[Step]]:
    def steps(draw: Draw) -> list[Step]:
        channels, filters = _between(draw, 4, 7), _between(draw, 11, 15)
        return [Step(function, [channels, filters, [*kernel]], "parameters")]

    return steps


def _flattened(draw: Draw) -> list[Step]:
    height = _between(draw, 3, 5)
    image: list[ValueTree] = [_between(draw, 6, 9), height, height + 1]
    return [Step("affine_parameters", [image, _between(draw, 10, 14)], "parameters")]


def _weight_cases(function: str) -> tuple[CasePlan, ...]:
    return (
        CasePlan("square", "windows of 3 by 3", _PLAIN, _weights(function, (3, 3))),
        CasePlan("not_square", "windows of 2 by 5", _PLAIN, _weights(function, (2, 5))),
    )


CONV_PARAMETERS = ProblemPlan(
    "conv_parameters",
    "parameters of a convolution",
    "conv_parameters",
    ("parameters",),
    _weight_cases("conv_parameters"),
)

AFFINE_PARAMETERS = ProblemPlan(
    "affine_parameters",
    "parameters of a fully connected layer",
    "affine_parameters",
    ("parameters",),
    (
        CasePlan("first", "an image of several channels", _PLAIN, _flattened),
        CasePlan("second", "another image of several channels", _PLAIN, _flattened),
    ),
)

SEPARABLE_PARAMETERS = ProblemPlan(
    "separable_parameters",
    "parameters of a depthwise separable convolution",
    "separable_parameters",
    ("parameters",),
    _weight_cases("separable_parameters"),
)

CONV_MULTIPLY_ADDS = ProblemPlan(
    "conv_multiply_adds",
    "multiply-adds of a convolution",
    "conv_multiply_adds",
    ("multiply_adds",),
    _fits("conv_multiply_adds", "multiply_adds", _CONVOLUTIONS),
)


def _stack(*strides: int) -> Callable[[Draw], list[Step]]:
    """Layers of these strides, with windows that differ."""

    def steps(draw: Draw) -> list[Step]:
        windows = draw.permutation([2, 3, 5, 7])[: len(strides)]
        layers: list[ValueTree] = [
            [int(window), stride] for window, stride in zip(windows, strides, strict=True)
        ]
        return [Step("receptive_field", [layers], "pixels")]

    return steps


RECEPTIVE_FIELD = ProblemPlan(
    "receptive_field",
    "receptive field of a stack of layers",
    "receptive_field",
    ("pixels",),
    (
        CasePlan("stride1", "all strides 1", _PLAIN, _stack(1, 1, 1)),
        CasePlan("strides", "strides 2, 1, 3 and 2", _PLAIN, _stack(2, 1, 3, 2)),
        CasePlan("first_stride", "stride 3, then 1", _PLAIN, _stack(3, 1)),
    ),
)


def _network(draw: Draw, *, rest: int = 0) -> list[Step]:
    """A convolution, pooling that overlaps, another convolution, a fully connected layer."""
    size = 13 + 4 * _between(draw, 0, 2)
    image: list[ValueTree] = [_between(draw, 3, 4), size, size + 4 + rest]
    first, second = _between(draw, 5, 7), _between(draw, 8, 10)
    layers: list[ValueTree] = [
        {"type": "conv", "filters": first, "kernel": 3, "stride": 1, "pad": 1},
        {"type": "pool", "window": 3, "stride": 2},
        {"type": "conv", "filters": second, "kernel": 3, "stride": 1, "pad": 0},
        {"type": "affine", "units": _between(draw, 11, 14)},
    ]
    names = ("shape", "parameters", "values", "multiply_adds")
    return [Step("network_totals", [image, layers], {name: name for name in names})]


def _convolutional(draw: Draw) -> list[Step]:
    """Two convolutions and a pooling layer, none fully connected."""
    size = 11 + 4 * _between(draw, 0, 2)
    image: list[ValueTree] = [_between(draw, 3, 4), size, size + 4]
    layers: list[ValueTree] = [
        {"type": "conv", "filters": _between(draw, 5, 7), "kernel": 5, "stride": 2, "pad": 1},
        {"type": "conv", "filters": _between(draw, 8, 10), "kernel": 3, "stride": 1, "pad": 0},
        {"type": "pool", "window": 2, "stride": 1},
    ]
    names = ("shape", "parameters", "values", "multiply_adds")
    return [Step("network_totals", [image, layers], {name: name for name in names})]


NETWORK_TOTALS = ProblemPlan(
    "network_totals",
    "shape, parameters, values and multiply-adds of a network",
    "network_totals",
    ("shape", "parameters", "values", "multiply_adds"),
    (
        CasePlan("affine", "a network that ends fully connected", _PLAIN, _network),
        CasePlan("convolutional", "convolutions and pooling only", _PLAIN, _convolutional),
        CasePlan(
            "rest",
            "a layer that does not fit",
            _DOES_NOT_FIT,
            lambda draw: _network(draw, rest=1),
            raises="ValueError",
        ),
    ),
)

_IN_WORDS = [question.id for question in QUESTIONS if isinstance(question.answer, str)]
_AS_WRITTEN: dict[str, Pattern] = {
    question.id: f"{question.id}_text" if question.id in _IN_WORDS else question.id
    for question in QUESTIONS
}

SHORT_ANSWERS = ProblemPlan(
    "short_answers",
    "short questions about shapes and parameters",
    "answers",
    tuple(question.id for question in QUESTIONS if question.id not in _IN_WORDS),
    (
        CasePlan(
            "all",
            "questions with one right answer each",
            _PLAIN,
            lambda _: [Step("answers", [], _AS_WRITTEN)],
            observed={
                name: Observation("text", (f"{name}_text",), f"the answer to {name}")
                for name in _IN_WORDS
            },
        ),
    ),
)
"""The same for every seed, so a public bundle has the answers in it: hand no kit out with it."""

PROBLEMS: tuple[ProblemPlan, ...] = (
    CONV_OUTPUT_SHAPE,
    POOL_OUTPUT_SHAPE,
    CONV_PARAMETERS,
    AFFINE_PARAMETERS,
    SEPARABLE_PARAMETERS,
    CONV_MULTIPLY_ADDS,
    RECEPTIVE_FIELD,
    NETWORK_TOTALS,
    SHORT_ANSWERS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    conv_output_shape,
    pool_output_shape,
    conv_parameters,
    affine_parameters,
    separable_parameters,
    conv_multiply_adds,
    receptive_field,
    network_totals,
    answers,
)
