"""The ways in which a net of CS231n may be penalised, each of which is right."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from grader.bundle import Setting
from reference.bugs.cs231n.net_penalties import ON_BIASES, WHOLE
from reference.bugs.sheet import Formulas
from reference.problems.plan import ProblemPlan

_CONVENTION: Final = "net_penalty"
_WAYS: Final[tuple[tuple[str, str, Formulas], ...]] = (
    ("half", "the penalty is half of reg times the sum of squared weights", {}),
    ("whole", "the penalty is reg times the sum of squared weights", WHOLE),
    (
        "half_biases",
        "the penalty is half of reg times the sum of squares, of biases, too",
        ON_BIASES,
    ),
    (
        "whole_biases",
        "the penalty is reg times the sum of squares, of biases, too",
        {**WHOLE, **ON_BIASES},
    ),
)


def penalised_in_any_way(plan: ProblemPlan) -> ProblemPlan:
    """The plan with half the penalty, as CS231n's nets have it, and the others beside it."""
    ways = [
        replace(plan, setting=Setting(_CONVENTION, value, words), changes=changes)
        for value, words, changes in _WAYS
    ]
    return replace(ways[0], alternatives=tuple(ways[1:]))
