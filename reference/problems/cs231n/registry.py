"""All problems that only CS231n asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.cs231n import linear, nearest_neighbour, two_layer_net
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = (
    *linear.PROBLEMS,
    *two_layer_net.PROBLEMS,
    *nearest_neighbour.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *linear.FUNCTIONS,
    *two_layer_net.FUNCTIONS,
    *nearest_neighbour.FUNCTIONS,
)
