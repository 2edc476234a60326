"""Learning rate schedules: problems.

A case asks for the rate at several times, among them the first, and those just before and just
after something should happen; an epoch too early or too late shows there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Step
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, on_grid
from reference.schedules.cosine import cosine_decay
from reference.schedules.inverse_sqrt import inverse_sqrt_decay
from reference.schedules.linear import linear_decay
from reference.schedules.plateau import plateau_decay
from reference.schedules.step import googlenet_decay, step_decay
from reference.schedules.warmup import linear_warmup

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_TIES = frozenset({"ties"})
_MOST_RATES = 6


# ------------------------------------------------------------------------------------- drawing
def _rate(draw: Draw) -> float:
    """A first rate between 1/2 and 2, not 1."""
    return float(np.round(draw.uniform(0.5, 0.9) * 256) / 256 * draw.choice([1, 2]))


def _at(function: str, times: Sequence[int], *arguments: float) -> Steps:
    """The rates at these times, with the same first rate."""

    def steps(draw: Draw) -> list[Step]:
        rate = _rate(draw)
        return [
            Step(function, [rate, time, *arguments], f"rate{number}")
            for number, time in enumerate(times, start=1)
        ]

    return steps


def _losses(draw: Draw, ranks: Sequence[float]) -> Array:
    """Losses in the order of these ranks; equal ranks are equal losses."""
    found = {rank: 1 + rank / 8 + draw.uniform(0, 1 / 64) for rank in sorted(set(ranks))}
    return on_grid(np.array([found[rank] for rank in ranks]))


def _after(factor: float, *histories: tuple[int, tuple[float, ...]]) -> Steps:
    """The rates after several histories: patience, and the losses' ranks."""

    def steps(draw: Draw) -> list[Step]:
        rate = _rate(draw)
        return [
            Step("plateau_decay", [rate, _losses(draw, ranks), factor, patience], f"rate{number}")
            for number, (patience, ranks) in enumerate(histories, start=1)
        ]

    return steps


# ------------------------------------------------------------------------------------ problems
def _plan(function: str, title: str, *cases: CasePlan) -> ProblemPlan:
    outputs = tuple(f"rate{number}" for number in range(1, _MOST_RATES + 1))
    return ProblemPlan(function, title, function, outputs, cases)


PROBLEMS: tuple[ProblemPlan, ...] = (
    _plan(
        "step_decay",
        "step decay",
        CasePlan("short", "every 3 epochs", _PLAIN, _at("step_decay", (0, 2, 3, 4, 6, 11), 0.3, 3)),
        CasePlan("long", "every 10 epochs", _PLAIN, _at("step_decay", (1, 9, 10, 16, 35), 0.7, 10)),
    ),
    _plan(
        "googlenet_decay",
        "GoogLeNet's schedule",
        CasePlan("steps", "the first steps", _PLAIN, _at("googlenet_decay", (0, 7, 8, 9, 15, 16))),
        CasePlan("late", "later epochs", _PLAIN, _at("googlenet_decay", (23, 37, 63, 100))),
    ),
    _plan(
        "plateau_decay",
        "step on plateau",
        CasePlan(
            "falling",
            "losses that fall, with interruptions",
            _PLAIN,
            _after(0.3, (2, (9, 8, 6, 5)), (3, (9, 8, 8.5, 8.2, 7, 7.5, 7.2)), (2, (9, 5, 6, 4))),
        ),
        CasePlan(
            "plateaus",
            "losses with plateaus",
            _PLAIN,
            _after(
                0.3,
                (2, (9, 7, 8, 7.5)),
                (2, (9, 7, 8, 7.5, 8.5, 7.2)),
                (2, (9, 6, 7, 6.5, 5, 5.5)),
                (3, (9, 6, 8, 7, 6.5, 7.5, 6.8)),
                (4, (9, 6, 8, 7, 6.5, 7.5, 6.8, 5)),
                (1, (9, 6, 8, 7, 5, 5.5)),
            ),
        ),
        CasePlan(
            "ties",
            "losses that stand still",
            _TIES,
            _after(0.3, (2, (6, 6, 6)), (3, (9, 4, 4, 4, 4))),
        ),
    ),
    _plan(
        "cosine_decay",
        "cosine decay",
        CasePlan("long", "20 epochs", _PLAIN, _at("cosine_decay", (0, 1, 5, 10, 13, 20), 20)),
        CasePlan("short", "7 epochs", _PLAIN, _at("cosine_decay", (0, 3, 6), 7)),
    ),
    _plan(
        "linear_decay",
        "linear decay",
        CasePlan("long", "20 epochs", _PLAIN, _at("linear_decay", (0, 1, 5, 10, 13, 20), 20)),
        CasePlan("short", "7 epochs", _PLAIN, _at("linear_decay", (0, 3, 6), 7)),
    ),
    _plan(
        "inverse_sqrt_decay",
        "inverse square root decay",
        CasePlan("early", "the first steps", _PLAIN, _at("inverse_sqrt_decay", (1, 2, 4, 7))),
        CasePlan("late", "later steps", _PLAIN, _at("inverse_sqrt_decay", (50, 1000))),
    ),
    _plan(
        "linear_warmup",
        "linear warm-up",
        CasePlan("short", "5 steps", _PLAIN, _at("linear_warmup", (0, 1, 4, 5, 6, 20), 5)),
        CasePlan("long", "5000 steps", _PLAIN, _at("linear_warmup", (100, 3125, 5000, 9000), 5000)),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    step_decay,
    googlenet_decay,
    plateau_decay,
    cosine_decay,
    linear_decay,
    inverse_sqrt_decay,
    linear_warmup,
)
