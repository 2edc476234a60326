"""Problems of the controller that searches architectures.

Random numbers lie apart from the sums of probabilities that they are compared with, and are spread
over 0..1, so that every choice is drawn that is at all probable.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Derivative, Step, Tolerance, ValueTree
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid
from reference.search.controller import (
    baseline_advantages,
    log_probability,
    reinforce_step,
    sample_choices,
)

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})


def _sample(K: int, T: int) -> Steps:
    """The first choice, the most probable one and the one that is drawn first are three.

    Probabilities in proportion to the logits, or all alike, would draw others. Logits are negative,
    so that exponentials which are not normalised do not just always draw the first choice.
    """

    def steps(draw: Draw) -> list[Step]:
        while True:
            logits = -on_grid(draw.uniform(0.2, 2.5, size=K))
            u = on_grid((draw.permutation(T) + draw.uniform(0.1, 0.9, size=T)) / T)
            p = np.exp(logits) / np.exp(logits).sum()
            clear = np.abs(u[:, np.newaxis] - np.cumsum(p)).min() > 1e-3
            drawn, plain = (sample_choices(x, u) for x in (logits, np.log(-logits)))
            first = {0, int(p.argmax()), int(drawn[0])}
            far = abs(np.exp(logits).sum() - 1) > 0.25  # else nothing need be normalised
            rules = (drawn, plain, sample_choices(0 * logits, u))
            apart = all((one != two).any() for one, two in itertools.combinations(rules, 2))
            if clear and len(first) == 3 and far and apart:
                return [Step("sample_choices", [logits, u], "choices")]

    return steps


def _log_probability(K: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        args: list[ValueTree] = [gaussian(draw, K), int(draw.randint(K))]
        return [Step("log_probability", args, ["log_p", "dlogits"])]

    return steps


def _baseline(T: int, baseline: float, decay: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        rewards = on_grid(draw.uniform(0.2, 0.9, size=T))
        return [Step("baseline_advantages", [rewards, baseline, decay], ["advantages", "baseline"])]

    return steps


def _step(K: int, T: int, learning_rate: float) -> Steps:
    """Every choice is tried, and advantages of both signs occur."""

    def steps(draw: Draw) -> list[Step]:
        choices = draw.permutation(np.resize(np.arange(K), T)).astype(np.int64)
        sizes = draw.uniform(0.1, 1.0, size=T) * np.resize([1, 1, -1], T)
        advantages = on_grid(draw.permutation(sizes))
        args: list[ValueTree] = [gaussian(draw, K), choices, advantages, learning_rate]
        return [Step("reinforce_step", args, "logits")]

    return steps


PROBLEMS: tuple[ProblemPlan, ...] = (
    ProblemPlan(
        "sample_choices",
        "controller: drawing choices",
        "sample_choices",
        ("choices",),
        (
            CasePlan("four", "4 choices", _PLAIN, _sample(4, 12)),
            CasePlan("three", "3 choices", _PLAIN, _sample(3, 10)),
        ),
    ),
    ProblemPlan(
        "log_probability",
        "controller: log-probability and its gradient",
        "log_probability",
        ("log_p", "dlogits"),
        (
            CasePlan("four", "4 choices", _PLAIN, _log_probability(4)),
            CasePlan("three", "3 choices", _PLAIN, _log_probability(3)),
        ),
        Derivative(value="log_p", step=0, outputs={"dlogits": (0, 0)}),
        looser={"log_p": Tolerance(rtol=1e-5, atol=1e-5)},  # an epsilon against log(0)
    ),
    ProblemPlan(
        "baseline_advantages",
        "controller: advantages over a moving baseline",
        "baseline_advantages",
        ("advantages", "baseline"),
        (
            CasePlan("six", "6 rewards", _PLAIN, _baseline(6, 0.3, 0.8)),
            CasePlan("three", "3 rewards, a fast baseline", _PLAIN, _baseline(3, 0.6, 0.25)),
        ),
    ),
    ProblemPlan(
        "reinforce_step",
        "controller: a REINFORCE step",
        "reinforce_step",
        ("logits",),
        (
            CasePlan("four", "7 trials of 4 choices", _PLAIN, _step(4, 7, 1.5)),
            CasePlan("three", "5 trials of 3 choices", _PLAIN, _step(3, 5, 4.0)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    sample_choices,
    log_probability,
    baseline_advantages,
    reinforce_step,
)
