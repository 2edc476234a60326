"""Problems of residual blocks and of the inception module.

Every ReLU keeps away from its kink, and in the inception module no two pixels are nearly equal, so
that gradients are those of central differences. One inception case has negative pixels only, which
shows a border of zeros in its max pooling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.bundle import Bound, Derivative, Pattern, Step, ValueTree
from reference.arrays import Params
from reference.layers.conv import conv_forward
from reference.layers.inception import inception_backward, inception_forward
from reference.layers.residual import (
    residual_backward,
    residual_forward,
    residual_projection_backward,
    residual_projection_forward,
)
from reference.problems.images import Array, ImageShape, distinct
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

Call = list[ValueTree]
"""The arguments of a forward function."""
Make = Callable[[Draw], tuple[Call, ImageShape]]
"""Draws them, and says which shape comes out."""

_KINK = 1e-3
"""Least distance of a ReLU's input from 0: a hundred times the step of central differences."""


# ------------------------------------------------------------------------------------- drawing
def _weights(draw: Draw, shapes: Mapping[str, tuple[int, int, int]]) -> Params:
    """W and b by name; shapes are (filters, channels, window)."""
    params: Params = {}
    for name, (F, C, size) in shapes.items():
        params[f"W{name}"] = gaussian(draw, F, C, size, size, scale=1 / np.sqrt(C * size))
        params[f"b{name}"] = gaussian(draw, F, scale=0.5)
    return params


def _clear(*before: Array) -> bool:
    """Whether no ReLU is near its kink, and each lets something through but not all."""
    return all(np.abs(z).min() > _KINK and (z > 0).any() and (z < 0).any() for z in before)


def _residual(shape: ImageShape, filters: int) -> Make:
    C = shape[1]

    def make(draw: Draw) -> tuple[Call, ImageShape]:
        while True:
            x = gaussian(draw, *shape)
            params = _weights(draw, {"1": (filters, C, 3), "2": (C, filters, 3)})
            first, main = _convolutions(x, params, stride=1)
            if _clear(first, main + x):
                return [x, {**params}], shape

    return make


def _projection(shape: ImageShape, filters: int, stride: int) -> Make:
    N, C, H, W = shape

    def make(draw: Draw) -> tuple[Call, ImageShape]:
        while True:
            x = gaussian(draw, *shape)
            shapes = {"1": (filters, C, 3), "2": (filters, filters, 3), "p": (filters, C, 1)}
            params = _weights(draw, shapes)
            first, main = _convolutions(x, params, stride)
            conv_param = {"stride": stride, "pad": 0}
            shortcut, _ = conv_forward(x, params["Wp"], params["bp"], conv_param)
            if _clear(first, main + shortcut):
                out = (N, filters, (H - 1) // stride + 1, (W - 1) // stride + 1)
                return [x, {**params}, stride], out

    return make


def _convolutions(x: Array, params: Params, stride: int) -> tuple[Array, Array]:
    first, _ = conv_forward(x, params["W1"], params["b1"], {"stride": stride, "pad": 1})
    hidden = np.maximum(first, 0)
    main, _ = conv_forward(hidden, params["W2"], params["b2"], {"stride": 1, "pad": 1})
    return first, main


def _inception(shape: ImageShape, sizes: tuple[int, ...], negative: bool = False) -> Make:
    """Sizes are F1, R3, F3, R5, F5 and FP."""
    N, C, H, W = shape
    F1, R3, F3, R5, F5, FP = sizes
    shapes = {
        "1": (F1, C, 1),
        "3r": (R3, C, 1),
        "3": (F3, R3, 3),
        "5r": (R5, C, 1),
        "5": (F5, R5, 5),
        "p": (FP, C, 1),
    }

    def make(draw: Draw) -> tuple[Call, ImageShape]:
        while True:
            x = distinct(draw, shape, negative) / 2
            params = _weights(draw, shapes)
            _, (caches, _, _) = inception_forward(x, params)
            if _clear(*(before for _, before in caches.values())):
                return [x, {**params}], (N, F1 + F3 + F5 + FP, H, W)

    return make


# ------------------------------------------------------------------------------------ problems
def _forward(layer: str, make: Make) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        arguments, _ = make(draw)
        return [Step(f"{layer}_forward", arguments, ["out", "#cache"])]

    return steps


def _backward(layer: str, make: Make, names: tuple[str, ...]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        arguments, out = make(draw)
        forward = Step(f"{layer}_forward", arguments, ["out", "#cache"])
        dout = gaussian(draw, *out)
        returns: Pattern = ["dx", {name: f"d{name}" for name in names}]
        return [forward, Step(f"{layer}_backward", [dout, Bound("cache")], returns)]

    return steps


def _problems(
    layer: str, title: str, names: tuple[str, ...], cases: tuple[tuple[str, str, Make], ...]
) -> tuple[ProblemPlan, ProblemPlan]:
    plain = frozenset({"plain"})
    gradients = {"dx": (0, 0), **{f"d{name}": (0, 1, name) for name in names}}
    return (
        ProblemPlan(
            f"{layer}_forward",
            f"{title} forward",
            f"{layer}_forward",
            ("out",),
            tuple(CasePlan(i, words, plain, _forward(layer, make)) for i, words, make in cases),
        ),
        ProblemPlan(
            f"{layer}_backward",
            f"{title} backward",
            f"{layer}_backward",
            tuple(gradients),
            tuple(
                CasePlan(i, words, plain, _backward(layer, make, names)) for i, words, make in cases
            ),
            Derivative(value="out", step=0, outputs=gradients, upstream=(1, 0)),
        ),
    )


_RESIDUAL_NAMES = ("W1", "b1", "W2", "b2")
_PROJECTION_NAMES = (*_RESIDUAL_NAMES, "Wp", "bp")
_INCEPTION_NAMES = tuple(
    f"{kind}{name}" for name in ("1", "3r", "3", "5r", "5", "p") for kind in "Wb"
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    *_problems(
        "residual",
        "residual block",
        _RESIDUAL_NAMES,
        (
            ("batch", "images of 4 by 5", _residual((2, 3, 4, 5), 4)),
            ("single", "a single image of 3 by 4", _residual((1, 2, 3, 4), 3)),
        ),
    ),
    *_problems(
        "residual_projection",
        "projecting residual block",
        _PROJECTION_NAMES,
        (
            ("stride2", "images of 5 by 7, stride 2", _projection((2, 3, 5, 7), 4, 2)),
            ("stride3", "a single image of 4 by 7, stride 3", _projection((1, 2, 4, 7), 3, 3)),
        ),
    ),
    *_problems(
        "inception",
        "inception module",
        _INCEPTION_NAMES,
        (
            ("batch", "images of 4 by 5", _inception((2, 3, 4, 5), (2, 4, 3, 2, 1, 2))),
            (
                "negative",
                "a single image of 5 by 3, negative pixels",
                _inception((1, 2, 5, 3), (1, 3, 2, 2, 3, 1), negative=True),
            ),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    residual_forward,
    residual_backward,
    residual_projection_forward,
    residual_projection_backward,
    inception_forward,
    inception_backward,
)
