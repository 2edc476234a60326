"""Mistakes in momentum, classical, Nesterov's and AlexNet's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.optimizers.updates import descent_bugs, optimizer
from reference.bugs.sheet import Sheet

_NUMBERS = {"learning_rate": 1e-2, "momentum": 0.9}
_STATE = {"velocity": 0.0}
_FORMULAS = {
    "pull": lambda q: q.learning_rate * q.dw,
    "rolling": lambda q: q.momentum * q.velocity_before,
    "velocity": lambda q: q.rolling - q.pull,
    "step": lambda q: -q.velocity,
}

MOMENTUM = optimizer("sgd_momentum", _NUMBERS, _STATE, _FORMULAS)
NESTEROV = optimizer(
    "nesterov_momentum",
    _NUMBERS,
    _STATE,
    {
        **_FORMULAS,
        "step": lambda q: q.momentum * q.velocity_before - (1 + q.momentum) * q.velocity,
    },
)
ALEXNET = optimizer(
    "alexnet_update",
    {**_NUMBERS, "weight_decay": 5e-4},
    _STATE,
    {
        **_FORMULAS,
        "decay": lambda q: q.weight_decay * q.learning_rate * q.w,
        "velocity": lambda q: q.rolling - q.decay - q.pull,
    },
)


def _zero(q: Sheet) -> Any:
    return np.zeros_like(q.w)


def _rolling_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in the velocity that all three rules share."""
    return (
        bug(
            "momentum_fixed",
            "the momentum is always 0.9; it should be the one in config",
            "which value wins when config already has one?",
            momentum=lambda _: 0.9,
        ),
        bug(
            "momentum_missing",
            "the old velocity is added whole; it should be multiplied with the momentum first",
            "does friction slow your ball down?",
            rolling=lambda q: q.velocity_before,
        ),
        bug(
            "moving_average",
            "the gradient enters the velocity with weight 1 - momentum, as in an average; here it "
            "enters whole",
            "some libraries average; the docstring here does not",
            pull=lambda q: (1 - q.momentum) * q.learning_rate * q.dw,
        ),
        bug(
            "old_velocity_used",
            "the weights move with the old velocity; they should move with the new one",
            "should the first step move the weights?",
            next_w=lambda q: q.w + q.velocity_before,
        ),
        bug(
            "velocity_sign",
            "the old velocity is subtracted, so the ball turns round in each step; it should be "
            "added",
            "where does a ball roll when the gradient is 0?",
            rolling=lambda q: -q.momentum * q.velocity_before,
        ),
        bug(
            "momentum_squared",
            "the old velocity is multiplied with the momentum twice; once is enough",
            "by how much does a ball slow down in a step without a gradient?",
            rolling=lambda q: q.momentum**2 * q.velocity_before,
        ),
        bug(
            "friction_for_momentum",
            "the old velocity is multiplied with 1 - momentum; it should be with the momentum",
            "does your ball lose a tenth of its speed in a step, or nine tenths?",
            rolling=lambda q: (1 - q.momentum) * q.velocity_before,
        ),
    )


momentum_bug = bugs_of(MOMENTUM)
nesterov_bug = bugs_of(NESTEROV)
alexnet_bug = bugs_of(ALEXNET)

MOMENTUM_BUGS = (
    *descent_bugs(momentum_bug, 1e-2),
    momentum_bug(
        "velocity_forgotten",
        "the velocity is not kept for the next step (or not used), so there is no momentum",
        "what does your function put into the config that it returns?",
        velocity_before=_zero,
    ),
    *_rolling_bugs(momentum_bug),
    momentum_bug(
        "nesterov",
        "this is Nesterov's momentum; the classical one is asked for",
        "by what do the weights change when the velocity is known?",
        next_w=lambda q: q.w + q.momentum * q.velocity - q.learning_rate * q.dw,
    ),
    momentum_bug(
        "gradient_twice",
        "the gradient moves the weights twice: in the velocity, and once more beside it",
        "what else moves the weights but the velocity?",
        next_w=lambda q: q.w + q.velocity - q.learning_rate * q.dw,
    ),
    momentum_bug(
        "momentum_on_gradient",
        "the momentum multiplies the new gradient, too; it should slow down the old velocity only",
        "how far does the very first step go?",
        pull=lambda q: q.momentum * q.learning_rate * q.dw,
    ),
)

NESTEROV_BUGS = (
    *descent_bugs(nesterov_bug, 1e-2),
    nesterov_bug(
        "velocity_forgotten",
        "the velocity is not kept for the next step (or not used)",
        "what does your function put into the config that it returns?",
        velocity_before=_zero,
    ),
    *_rolling_bugs(nesterov_bug),
    nesterov_bug(
        "classical",
        "the result is that of classical momentum (perhaps the old velocity was overwritten before "
        "it was used); Nesterov's rule looks ahead",
        "in which order do you compute the new velocity and use the old one?",
        step=lambda q: -q.velocity,
    ),
    nesterov_bug(
        "correction_sign",
        "the old velocity's part in the step has the wrong sign",
        "what remains of the rule when the momentum is 1 and the gradient 0?",
        step=lambda q: -q.momentum * q.velocity_before - (1 + q.momentum) * q.velocity,
    ),
    nesterov_bug(
        "correction_missing",
        "the old velocity's part in the step is missing; the new one is not all that moves the "
        "weights",
        "how many terms has the rule?",
        step=lambda q: -(1 + q.momentum) * q.velocity,
    ),
    nesterov_bug(
        "correction_without_momentum",
        "the old velocity's part in the step lacks its factor, the momentum",
        "what remains of the rule when the momentum is 0?",
        step=lambda q: q.velocity_before - (1 + q.momentum) * q.velocity,
    ),
    nesterov_bug(
        "look_ahead_missing",
        "the new velocity's part in the step has the factor 1; it should be 1 plus the momentum",
        "how many terms has the rule?",
        step=lambda q: q.momentum * q.velocity_before - q.velocity,
    ),
    nesterov_bug(
        "look_ahead_sign",
        "the new velocity's part in the step has the factor 1 minus the momentum; it should be 1 "
        "plus the momentum",
        "look ahead, not back",
        step=lambda q: q.momentum * q.velocity_before - (1 - q.momentum) * q.velocity,
    ),
)

ALEXNET_BUGS = (
    *descent_bugs(alexnet_bug, 1e-2),
    alexnet_bug(
        "velocity_forgotten",
        "the velocity is not kept for the next step (or not used), so there is no momentum",
        "what does your function put into the config that it returns?",
        velocity_before=_zero,
    ),
    *_rolling_bugs(alexnet_bug),
    alexnet_bug(
        "no_decay",
        "the weights do not decay; the rule subtracts a small part of them in each step",
        "what happens to a weight whose gradient is always 0?",
        decay=_zero,
    ),
    alexnet_bug(
        "decay_without_rate",
        "the decay does not contain the learning rate; it should be scaled by it like the gradient",
        "how many factors has the second term of the rule?",
        decay=lambda q: q.weight_decay * q.w,
    ),
    alexnet_bug(
        "growth",
        "the weights grow where they should decay: the decay has the wrong sign",
        "what happens to a weight whose gradient is always 0?",
        decay=lambda q: -q.weight_decay * q.learning_rate * q.w,
    ),
    alexnet_bug(
        "decay_beside_velocity",
        "the weights decay outside the velocity, which then does not remember it; the rule has the "
        "decay inside",
        "what does the velocity remember?",
        decay=_zero,
        next_w=lambda q: q.w * (1 - q.weight_decay * q.learning_rate) + q.velocity,
    ),
    alexnet_bug(
        "decay_doubled",
        "the decay is twice too large, as if the penalty were not halved; the rule has no factor 2",
        "compare the second term of the rule with yours, factor by factor",
        decay=lambda q: 2 * q.weight_decay * q.learning_rate * q.w,
    ),
    alexnet_bug(
        "decay_of_velocity",
        "the velocity decays; the weights should",
        "which of the two should shrink when the gradient is 0?",
        decay=lambda q: q.weight_decay * q.learning_rate * q.velocity_before,
    ),
    alexnet_bug(
        "decay_of_gradient",
        "the decay is taken from the gradient; it should be taken from the weights",
        "which of the two should shrink when the gradient is 0?",
        decay=lambda q: q.weight_decay * q.learning_rate * q.dw,
    ),
    alexnet_bug(
        "decay_fixed",
        "the decay is always 0.0005; it should be the one in config",
        "which value wins when config already has one?",
        weight_decay=lambda _: 5e-4,
    ),
    alexnet_bug(
        "decay_of_sign",
        "all weights decay by the same amount, as with L1; they should by a share of themselves",
        "does a large weight decay faster than a small one?",
        decay=lambda q: q.weight_decay * q.learning_rate * np.sign(q.w),
    ),
)
