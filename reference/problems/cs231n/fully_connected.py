"""FullyConnectedNet, whose params are set, so that a net that draws its weights can be compared.

Years differ in how the constructor is asked for batch normalisation: it is given what it knows of
``normalization`` and ``use_batchnorm``. All numbers are exact in float32, to which nets convert
what they are given, and no output need be nearer than float32 is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Step, Tolerance, ValueTree
from reference.classifiers.fully_connected import FullyConnectedNet
from reference.problems.cs231n.net_settings import penalised_in_any_way
from reference.problems.plan import (
    CasePlan,
    Draw,
    ProblemPlan,
    Recipe,
    Steps,
    gaussian,
    on_grid,
)
from reference.problems.two_layer import bears_an_epsilon, draw_labels

Array = NDArray[Any]
Params = dict[str, Array]

_KINK: Final = 1e-3
_SINGLE: Final = Tolerance(1e-5, 1e-5)
_GRADIENTS: Final = ("dW1", "db1", "dgamma1", "dbeta1", "dW2", "db2", "dW3", "db3")
_SCORES, _PLAIN, _L2 = frozenset({"scores"}), frozenset({"plain"}), frozenset({"l2"})
_NORM, _TEST = frozenset({"batchnorm"}), frozenset({"batchnorm_test"})


@dataclass(frozen=True)
class Net:
    """Sizes of samples, hidden layers and classes; with batch normalisation or without."""

    sample: tuple[int, ...]
    hidden: tuple[int, ...]
    classes: int
    normalised: bool = False

    def scores(self, N: int) -> Steps:
        """The net, and its scores."""

        def steps(draw: Draw) -> list[Step]:
            params, X = self._drawn(draw, N)
            return [*self._made(params, 0.0), _loss([X], "scores")]

        return steps

    def loss(self, N: int, reg: float = 0.0) -> Steps:
        """The net, its loss and gradients."""

        def steps(draw: Draw) -> list[Step]:
            params, X, y = self._labelled(draw, N)
            grads: Any = {name: f"d{name}" for name in params}
            return [*self._made(params, reg), _loss([X, y], ["loss", grads])]

        return steps

    def test(self, N: int) -> Steps:
        """The net, trained on one batch, and its scores of another."""

        def steps(draw: Draw) -> list[Step]:
            params, X, y = self._labelled(draw, N)
            other = gaussian(draw, N + 1, *self.sample)
            trained = _loss([X, y], ["trained", "#grads"])
            return [*self._made(params, 0.0), trained, _loss([other], "scores")]

        return steps

    def _made(self, params: Params, reg: float) -> list[Step]:
        options: dict[str, ValueTree] = {
            "hidden_dims": list(self.hidden),
            "input_dim": int(np.prod(self.sample)),
            "num_classes": self.classes,
            "reg": reg,
        }
        if self.normalised:
            options |= {"normalization": "batchnorm", "use_batchnorm": True}
        return [
            Step("FullyConnectedNet:known", [options], "#net"),
            Step("FullyConnectedNet.params:set", [Bound("net"), dict(params)], "_"),
        ]

    def _labelled(self, draw: Draw, N: int) -> tuple[Params, Array, Array]:
        while True:
            params, X = self._drawn(draw, N)
            y = draw_labels(draw, N, np.arange(self.classes))
            if bears_an_epsilon(self._run(params, X)[1], y):
                return params, X, y

    def _drawn(self, draw: Draw, N: int) -> tuple[Params, Array]:
        """Parameters and X, drawn until each hidden layer is on and off, and never near its kink.

        So it is without biases, which code in float32 would come to by rounding.
        """
        sizes = (int(np.prod(self.sample)), *self.hidden, self.classes)
        while True:
            params: Params = {}
            for i in range(1, len(sizes)):
                shape = sizes[i - 1 : i + 1]
                params[f"W{i}"] = gaussian(draw, *shape, scale=1.6 / np.sqrt(shape[0]))
                params[f"b{i}"] = gaussian(draw, shape[1], scale=0.5)
                if self.normalised and i < len(sizes) - 1:
                    sign = draw.choice([-1.0, 1.0], shape[1])
                    params[f"gamma{i}"] = on_grid(sign * draw.uniform(0.75, 1.5, shape[1]))
                    params[f"beta{i}"] = gaussian(draw, shape[1], scale=0.5)
            X = gaussian(draw, N, *self.sample)
            before, scores = self._run(params, X)
            of_both_signs = all((a > 0).any() and (a < 0).any() for a in (*before, scores))
            if of_both_signs and all(np.abs(a).min() > _KINK for a in before):
                return params, X

    def _run(self, params: Params, X: Array) -> tuple[list[Array], Array]:
        """What comes to the ReLUs, and the scores."""
        before, h, last = [], X.reshape(len(X), -1), len(self.hidden) + 1
        for i in range(1, last):
            a = h @ params[f"W{i}"] + params[f"b{i}"]
            if self.normalised:
                normal = (a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + 1e-5)
                a = normal * params[f"gamma{i}"] + params[f"beta{i}"]
            before.append(a)
            h = np.maximum(a, 0)
        return before, h @ params[f"W{last}"] + params[f"b{last}"]


def _loss(args: list[ValueTree], returns: Any) -> Step:
    return Step("FullyConnectedNet.loss", [Bound("net"), *args], returns)


def _of_layers(steps: list[Step], backward: str) -> Recipe:
    """The net of a case, made of layers as CS231n has students build it; without the penalty.

    Args:
        steps: the case's.
        backward: the student's function for batch normalisation backward.
    """
    params = cast("Params", steps[1].args[1])
    first, *others = steps[2:]
    _, X, *y = first.args
    if not y:
        return Recipe(_forward(params, X, "", "scores"))
    if not others:
        return Recipe([*_forward(params, X, "", "scores_"), *_backward(params, y[0], backward)])
    return Recipe(
        [
            *_forward(params, X, "", "scores_"),
            *_averages(params),
            *_forward(params, others[0].args[1], "t", "scores"),
        ]
    )


def _forward(params: Params, X: ValueTree, mark: str, scores: str) -> list[Step]:
    """Forward through all layers; ``mark`` tells a second pass, in test mode, from the first."""
    last = sum(name.startswith("W") for name in params)
    steps, h = [], X
    for i in range(1, last):
        z, a, at = f"{mark}z{i}", f"{mark}a{i}", f"{mark}{i}"
        weights: list[ValueTree] = [params[f"W{i}"], params[f"b{i}"]]
        normalised = f"gamma{i}" in params
        steps.append(
            Step("affine_forward", [h, *weights], [z if normalised else a, f"#affine{at}"])
        )
        if normalised:
            param: ValueTree = Bound(f"param{i}")
            if mark:
                averages = {n: Bound(f"{n}{i}") for n in ("running_mean", "running_var")}
                param = {"mode": "test", **averages}
            else:
                held = Step("batchnorm_forward:value", [{"mode": "train"}], f"#param{i}")
                steps.append(held)
            args: list[ValueTree] = [Bound(z), params[f"gamma{i}"], params[f"beta{i}"], param]
            steps.append(Step("batchnorm_forward", args, [a, f"#norm{at}"]))
        steps.append(Step("relu_forward", [Bound(a)], [f"{mark}h{i}", f"#relu{at}"]))
        h = Bound(f"{mark}h{i}")
    outer: list[ValueTree] = [h, params[f"W{last}"], params[f"b{last}"]]
    return [*steps, Step("affine_forward", outer, [scores, f"#affine{mark}{last}"])]


def _averages(params: Params) -> list[Step]:
    names: list[ValueTree] = ["running_mean", "running_var"]
    return [
        Step(
            "batchnorm_forward:value",
            [Bound(f"param{i}"), list(names)],
            {name: f"{name}{i}" for name in map(str, names)},
        )
        for i in range(1, 1 + sum(name.startswith("gamma") for name in params))
    ]


def _backward(params: Params, y: ValueTree, function: str) -> list[Step]:
    last = sum(name.startswith("W") for name in params)
    steps = [
        Step("softmax_loss", [Bound("scores_"), y], ["loss", "dscores"]),
        Step(
            "affine_backward",
            [Bound("dscores"), Bound(f"affine{last}")],
            [f"dh{last - 1}", f"dW{last}", f"db{last}"],
        ),
    ]
    for i in range(last - 1, 0, -1):
        steps.append(Step("relu_backward", [Bound(f"dh{i}"), Bound(f"relu{i}")], f"da{i}"))
        dz = f"da{i}"
        if f"gamma{i}" in params:
            dz, found = f"dz{i}", [f"dz{i}", f"dgamma{i}", f"dbeta{i}"]
            steps.append(Step(function, [Bound(f"da{i}"), Bound(f"norm{i}")], list(found)))
        returns = [f"dh{i - 1}", f"dW{i}", f"db{i}"]
        steps.append(Step("affine_backward", [Bound(dz), Bound(f"affine{i}")], list(returns)))
    return steps


def _usual(steps: list[Step]) -> Recipe:
    return _of_layers(steps, "batchnorm_backward")


def _alternative(steps: list[Step]) -> Recipe | None:
    """With the other backward pass of batch normalisation, where there is one."""
    params, last = cast("Mapping[str, Array]", steps[1].args[1]), steps[-1]
    if "gamma1" not in params or len(last.args) < 3:
        return None
    return _of_layers(steps, "batchnorm_backward_alt")


DEEP = Net((7,), (5, 8), 4)
IMAGES = Net((2, 3, 2), (6,), 3)
NORMALISED = Net((6,), (4,), 3, normalised=True)

PROBLEMS: tuple[ProblemPlan, ...] = (
    penalised_in_any_way(
        ProblemPlan(
            "fully_connected_net",
            "FullyConnectedNet: scores, loss and gradients",
            "FullyConnectedNet.loss",
            ("scores", "loss", *_GRADIENTS),
            (
                CasePlan("scores", "scores of two layers, images", _SCORES, IMAGES.scores(5)),
                CasePlan("plain", "three layers, no regularisation", _PLAIN, DEEP.loss(6)),
                CasePlan("l2", "three layers with L2", _L2, DEEP.loss(6, 0.375)),
                CasePlan("batchnorm", "two layers with batch norm", _NORM, NORMALISED.loss(8)),
                CasePlan("batchnorm_test", "batch norm in test mode", _TEST, NORMALISED.test(8)),
            ),
            # For an epsilon against log(0), which many courses teach.
            looser={
                "loss": Tolerance(1e-4, 1e-4),
                **dict.fromkeys(("scores", *_GRADIENTS), _SINGLE),
            },
            compositions=(_usual, _alternative),
            penalised=frozenset({"loss", *_GRADIENTS}),
        )
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (FullyConnectedNet,)
