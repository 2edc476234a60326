"""Problems of data augmentation.

Images are not square and have pixels in 0..1 that all differ. Coins fall both ways in every batch,
crops lie apart, squares are cut off at every border; sizes have no common factor with the
image's, so that no pixel lies on a boundary that rounding decides. Partners in mixup form one
cycle: who reads the permutation the wrong way round finds others. The first crops have room to
spare, so that a window too far or too large is seen as values before it is seen as an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Step, ValueTree
from reference.augmentation.colour_jitter import colour_jitter
from reference.augmentation.crop import random_crop
from reference.augmentation.cutout import cutout
from reference.augmentation.flips import horizontal_flip, vertical_flip
from reference.augmentation.mixup import mixup
from reference.augmentation.pca_colour import pca_colour
from reference.augmentation.resize import resize_bilinear, resize_nearest
from reference.problems.images import ImageShape, distinct
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_PADDED = frozenset({"padded"})
_BORDER = frozenset({"border"})
_CLIPPED = frozenset({"clipped"})


# ------------------------------------------------------------------------------------- drawing
def _pixels(draw: Draw, shape: ImageShape) -> Array:
    """Pixels in 0..1, all different."""
    return on_grid((distinct(draw, shape) + 3) / 6)


def _rotation(draw: Draw) -> Array:
    """(3, 3), a random rotation: that of a unit quaternion."""
    q = draw.standard_normal(4)
    w, x, y, z = q / np.sqrt((q * q).sum())
    return on_grid(
        np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )
    )


def _one_cycle(draw: Draw, N: int) -> Array:
    """A permutation of one cycle, which is neither its own inverse nor the next sample's."""
    while True:
        order = draw.permutation(N)
        found = np.empty(N, dtype=np.int64)
        found[order] = np.roll(order, 1)
        apart = (found - np.arange(N)) % N
        if not np.isin(apart, [1, N - 1]).all():
            return found


# --------------------------------------------------------------------------------------- steps
def _flip(function: str, shape: ImageShape, first: int) -> Steps:
    """The first coin is ``first``; of the others, at least one falls either way."""

    def steps(draw: Draw) -> list[Step]:
        others = draw.permutation(np.resize([0, 1], shape[0] - 1))
        coins = np.concatenate([[first], others]).astype(np.int64)
        return [Step(function, [_pixels(draw, shape), coins], "out")]

    return steps


def _crop(shape: ImageShape, size: tuple[int, int], pad: int, room: int) -> Steps:
    """Windows may reach ``room`` rows and columns further than without padding."""

    def steps(draw: Draw) -> list[Step]:
        N, _, H, W = shape
        last = np.array([H - size[0], W - size[1]]) + room
        offsets = np.stack([draw.permutation(n + 1)[:N] for n in last], axis=1)
        args: list[ValueTree] = [_pixels(draw, shape), offsets.astype(np.int64), *size, pad]
        return [Step("random_crop", args, "out")]

    return steps


def _resize(function: str, shape: ImageShape, size: tuple[int, int]) -> Steps:
    return lambda draw: [Step(function, [_pixels(draw, shape), *size], "out")]


Range = tuple[float, float]


def _jitter(shape: ImageShape, brightness: Range, contrast: Range, saturation: Range) -> Steps:
    """Factors in these ranges."""

    def steps(draw: Draw) -> list[Step]:
        x = _pixels(draw, shape)
        x[0] = on_grid(x[0] / 2)  # a dark image, whose mean is its own
        ranges = (brightness, contrast, saturation)
        factors = [on_grid(draw.uniform(*ends, size=len(x))) for ends in ranges]
        return [Step("colour_jitter", [x, *factors], "out")]

    return steps


def _pca_colour(shape: ImageShape) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        variances = on_grid(np.array([4.0, 1.0, 0.25]) * draw.uniform(0.6, 1.4, size=3))
        alphas = gaussian(draw, shape[0], 3, scale=0.5)
        return [
            Step("pca_colour", [_pixels(draw, shape), alphas, _rotation(draw), variances], "out")
        ]

    return steps


def _cutout(shape: ImageShape, size: int, *, border: bool) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        N, _, H, W = shape
        half = size // 2 + 1
        inner = [[draw.randint(half, n - half) for n in (H, W)] for _ in range(N)]
        if border:  # over the top, the right, the left and the bottom
            inner[0] = [0, inner[0][1]]
            inner[1] = [inner[1][0], W - 1]
            inner[2] = [inner[2][0], 0]
            inner[3] = [H - 1, inner[3][1]]
        return [
            Step("cutout", [_pixels(draw, shape), np.array(inner, dtype=np.int64), size], "out")
        ]

    return steps


def _mixup(shape: ImageShape, classes: int, lam: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        N = shape[0]
        y = np.eye(classes)[draw.permutation(np.resize(np.arange(classes), N))]
        args = [_pixels(draw, shape), y.astype(np.int64), lam, _one_cycle(draw, N)]
        return [Step("mixup", args, ["x_mixed", "y_mixed"])]

    return steps


# ------------------------------------------------------------------------------------ problems
def _flips(function: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("out",),
        (
            CasePlan("colour", "colour images", _PLAIN, _flip(function, (5, 3, 4, 6), 1)),
            CasePlan("odd", "images of odd size", _PLAIN, _flip(function, (3, 2, 3, 5), 0)),
        ),
    )


HORIZONTAL_FLIP = _flips("horizontal_flip", "horizontal flips")
VERTICAL_FLIP = _flips("vertical_flip", "vertical flips")

RANDOM_CROP = ProblemPlan(
    "random_crop",
    "random crops",
    "random_crop",
    ("out",),
    (
        CasePlan("padded", "padding 2", _PADDED, _crop((3, 2, 7, 9), (4, 3), 2, -1)),
        CasePlan("inside", "no padding", _PLAIN, _crop((3, 3, 8, 9), (4, 5), 0, 0)),
        CasePlan(
            "corners", "padding 1, up to the corners", _PADDED, _crop((3, 2, 5, 6), (3, 5), 1, 2)
        ),
    ),
)


def _resizing(function: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("out",),
        (
            CasePlan("larger", "to a larger size", _PLAIN, _resize(function, (2, 3, 4, 5), (9, 7))),
            CasePlan(
                "smaller", "to a smaller size", _PLAIN, _resize(function, (1, 2, 7, 9), (4, 5))
            ),
            CasePlan(
                "mixed", "higher and less wide", _PLAIN, _resize(function, (2, 2, 5, 7), (8, 4))
            ),
        ),
    )


RESIZE_NEAREST = _resizing("resize_nearest", "resizing to the nearest pixel")
RESIZE_BILINEAR = _resizing("resize_bilinear", "bilinear resizing")

_NEAR_1, _LARGE, _SMALL = (0.6, 1.3), (1.4, 2.0), (0.4, 0.7)
COLOUR_JITTER = ProblemPlan(
    "colour_jitter",
    "colour jitter",
    "colour_jitter",
    ("out",),
    (
        CasePlan(
            "gentle", "factors near 1", _PLAIN, _jitter((3, 3, 3, 4), _NEAR_1, _NEAR_1, _NEAR_1)
        ),
        CasePlan(
            "strong", "factors above 1", _CLIPPED, _jitter((2, 3, 4, 5), _LARGE, _LARGE, _LARGE)
        ),
        CasePlan(
            "dim",
            "darker, with more contrast",
            _CLIPPED,
            _jitter((2, 3, 3, 5), _SMALL, _LARGE, _LARGE),
        ),
    ),
)
PCA_COLOUR = ProblemPlan(
    "pca_colour",
    "colour shifts along principal components",
    "pca_colour",
    ("out",),
    (
        CasePlan("three", "three images", _PLAIN, _pca_colour((3, 3, 2, 4))),
        CasePlan("one", "one image", _PLAIN, _pca_colour((1, 3, 3, 2))),
    ),
)
CUTOUT = ProblemPlan(
    "cutout",
    "cutout",
    "cutout",
    ("out",),
    (
        CasePlan("inside", "squares of 4 inside", _PLAIN, _cutout((3, 2, 9, 11), 4, border=False)),
        CasePlan("odd", "squares of 3 inside", _PLAIN, _cutout((2, 3, 7, 8), 3, border=False)),
        CasePlan(
            "border", "squares over the border", _BORDER, _cutout((4, 2, 7, 9), 4, border=True)
        ),
    ),
)
MIXUP = ProblemPlan(
    "mixup",
    "mixup",
    "mixup",
    ("x_mixed", "y_mixed"),
    (
        CasePlan("large", "a large share", _PLAIN, _mixup((5, 2, 3, 4), 3, 0.75)),
        CasePlan("small", "a small share", _PLAIN, _mixup((6, 1, 2, 3), 4, 0.3)),
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    HORIZONTAL_FLIP,
    VERTICAL_FLIP,
    RANDOM_CROP,
    RESIZE_NEAREST,
    RESIZE_BILINEAR,
    COLOUR_JITTER,
    PCA_COLOUR,
    CUTOUT,
    MIXUP,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    horizontal_flip,
    vertical_flip,
    random_crop,
    resize_nearest,
    resize_bilinear,
    colour_jitter,
    pca_colour,
    cutout,
    mixup,
)
