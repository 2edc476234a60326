"""Mistakes in the rules that scale each weight's step: AdaGrad and RMSProp."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.optimizers.updates import descent_bugs, optimizer, scaling_bugs
from reference.bugs.sheet import Sheet

_STATE = {"cache": 0.0}
_FORMULAS = {
    "power": lambda q: q.dw**2,
    "squares": lambda q: q.cache,
    "root": lambda q: np.sqrt(q.squares),
    "divisor": lambda q: q.root + q.epsilon,
    "numerator": lambda q: q.dw,
    "step": lambda q: q.learning_rate * q.numerator / q.divisor,
}

ADAGRAD = optimizer(
    "adagrad",
    {"learning_rate": 1e-2, "epsilon": 1e-8},
    _STATE,
    {**_FORMULAS, "cache": lambda q: q.cache_before + q.power},
)
RMSPROP = optimizer(
    "rmsprop",
    {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
    _STATE,
    {
        **_FORMULAS,
        "cache": lambda q: q.decay_rate * q.cache_before + (1 - q.decay_rate) * q.power,
    },
)


def _zero(q: Sheet) -> Any:
    return np.zeros_like(q.w)


adagrad_bug = bugs_of(ADAGRAD)
rmsprop_bug = bugs_of(RMSPROP)

ADAGRAD_BUGS = (
    *descent_bugs(adagrad_bug, 1e-2),
    *scaling_bugs(adagrad_bug),
    adagrad_bug(
        "cache_forgotten",
        "the sum of squares is not kept for the next step; it should grow from step to step",
        "what does your function put into the config that it returns?",
        cache_before=_zero,
    ),
    adagrad_bug(
        "old_cache_used",
        "the step is divided by the root of the old sum, which lacks the gradient at hand (and is "
        "0 at first)",
        "in which order do you add to the sum and use it?",
        squares=lambda q: q.cache_before + _zero(q),
    ),
    adagrad_bug(
        "rmsprop",
        "the sum decays with rate 0.99, as in RMSProp; AdaGrad forgets nothing",
        "what happens to the sum in a step without a gradient?",
        cache=lambda q: 0.99 * q.cache_before + 0.01 * q.power,
    ),
    adagrad_bug(
        "decaying_sum",
        "the sum decays before the new square is added; AdaGrad forgets nothing",
        "what happens to the sum in a step without a gradient?",
        cache=lambda q: 0.9 * q.cache_before + 0.1 * q.power,
    ),
    adagrad_bug(
        "one_scale_for_all",
        "all weights share one sum of squares; each has its own",
        "does a weight with small gradients take larger steps than its neighbour?",
        power=lambda q: np.full_like(q.dw, (q.dw**2).sum()),
    ),
    adagrad_bug(
        "sum_of_gradients",
        "the gradients are added up and then squared; their squares should be added up",
        "what if two gradients cancel each other?",
        cache=lambda q: q.cache_before + q.dw,
        squares=lambda q: q.cache**2,
    ),
)

RMSPROP_BUGS = (
    *descent_bugs(rmsprop_bug, 1e-2),
    *scaling_bugs(rmsprop_bug),
    rmsprop_bug(
        "cache_forgotten",
        "the average of squares is not kept for the next step; it should be carried on",
        "what does your function put into the config that it returns?",
        cache_before=_zero,
    ),
    rmsprop_bug(
        "old_cache_used",
        "the step is divided by the root of the old average, which lacks the gradient at hand (and "
        "is 0 at first)",
        "in which order do you update the average and use it?",
        squares=lambda q: q.cache_before + _zero(q),
    ),
    rmsprop_bug(
        "adagrad",
        "the squares are added up without decay, as in AdaGrad; RMSProp averages them",
        "does your average forget?",
        cache=lambda q: q.cache_before + q.power,
    ),
    rmsprop_bug(
        "square_enters_whole",
        "the new square enters the average whole; its weight should be 1 - decay_rate",
        "do the two weights of an average add up to 1?",
        cache=lambda q: q.decay_rate * q.cache_before + q.power,
    ),
    rmsprop_bug(
        "old_average_whole",
        "the old average is kept whole; its weight should be decay_rate",
        "do the two weights of an average add up to 1?",
        cache=lambda q: q.cache_before + (1 - q.decay_rate) * q.power,
    ),
    rmsprop_bug(
        "weights_swapped",
        "the old average has the weight 1 - decay_rate and the new square decay_rate; it should be "
        "the other way round",
        "does your average change slowly or fast when decay_rate is near 1?",
        cache=lambda q: (1 - q.decay_rate) * q.cache_before + q.decay_rate * q.power,
    ),
    rmsprop_bug(
        "decay_fixed",
        "the decay rate is always 0.99; it should be the one in config",
        "which value wins when config already has one?",
        decay_rate=lambda _: 0.99,
    ),
    rmsprop_bug(
        "average_of_gradients",
        "the gradients are averaged and then squared; their squares should be averaged",
        "what if two gradients cancel each other?",
        cache=lambda q: q.decay_rate * q.cache_before + (1 - q.decay_rate) * q.dw,
        squares=lambda q: q.cache**2,
    ),
    rmsprop_bug(
        "one_scale_for_all",
        "all weights share one average of squares; each has its own",
        "does a weight with small gradients take larger steps than its neighbour?",
        power=lambda q: np.full_like(q.dw, (q.dw**2).mean()),
    ),
    rmsprop_bug(
        "root_kept",
        "the square root is put into the state; the state should hold the average of squares",
        "what does the next step expect to find in the config?",
        cache_kept=lambda q: np.sqrt(q.cache),
    ),
)
