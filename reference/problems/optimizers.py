"""Update rules: problems.

Each case takes three steps from a config without state, which goes on from step to step: a rule
that forgets its state, or t, is right in the first of them. Weights and gradients are new each
time, so that one step without a result does not spoil the others. The weights are small beside the
steps, so that a wrong step shows. Gradients near the square root of epsilon tell whether it is
inside the root or outside; a weight that never has a gradient tells whether it is there at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Setting, Step, ValueTree
from reference.optimizers.adagrad import adagrad
from reference.optimizers.adam import adam
from reference.optimizers.alexnet import alexnet_update
from reference.optimizers.lbfgs import lbfgs_direction
from reference.optimizers.momentum import nesterov_momentum, sgd_momentum
from reference.optimizers.rmsprop import rmsprop
from reference.optimizers.sgd import sgd
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

Array = NDArray[Any]
Gradient = Callable[[Draw, tuple[int, ...]], Array]
SHAPE = (4, 3)
OTHER_SHAPE = (2, 3, 5)

_PLAIN = frozenset({"plain"})
_TINY = frozenset({"tiny"})
_IDLE = frozenset({"idle"})
_LEAST_CURVATURE = 0.25


# ------------------------------------------------------------------------------------- drawing
def _ordinary(draw: Draw, shape: tuple[int, ...]) -> Array:
    """Gradients of either sign, none near 0."""
    g = gaussian(draw, *shape)
    return np.asarray(g + np.where(g > 0, 1 / 8, -1 / 8))


def _tiny(draw: Draw, shape: tuple[int, ...]) -> Array:
    """Gradients of 1.2e-4 to 2.4e-4: their squares are as large as an epsilon of 1e-8."""
    size = on_grid(draw.uniform(1, 2, shape))
    return np.asarray(size * draw.choice([-1.0, 1.0], shape) / 8192)


def _with_idle(draw: Draw, shape: tuple[int, ...]) -> Array:
    """Gradients that are always 0 for the first weights."""
    g = _ordinary(draw, shape)
    g[0] = 0
    return g


def _steps(
    rule: str,
    config: Mapping[str, float],
    shape: tuple[int, ...],
    gradient: Gradient = _ordinary,
    scale: float = 1 / 16,
) -> Steps:
    """Three steps of a rule; ``scale`` is that of the weights."""

    def steps(draw: Draw) -> list[Step]:
        held: ValueTree = dict(config)
        calls = []
        for number in (1, 2, 3):
            arguments = [gaussian(draw, *shape, scale=scale), gradient(draw, shape), held]
            calls.append(Step(rule, arguments, [f"w{number}", f"#config{number}"]))
            held = Bound(f"config{number}")
        return calls

    return steps


def _plan(rule: str, title: str, *cases: CasePlan, **more: Any) -> ProblemPlan:
    return ProblemPlan(rule, title, rule, ("w1", "w2", "w3"), cases, **more)


def _plain(
    rule: str, usual: Mapping[str, float], other: Mapping[str, float], scale: float = 1 / 16
) -> tuple[CasePlan, CasePlan]:
    return (
        CasePlan("usual", "the usual constants", _PLAIN, _steps(rule, usual, SHAPE, scale=scale)),
        CasePlan("other", "other constants", _PLAIN, _steps(rule, other, OTHER_SHAPE, scale=scale)),
    )


def _scaled(
    rule: str, usual: Mapping[str, float], other: Mapping[str, float], tiny: Mapping[str, float]
) -> tuple[CasePlan, ...]:
    return (
        *_plain(rule, usual, other),
        CasePlan("tiny", "very small gradients", _TINY, _steps(rule, tiny, SHAPE, _tiny, 1 / 256)),
        CasePlan(
            "idle",
            "weights that never have a gradient",
            _IDLE,
            _steps(rule, usual, SHAPE, _with_idle),
        ),
    )


def _history(pairs: int, size: int) -> Steps:
    """Steps s, and the changes y that a convex function with a random Hessian gives them."""

    def steps(draw: Draw) -> list[Step]:
        root = draw.standard_normal((size, size)) / np.sqrt(size)
        hessian = root @ root.T + 0.5 * np.eye(size)
        s_history: list[ValueTree] = []
        y_history: list[ValueTree] = []
        while len(s_history) < pairs:
            s = gaussian(draw, size)
            y = on_grid(hessian @ s)
            if s @ y > _LEAST_CURVATURE:
                s_history.append(s)
                y_history.append(y)
        arguments: list[ValueTree] = [gaussian(draw, size), s_history, y_history]
        return [Step("lbfgs_direction", arguments, "direction")]

    return steps


# ------------------------------------------------------------------------------------ problems
def _adam(setting: Setting, **more: Any) -> ProblemPlan:
    cases = _scaled(
        "adam",
        {"learning_rate": 2**-9},
        {"learning_rate": 2**-5, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-8},
        # So small a step, and so short a memory, that epsilon may be added before the correction or
        # after it, as the paper has it both ways.
        {"learning_rate": 2**-10, "beta1": 0.75, "beta2": 0.5},
    )
    return _plan("adam", "Adam", *cases, setting=setting, **more)


_FROM_TWO = _adam(
    Setting("adam_first_t", "two", "t starts at 1 and is counted up first: the first step has 2"),
    changes={"steps_at_first": lambda _: 1},
)

PROBLEMS: tuple[ProblemPlan, ...] = (
    _plan(
        "sgd",
        "gradient descent",
        *_plain("sgd", {"learning_rate": 2**-5}, {"learning_rate": 0.3}),
    ),
    _plan(
        "sgd_momentum",
        "momentum",
        *_plain("sgd_momentum", {"learning_rate": 2**-5}, {"learning_rate": 0.25, "momentum": 0.6}),
    ),
    _plan(
        "nesterov_momentum",
        "Nesterov momentum",
        *_plain(
            "nesterov_momentum", {"learning_rate": 2**-5}, {"learning_rate": 0.25, "momentum": 0.6}
        ),
    ),
    _plan(
        "adagrad",
        "AdaGrad",
        *_scaled(
            "adagrad",
            {"learning_rate": 2**-5},
            {"learning_rate": 0.25, "epsilon": 1e-8},
            {"learning_rate": 2**-8},
        ),
    ),
    _plan(
        "rmsprop",
        "RMSProp",
        *_scaled(
            "rmsprop",
            {"learning_rate": 2**-5},
            {"learning_rate": 0.25, "decay_rate": 0.8, "epsilon": 1e-8},
            {"learning_rate": 2**-8},
        ),
    ),
    _adam(
        Setting("adam_first_t", "one", "the first step has t = 1"),
        alternatives=(_FROM_TWO,),
    ),
    _plan(
        "alexnet_update",
        "AlexNet's update rule",
        *_plain(
            "alexnet_update",
            {"learning_rate": 0.25},
            {"learning_rate": 0.5, "momentum": 0.6, "weight_decay": 0.125},
            scale=2,
        ),
    ),
    ProblemPlan(
        "lbfgs_direction",
        "L-BFGS direction",
        "lbfgs_direction",
        ("direction",),
        (
            CasePlan("three", "three remembered steps", _PLAIN, _history(3, 6)),
            CasePlan("five", "five remembered steps", _PLAIN, _history(5, 7)),
            CasePlan("one", "one remembered step", _PLAIN, _history(1, 4)),
            CasePlan("none", "no history yet", frozenset({"no_history"}), _history(0, 5)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    sgd,
    sgd_momentum,
    nesterov_momentum,
    adagrad,
    rmsprop,
    adam,
    alexnet_update,
    lbfgs_direction,
)
