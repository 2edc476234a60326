"""Problems of local response normalisation.

alpha is larger than the paper's 1e-4, or the pixels are, so that the neighbours matter. There are
more channels than a window holds, and fewer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.bundle import Bound, Derivative, Setting, Step, ValueTree
from reference.layers.local_response_norm import lrn_backward, lrn_forward
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

_PAPER: dict[str, ValueTree] = {"k": 2.0, "n": 5, "alpha": 1e-4, "beta": 0.75}
_STRONG: dict[str, ValueTree] = {"k": 2.5, "n": 5, "alpha": 0.125, "beta": 0.5}
_NARROW: dict[str, ValueTree] = {"k": 1.5, "n": 3, "alpha": 0.0625, "beta": 1.25}

_SHAPES: tuple[tuple[str, str, ImageShape, float, dict[str, ValueTree]], ...] = (
    ("strong", "windows of 5 of 7 channels", (2, 7, 3, 4), 1.5, _STRONG),
    ("narrow", "a single image, windows of 3 of 4 channels", (1, 4, 2, 5), 2.0, _NARROW),
    ("paper", "the paper's parameters, large pixels", (1, 6, 2, 3), 60.0, _PAPER),
    ("few", "windows of 5, and 2 channels", (2, 2, 3, 1), 1.5, _STRONG),
)
_PLAIN = frozenset({"plain"})


def _forward(shape: ImageShape, scale: float, param: dict[str, ValueTree]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        return [Step("lrn_forward", [gaussian(draw, *shape, scale=scale), dict(param)], _RETURNED)]

    return steps


def _backward(shape: ImageShape, scale: float, param: dict[str, ValueTree]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _forward(shape, scale, param)(draw)
        return [*forward, Step("lrn_backward", [gaussian(draw, *shape), Bound("cache")], "dx")]

    return steps


_RETURNED: list[Any] = ["out", "#cache"]
_SUM = Setting("lrn_alpha", "sum", "alpha multiplies the sum of squares, as in the paper")
_MEAN = Setting("lrn_alpha", "mean", "alpha is divided by n first, as in PyTorch and Caffe")


def _problem(
    name: str,
    title: str,
    output: str,
    steps: Callable[..., Steps],
    derivative: Derivative | None = None,
) -> ProblemPlan:
    own = ProblemPlan(
        name,
        title,
        name,
        (output,),
        tuple(CasePlan(case, words, _PLAIN, steps(*how)) for case, words, *how in _SHAPES),
        derivative,
        setting=_SUM,
    )
    other = replace(own, setting=_MEAN, changes={"strength": lambda q: q.alpha / q.n})
    return replace(own, alternatives=(other,))


PROBLEMS: tuple[ProblemPlan, ...] = (
    _problem("lrn_forward", "local response normalisation forward", "out", _forward),
    _problem(
        "lrn_backward",
        "local response normalisation backward",
        "dx",
        _backward,
        Derivative(value="out", step=0, outputs={"dx": (0, 0)}, upstream=(1, 0)),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (lrn_forward, lrn_backward)
