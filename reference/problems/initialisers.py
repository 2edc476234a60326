"""Initialisers: problems.

A student's random numbers are not ours, so the numbers are given; what is asked is their scale. All
sizes of a shape differ, so that a wrong count of inputs gives a factor of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from grader.bundle import Setting, Step
from reference.initialisers.he import he_init
from reference.initialisers.small_gaussian import small_gaussian_init
from reference.initialisers.xavier import xavier_init
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

_AFFINE = frozenset({"affine"})
_CONVOLUTION = frozenset({"convolution"})


def _weights(function: str, shape: tuple[int, ...], *parameters: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        return [Step(function, [gaussian(draw, *shape), *parameters], "w")]

    return steps


def _plan(function: str, title: str, **more: Any) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("w",),
        (
            CasePlan("affine", "an affine layer", _AFFINE, _weights(function, (7, 4))),
            CasePlan(
                "growing",
                "an affine layer with more outputs than inputs",
                _AFFINE,
                _weights(function, (3, 8)),
            ),
            CasePlan("conv", "a convolution", _CONVOLUTION, _weights(function, (5, 2, 3, 4))),
        ),
        **more,
    )


SMALL_GAUSSIAN = ProblemPlan(
    "small_gaussian_init",
    "small Gaussian weights",
    "small_gaussian_init",
    ("w",),
    (
        CasePlan("lecture", "scale 0.01", _AFFINE, _weights("small_gaussian_init", (7, 4), 0.01)),
        CasePlan("larger", "scale 0.3", _AFFINE, _weights("small_gaussian_init", (3, 8), 0.3)),
        CasePlan(
            "conv",
            "a convolution",
            _CONVOLUTION,
            _weights("small_gaussian_init", (5, 2, 3, 4), 0.05),
        ),
    ),
)

_INPUTS_AND_OUTPUTS = _plan(
    "xavier_init",
    "Xavier's initialisation",
    setting=Setting(
        "xavier_count", "inputs_and_outputs", "inputs and outputs are counted, as in the paper"
    ),
    changes={
        "deviation": lambda q: math.sqrt(
            2 / (math.prod(q.z.shape[2:]) * (q.z.shape[0] + q.z.shape[1]))
        )
    },
)

XAVIER = _plan(
    "xavier_init",
    "Xavier's initialisation",
    setting=Setting("xavier_count", "inputs", "only the inputs are counted, as in the lecture"),
    alternatives=(_INPUTS_AND_OUTPUTS,),
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    SMALL_GAUSSIAN,
    XAVIER,
    _plan("he_init", "He's initialisation"),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (small_gaussian_init, xavier_init, he_init)
