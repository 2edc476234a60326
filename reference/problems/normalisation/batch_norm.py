"""Problems of batch normalisation, of tables and of images.

N, D (or C), H and W differ. The running statistics are read back from bn_param, which is held
inside the student's process over two calls, so that their state shows as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Arrangement, Bound, Derivative, Setting, Step, ValueTree
from reference.layers.batch_norm import (
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from reference.problems.plan import (
    CasePlan,
    Compose,
    Draw,
    ProblemPlan,
    Recipe,
    Steps,
    gaussian,
    on_grid,
)

Array = NDArray[Any]
Param = dict[str, ValueTree]

_WIDE = 500.0
"""eps = 1e-5 beside this deviation changes the outputs by 2e-8."""
_BACKWARD_WIDE = 60.0
_NARROW = 0.01
"""eps is a tenth of this deviation's square."""
_SMALL = 0.02
"""A running variance that eps was added to shows, too."""
_SLOW = 0.75
"""A momentum that is not the usual one."""


@dataclass(frozen=True)
class Layer:
    """One of the two layers: its functions' names begin alike."""

    prefix: str
    shape: tuple[int, ...]
    other_shape: tuple[int, ...]

    def x(self, draw: Draw, shape: tuple[int, ...], deviation: float) -> Array:
        """Values of which each feature has another mean and deviation."""
        ones = (1, shape[1], *(1 for _ in shape[2:]))
        spread = draw.uniform(0.7, 1.4, ones)
        shift = draw.standard_normal(ones)
        return on_grid(deviation * (draw.standard_normal(shape) * spread + shift))

    def weights(self, draw: Draw, features: int) -> tuple[Array, Array]:
        """Gamma and beta, not near 0 or 1."""
        sign = draw.choice([-1.0, 1.0], features)
        return on_grid(sign * draw.uniform(1.25, 2.5, features)), gaussian(draw, features)

    def statistics(self, draw: Draw, features: int, deviation: float) -> Param:
        """Running mean and variance, in single precision exact."""
        variance = np.round(draw.uniform(1, 8, features) * deviation**2)
        if deviation < 1:
            variance = draw.randint(1, 9, features) / 4096
        return {
            "running_mean": gaussian(draw, features, scale=deviation),
            "running_var": variance.astype(np.float64),
        }

    def train(self, deviation: float, param: Param) -> Steps:
        """One call in training mode."""

        def steps(draw: Draw) -> list[Step]:
            return [self._forward(draw, self.shape, deviation, {"mode": "train", **param})]

        return steps

    def test(self, deviation: float, param: Param) -> Steps:
        """One call in test mode, after which the running statistics are still the same."""

        def steps(draw: Draw) -> list[Step]:
            stored = self.statistics(draw, self.other_shape[1], deviation)
            held = {"mode": "test", **stored, **param}
            call = self._forward(draw, self.other_shape, deviation, held)
            return self._looked_into(held, [call])

        return steps

    def running(self, draw: Draw) -> list[Step]:
        """Two calls in training mode; only the running statistics are compared."""
        held = {
            "mode": "train",
            "momentum": _SLOW,
            **self.statistics(draw, self.shape[1], _SMALL),
        }
        calls = [self._forward(draw, self.shape, _SMALL, held) for _ in range(2)]
        unread = [replace(call, returns=["#unread", "#cache"]) for call in calls]
        return self._looked_into(held, unread)

    def backward(self, function: str, deviation: float, param: Param) -> Steps:
        """A call in training mode, and the backward function with its cache."""

        def steps(draw: Draw) -> list[Step]:
            forward = self._forward(draw, self.shape, deviation, {"mode": "train", **param})
            dout = gaussian(draw, *self.shape, scale=deviation)
            step = Step(function, [dout, Bound("cache")], ["dx", "dgamma", "dbeta"])
            return [forward, step]

        return steps

    def compositions(self, *backward: str) -> tuple[Compose, ...]:
        """Images are tables whose rows are their pixels; tables are made of nothing else.

        Args:
            backward: functions for tables, any of which does for a backward problem.
        """
        if len(self.shape) == 2:
            return ()
        return tuple(partial(_of_tables, backward=name) for name in backward)

    def _forward(self, draw: Draw, shape: tuple[int, ...], deviation: float, param: Param) -> Step:
        x = self.x(draw, shape, deviation)
        gamma, beta = self.weights(draw, shape[1])
        return Step(f"{self.prefix}_forward", [x, gamma, beta, param], ["out", "#cache"])

    def _looked_into(self, held: Param, calls: list[Step]) -> list[Step]:
        function = f"{self.prefix}_forward:value"
        names: list[ValueTree] = ["running_mean", "running_var"]
        return [
            Step(function, [held], "#bn_param"),
            *(replace(call, args=[*call.args[:3], Bound("bn_param")]) for call in calls),
            Step(function, [Bound("bn_param"), names], {n: n for n in map(str, names)}),
        ]


def _of_tables(steps: list[Step], backward: str) -> Recipe:
    found: list[Step] = []
    shape: tuple[int, ...] = ()
    for step in steps:
        args = list(step.args)
        first = args[0]
        if isinstance(first, np.ndarray):
            N, C, H, W = first.shape
            shape = (N, H, W, C)
            args[0] = first.transpose(0, 2, 3, 1).reshape(-1, C)
        name = step.function.removeprefix("spatial_")
        found.append(Step(backward if name == "batchnorm_backward" else name, args, step.returns))
    there = Arrangement(shape, (0, 3, 1, 2))
    return Recipe(found, {"out": there, "dx": there})


_TRAIN = frozenset({"train"})
_TEST = frozenset({"test"})
_RUNNING = frozenset({"running"})
_EPS = frozenset({"eps"})
_PLAIN = frozenset({"plain"})


def _forward_problem(layer: Layer, title: str) -> ProblemPlan:
    own = ProblemPlan(
        f"{layer.prefix}_forward",
        f"{title} forward",
        f"{layer.prefix}_forward",
        ("out", "running_mean", "running_var"),
        (
            CasePlan("train", "training mode", _TRAIN, layer.train(_WIDE, {})),
            CasePlan("running", "running statistics after two calls", _RUNNING, layer.running),
            CasePlan("test", "test mode", _TEST, layer.test(_WIDE, {})),
            CasePlan("eps", "training mode, small variance", _EPS, layer.train(_NARROW, {})),
            CasePlan(
                "own_eps",
                "training mode, another eps",
                _EPS,
                layer.train(_NARROW, {"eps": 0.0078125}),
            ),
            CasePlan("eps_test", "test mode, small variance", _EPS, layer.test(_NARROW, {})),
        ),
        setting=Setting(
            "running_variance",
            "batch",
            "the running variance follows the batch's variance as it is, divided by N",
        ),
        compositions=layer.compositions("batchnorm_backward"),
    )
    unbiased = replace(
        own,
        setting=Setting(
            "running_variance",
            "unbiased",
            "the running variance follows the batch's variance divided by N - 1",
        ),
        changes={"fed_var": lambda q: (q.centred**2).sum(axis=(0, 2))[:, np.newaxis] / (q.M - 1)},
    )
    return replace(own, alternatives=(unbiased,))


def _backward_problem(layer: Layer, function: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("dx", "dgamma", "dbeta"),
        (
            CasePlan(
                "plain", "training mode", _PLAIN, layer.backward(function, _BACKWARD_WIDE, {})
            ),
            CasePlan("eps", "small variance", _EPS, layer.backward(function, _NARROW, {})),
            CasePlan(
                "own_eps",
                "another eps",
                _EPS,
                layer.backward(function, _NARROW, {"eps": 0.0078125}),
            ),
        ),
        Derivative(
            value="out",
            step=0,
            outputs={"dx": (0, 0), "dgamma": (0, 1), "dbeta": (0, 2)},
            upstream=(1, 0),
        ),
        loose_shapes=frozenset({"dgamma", "dbeta"}),
        compositions=layer.compositions("batchnorm_backward", "batchnorm_backward_alt"),
    )


TABLE = Layer("batchnorm", (7, 4), (5, 6))
IMAGES = Layer("spatial_batchnorm", (2, 3, 4, 5), (1, 4, 3, 2))

PROBLEMS: tuple[ProblemPlan, ...] = (
    _forward_problem(TABLE, "batch normalisation"),
    _backward_problem(TABLE, "batchnorm_backward", "batch normalisation backward"),
    _backward_problem(
        TABLE, "batchnorm_backward_alt", "batch normalisation backward, the other way"
    ),
    _forward_problem(IMAGES, "batch normalisation of images"),
    _backward_problem(
        IMAGES, "spatial_batchnorm_backward", "batch normalisation of images backward"
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    batchnorm_forward,
    batchnorm_backward,
    batchnorm_backward_alt,
    spatial_batchnorm_forward,
    spatial_batchnorm_backward,
)
