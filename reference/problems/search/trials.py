"""Problems of random search and grids.

Samples are compared relative to their size, for a learning rate of 1e-6 is a number, too. In the
choice of the best trial, training, validation and test data each favour another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Step, Tolerance
from grader.observe import Observation
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid
from reference.search.grid import distinct_values, grid_points
from reference.search.log_space import sample_log_uniform
from reference.search.selection import best_trial
from reference.search.trial_line import trial_line

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_GRID = frozenset({"grid"})
_RANDOM = frozenset({"random"})
_TIES = frozenset({"ties"})


# ------------------------------------------------------------------------------------- drawing
def _accuracies(draw: Draw, T: int, *, tie: bool) -> tuple[Array, Array, Array]:
    """Of training, validation and test; with a tie, the best validation accuracy occurs twice."""
    while True:
        train, val, test = (on_grid(draw.uniform(0.3, 0.9, size=T)) for _ in range(3))
        if tie:
            one, two = np.sort(draw.permutation(T)[:2])
            val[[one, two]] = on_grid(np.array(0.95))
        chosen = int(val.argmax())
        rules = (train, test, val + test, -np.abs(train - val), -val)
        others = {int(rule.argmax()) for rule in rules}
        lowest = {int(rule.argmin()) for rule in rules[:4]}
        if len(others) == len(rules) and chosen not in others | lowest:
            return train, val, test


# --------------------------------------------------------------------------------------- steps
def _log_uniform(shape: tuple[int, ...], low: float, high: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        u = on_grid(draw.uniform(0.02, 0.98, size=shape))
        return [Step("sample_log_uniform", [u, low, high], "samples")]

    return steps


def _line(lr: tuple[float, float], reg: tuple[float, float], digits: int) -> Steps:
    """An accuracy of so many digits, and powers of ten with exponents in these ranges."""

    def steps(draw: Draw) -> list[Step]:
        accuracy = float(np.round(draw.uniform(0.1, 0.99), digits))
        rates = [float(10 ** draw.uniform(*ends)) for ends in (lr, reg)]
        return [Step("trial_line", [accuracy, *rates, int(draw.randint(2, 90)), 100], "line")]

    return steps


def _lecture(_draw: Draw) -> list[Step]:
    return [Step("trial_line", [0.412, 1.405206e-04, 4.793564e-01, 1, 100], "line")]


def _grid(A: int, B: int) -> Steps:
    return lambda draw: [Step("grid_points", [gaussian(draw, A), gaussian(draw, B)], "points")]


def _distinct_of_grid(A: int, B: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        points = grid_points(gaussian(draw, A), gaussian(draw, B))
        return [Step("distinct_values", [draw.permutation(points)], "counts")]

    return steps


def _distinct_of_random(draw: Draw) -> list[Step]:
    return [Step("distinct_values", [gaussian(draw, 9, 2)], "counts")]


def _distinct_of_mixture(draw: Draw) -> list[Step]:
    """Three parameters: one never changes, two repeat themselves; two trials are the same."""
    columns = [np.resize(gaussian(draw, count), 10) for count in (1, 4, 9)]
    points = np.stack(columns, axis=1)
    return [Step("distinct_values", [draw.permutation(np.vstack([points, points[:1]]))], "counts")]


def _best(T: int, *, tie: bool = False) -> Steps:
    return lambda draw: [
        Step("best_trial", list(_accuracies(draw, T, tie=tie)), ["trial", "accuracy"])
    ]


# ------------------------------------------------------------------------------------ problems
_TEXT = {"characters": Observation("text", ("line",), "the line")}

PROBLEMS: tuple[ProblemPlan, ...] = (
    ProblemPlan(
        "sample_log_uniform",
        "random numbers in log space",
        "sample_log_uniform",
        ("samples",),
        (
            CasePlan("small", "learning rates", _PLAIN, _log_uniform((7,), -6.0, -2.5)),
            CasePlan("large", "penalties", _PLAIN, _log_uniform((3, 4), -4.5, 1.0)),
        ),
        looser={"samples": Tolerance(rtol=1e-7, atol=1e-12)},
    ),
    ProblemPlan(
        "trial_line",
        "line of a random search",
        "trial_line",
        (),
        (
            CasePlan("lecture", "the lecture's line", _PLAIN, _lecture, observed=_TEXT),
            CasePlan("small", "small rates", _PLAIN, _line((-7, -4), (-5, -2), 4), observed=_TEXT),
            CasePlan("large", "large rates", _PLAIN, _line((-3, -1), (0.1, 3), 2), observed=_TEXT),
        ),
    ),
    ProblemPlan(
        "grid_points",
        "points of a grid",
        "grid_points",
        ("points",),
        (
            CasePlan("three", "3 by 4 values", _PLAIN, _grid(3, 4)),
            CasePlan("five", "5 by 2 values", _PLAIN, _grid(5, 2)),
        ),
    ),
    ProblemPlan(
        "distinct_values",
        "grid against random: distinct values",
        "distinct_values",
        ("counts",),
        (
            CasePlan("grid", "a grid of 3 by 4", _GRID, _distinct_of_grid(3, 4)),
            CasePlan("random", "9 random points", _RANDOM, _distinct_of_random),
            CasePlan("mixture", "three parameters", _PLAIN, _distinct_of_mixture),
        ),
    ),
    ProblemPlan(
        "best_trial",
        "choice of the best trial",
        "best_trial",
        ("trial", "accuracy"),
        (
            CasePlan("eight", "8 trials", _PLAIN, _best(8)),
            CasePlan("seven", "7 trials", _PLAIN, _best(7)),
            CasePlan("ties", "equal validation accuracies", _TIES, _best(9, tie=True)),
        ),
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    sample_log_uniform,
    trial_line,
    grid_points,
    distinct_values,
    best_trial,
)
