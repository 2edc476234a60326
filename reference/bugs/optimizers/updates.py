"""Update rules: what their formulas and mistakes have in common.

    (w, dw, config) -> next_w = w - step, and a config that remembers the state

The hyperparameters have their own names on the sheet; each part of the state, "velocity" say, is
``velocity_before`` (zeros at first) and ``velocity``; ``velocity_kept`` goes into the next config.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import Bug
from reference.bugs.sheet import Family, Formula, Formulas, Sheet, Signature

Array = NDArray[Any]


def optimizer(
    function: str,
    hyperparameters: Mapping[str, float],
    state: Mapping[str, Any],
    formulas: Formulas,
) -> Family:
    """The family of an update rule.

    Args:
        function: the students' name of it.
        hyperparameters: their defaults.
        state: what is remembered, and what it begins with.
        formulas: ``step``, and for each part of the state its new value.
    """
    numbers: Formulas = {name: _chosen(name, value) for name, value in hyperparameters.items()}
    before: Formulas = {f"{name}_before": _chosen(name, value) for name, value in state.items()}
    kept: Formulas = {f"{name}_kept": _same(name) for name in state}
    every = {**numbers, **before, **kept, "next_w": lambda q: q.w - q.step, **formulas}

    def given(w: Array, dw: Array, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"w": w, "dw": dw, "config": dict(config or {})}

    def answer(q: Sheet) -> tuple[Any, dict[str, Any]]:
        remembered = {name: getattr(q, f"{name}_kept") for name in state}
        return q.next_w, {**q.config, **remembered}

    return Family(function, every, {function: Signature(given, answer)})


def _chosen(name: str, default: float) -> Formula:
    return lambda q: q.config.get(name, default)


def _same(name: str) -> Formula:
    return lambda q: getattr(q, name)


def descent_bugs(bug: Callable[..., Bug], default_rate: float) -> tuple[Bug, ...]:
    """Mistakes that any rule can have; ``bug`` is the word of its table."""
    return (
        bug(
            "ascent",
            "the step goes up the loss; it should go down",
            "which sign does a step against the gradient have?",
            next_w=lambda q: q.w + q.step,
        ),
        bug(
            "weights_unchanged",
            "the weights come back as they were; the new weights should be returned",
            "where does your code use the step that it computes?",
            next_w=lambda q: q.w,
        ),
        bug(
            "step_returned",
            "the step is returned in place of the weights; the new weights should be returned",
            "what is the first thing that the docstring says is returned?",
            next_w=lambda q: -q.step,
        ),
        bug(
            "no_learning_rate",
            "the learning rate is not used; it should scale the step",
            "what should happen to the weights when the learning rate is 0?",
            learning_rate=lambda _: 1,
        ),
        bug(
            "learning_rate_fixed",
            "the learning rate is always the default; it should be the one in config",
            "which value wins when config already has one?",
            learning_rate=lambda _: default_rate,
        ),
        bug(
            "learning_rate_squared",
            "the learning rate is applied twice; once is enough",
            "should the step double when the learning rate does?",
            learning_rate=lambda q: q.config.get("learning_rate", default_rate) ** 2,
        ),
    )


def scaling_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes of the rules that divide by a root of squared gradients.

    Their formulas have ``squares`` (what the root is taken of), ``root``, ``divisor`` and
    ``numerator``.
    """
    return (
        bug(
            "no_square_root",
            "the step is divided by the squares themselves; their square root should be taken",
            "which unit has the gradient divided by its square?",
            root=lambda q: q.squares,
        ),
        bug(
            "epsilon_inside_root",
            "epsilon is added under the square root; it belongs outside",
            "what is the divisor when all gradients so far are 0?",
            divisor=lambda q: np.sqrt(q.squares + q.epsilon),
        ),
        bug(
            "epsilon_missing",
            "epsilon is missing, so a weight that never had a gradient becomes no number",
            "what is the divisor when all gradients so far are 0?",
            divisor=lambda q: q.root,
        ),
        bug(
            "times_epsilon",
            "the divisor is the root times epsilon; epsilon should be added",
            "how large should epsilon's influence be in an ordinary step?",
            divisor=lambda q: q.root * q.epsilon,
        ),
        bug(
            "multiplied_by_root",
            "the step is multiplied with the root; it should be divided by it",
            "should weights with large gradients take larger steps or smaller ones?",
            step=lambda q: q.learning_rate * q.numerator * q.divisor,
        ),
        bug(
            "gradient_not_squared",
            "the absolute values of the gradients are collected; their squares should be",
            "what is added to the state in each step?",
            power=lambda q: np.abs(q.dw),
        ),
    )
