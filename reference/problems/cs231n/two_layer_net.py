"""TwoLayerNet, whose params are set, so that a net that draws its weights can be compared.

In some years ``loss`` is given reg, in others the constructor; the penalty is halved or not, and
some give biases a penalty, too. All of these are settings of one problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from grader.bundle import Bound, Setting, Step, Tolerance, ValueTree
from reference.bugs.sheet import Formulas
from reference.bugs.two_layer.formulas import FORMULAS
from reference.classifiers.two_layer import TwoLayerNet
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Recipe, Steps
from reference.problems.two_layer import (
    Shape,
    bears_an_epsilon,
    draw_labels,
    draw_net,
    scores_of,
)

_GRADIENTS = {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}
_SCORES, _PLAIN, _L2 = frozenset({"scores"}), frozenset({"plain"}), frozenset({"l2"})


@dataclass(frozen=True)
class Form:
    """How a year's net is made and called."""

    name: str
    words: str
    reg_to_constructor: bool

    def scores(self, shape: Shape) -> Steps:
        """The net, and its scores."""

        def steps(draw: Draw) -> list[Step]:
            made, _, X = self._net(draw, shape, 0.0)
            return [*made, Step("TwoLayerNet.loss", [Bound("net"), X], "scores")]

        return steps

    def loss(self, shape: Shape, reg: float) -> Steps:
        """The net, its loss and gradients."""

        def steps(draw: Draw) -> list[Step]:
            while True:
                made, params, X = self._net(draw, shape, reg)
                y = draw_labels(draw, shape[0], np.arange(shape[3]))
                if bears_an_epsilon(scores_of(params, X), y):
                    break
            given: list[ValueTree] = [Bound("net"), X, y]
            if not self.reg_to_constructor:
                given.append(reg)
            return [*made, Step("TwoLayerNet.loss", given, ["loss", dict(_GRADIENTS)])]

        return steps

    def _net(self, draw: Draw, shape: Shape, reg: float) -> tuple[list[Step], dict[str, Any], Any]:
        params, X = draw_net(draw, shape)
        sizes: list[ValueTree] = [*shape[1:], 0.01]
        if self.reg_to_constructor:
            sizes.append(reg)
        made = Step("TwoLayerNet", sizes, "#net")
        steps = [made, Step("TwoLayerNet.params:set", [Bound("net"), dict(params)], "_")]
        return steps, params, X


def _layers(steps: list[Step]) -> Recipe:
    """The net of a case, made of layers, as fc_net.py has it; without the penalty."""
    params, (_, X, *y) = cast("dict[str, Any]", steps[1].args[1]), steps[2].args
    forward = [
        Step("affine_forward", [X, params["W1"], params["b1"]], ["z", "#first"]),
        Step("relu_forward", [Bound("z")], ["h", "#hidden"]),
        Step("affine_forward", [Bound("h"), params["W2"], params["b2"]], ["scores", "#second"]),
    ]
    if not y:
        return Recipe(forward)
    backward = [
        Step("softmax_loss", [Bound("scores"), y[0]], ["loss", "dscores"]),
        Step("affine_backward", [Bound("dscores"), Bound("second")], ["dh", "dW2", "db2"]),
        Step("relu_backward", [Bound("dh"), Bound("hidden")], "dz"),
        Step("affine_backward", [Bound("dz"), Bound("first")], ["_", "dW1", "db1"]),
    ]
    return Recipe([*forward, *backward])


def _plan(form: Form, words: str, value: str, changes: Formulas) -> ProblemPlan:
    return ProblemPlan(
        "two_layer_net",
        "TwoLayerNet: scores, loss and gradients",
        "TwoLayerNet.loss",
        ("scores", "loss", "dW1", "db1", "dW2", "db2"),
        (
            CasePlan("scores", "scores", _SCORES, form.scores((7, 5, 9, 3))),
            CasePlan("plain", "no regularisation", _PLAIN, form.loss((11, 8, 6, 4), 0.0)),
            CasePlan("single", "a single sample", _PLAIN, form.loss((1, 8, 5, 4), 0.0)),
            CasePlan("l2", "with L2", _L2, form.loss((11, 8, 6, 4), 0.375)),
        ),
        # For an epsilon against log(0), which many courses teach.
        looser={"loss": Tolerance(1e-4, 1e-4)},
        setting=Setting("two_layer_net", f"{form.name}{value}", f"{form.words}; {words}"),
        changes=changes,
        compositions=(_layers,),
        penalised=frozenset({"loss", *_GRADIENTS.values()}),
    )


_HALF: Formulas = {"reg": lambda q: q.strength / 2}
_BIASES: Formulas = {
    "penalty": lambda q: FORMULAS["penalty"](q) + q.reg * ((q.b1**2).sum() + (q.b2**2).sum()),
    "db1": lambda q: FORMULAS["db1"](q) + 2 * q.reg * q.b1,
    "db2": lambda q: FORMULAS["db2"](q) + 2 * q.reg * q.b2,
}
_PENALTIES: tuple[tuple[str, str, Formulas], ...] = (
    ("", "the penalty is reg times the sum of squared weights", {}),
    ("_half", "the penalty is half of reg times the sum of squared weights", _HALF),
    ("_biases", "the penalty is reg times the sum of squares, of biases, too", _BIASES),
    (
        "_half_biases",
        "the penalty is half of reg times the sum of squares, of biases, too",
        {**_HALF, **_BIASES},
    ),
)
_FORMS = (
    Form("argument", "loss is given reg", reg_to_constructor=False),
    Form("constructor", "the constructor is given reg", reg_to_constructor=True),
)
_PLANS = [
    _plan(form, words, value, changes) for form in _FORMS for value, words, changes in _PENALTIES
]

PROBLEMS: tuple[ProblemPlan, ...] = (replace(_PLANS[0], alternatives=tuple(_PLANS[1:])),)

FUNCTIONS: tuple[Callable[..., Any], ...] = (TwoLayerNet,)
