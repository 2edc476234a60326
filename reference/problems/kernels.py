"""Problems of fixed kernels, and of applying a kernel to an image.

Kernels that are applied are random and not square: the fixed ones are symmetric, so that one that
is turned or transposed does not show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.bundle import Setting, Step
from reference.bugs.sheet import Formulas
from reference.kernels import (
    apply_kernel,
    box_kernel,
    edge_kernel,
    gaussian_kernel,
    sharpen_kernel,
)
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

_PLAIN = frozenset({"plain"})


def _fixed(function: str, *arguments: int) -> Steps:
    return lambda _: [Step(function, list(arguments), "kernel")]


def _gaussian(size: int, least: float, most: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        sigma = round(draw.uniform(least, most), 2)
        return [Step("gaussian_kernel", [size, sigma], "kernel")]

    return steps


def _apply(image: tuple[int, int], kernel: tuple[int, int]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        return [Step("apply_kernel", [gaussian(draw, *image), gaussian(draw, *kernel)], "out")]

    return steps


def _problem(function: str, title: str, output: str, *cases: tuple[str, str, Steps]) -> ProblemPlan:
    plans = (CasePlan(name, words, _PLAIN, steps) for name, words, steps in cases)
    return ProblemPlan(function, title, function, (output,), tuple(plans))


_BEFORE = Setting(
    "kernel_padding",
    "before",
    "for a kernel of even size, the one more row and column of zeros lies at the top and at the "
    "left",
)
_AFTER = Setting(
    "kernel_padding",
    "after",
    "for a kernel of even size, the one more row and column of zeros lies at the bottom and at the "
    "right",
)
_AS_AFTER: Formulas = {
    "top": lambda q: (q.kernel.shape[0] - 1) // 2,
    "left": lambda q: (q.kernel.shape[1] - 1) // 2,
}
_APPLY = _problem(
    "apply_kernel",
    "applying a kernel",
    "out",
    ("square", "a kernel of 3 by 3", _apply((5, 7), (3, 3))),
    ("not_square", "a kernel of 3 by 5", _apply((6, 5), (3, 5))),
    ("even", "a kernel of 2 by 4", _apply((4, 6), (2, 4))),
)
_APPLY_AFTER = replace(_APPLY, setting=_AFTER, changes=_AS_AFTER)

PROBLEMS: tuple[ProblemPlan, ...] = (
    _problem(
        "box_kernel",
        "blur",
        "kernel",
        ("three", "3 by 3", _fixed("box_kernel", 3)),
        ("five", "5 by 5", _fixed("box_kernel", 5)),
        ("even", "4 by 4", _fixed("box_kernel", 4)),
    ),
    _problem(
        "gaussian_kernel",
        "Gaussian blur",
        "kernel",
        ("narrow", "3 by 3, a small sigma", _gaussian(3, 0.5, 0.8)),
        ("wide", "5 by 5, a large sigma", _gaussian(5, 1.3, 1.9)),
        ("even", "4 by 4", _gaussian(4, 1.1, 1.6)),
    ),
    _problem(
        "sharpen_kernel", "sharpen", "kernel", ("only", "the kernel", _fixed("sharpen_kernel"))
    ),
    _problem(
        "edge_kernel", "edge detection", "kernel", ("only", "the kernel", _fixed("edge_kernel"))
    ),
    replace(_APPLY, setting=_BEFORE, alternatives=(_APPLY_AFTER,)),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    box_kernel,
    gaussian_kernel,
    sharpen_kernel,
    edge_kernel,
    apply_kernel,
)
