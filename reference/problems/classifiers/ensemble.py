"""Problems of model ensembles: some votes are ties, and labels are no numbers to be averaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.bundle import Step
from reference.classifiers.ensemble import average_ensemble, vote_ensemble
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian

_PLAIN = frozenset({"plain"})
_TIES = frozenset({"ties"})

# What five models say to one sample, a row each.
_CLEAR = ((0, 3, 0, 0, 3), (2, 0, 0, 3, 3), (1, 3, 3, 1, 3), (3, 0, 1, 0, 2), (1, 1, 3, 1, 2))
_TIED = ((2, 1, 1, 2, 3), (1, 3, 3, 1, 2), (3, 0, 2, 1, 1), (3, 0, 3, 0, 2), (2, 1, 2, 0, 1))


def _average(M: int, N: int, C: int) -> Steps:
    return lambda draw: [
        Step("average_ensemble", [gaussian(draw, M, N, C, scale=2.0)], "probabilities")
    ]


def _vote(samples: Sequence[Sequence[int]]) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        order = draw.permutation(len(samples))
        others = draw.randint(0, 4, size=(2, 5))
        labels = np.concatenate([np.array(samples)[order], others]).T
        return [Step("vote_ensemble", [labels.astype(np.int64)], "winners")]

    return steps


PROBLEMS: tuple[ProblemPlan, ...] = (
    ProblemPlan(
        "average_ensemble",
        "ensemble: average of probabilities",
        "average_ensemble",
        ("probabilities",),
        (
            CasePlan("three", "3 models", _PLAIN, _average(3, 5, 4)),
            CasePlan("five", "5 models", _PLAIN, _average(5, 4, 3)),
        ),
    ),
    ProblemPlan(
        "vote_ensemble",
        "ensemble: majority vote",
        "vote_ensemble",
        ("winners",),
        (
            CasePlan("clear", "a majority, or most of the votes", _PLAIN, _vote(_CLEAR)),
            CasePlan("ties", "ties", _TIES, _vote(_TIED)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (average_ensemble, vote_ensemble)
