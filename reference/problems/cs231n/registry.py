"""All problems that only CS231n asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.cs231n import (
    fully_connected,
    linear,
    nearest_neighbour,
    three_layer_convnet,
    two_layer_net,
)
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = (
    *linear.PROBLEMS,
    *two_layer_net.PROBLEMS,
    *fully_connected.PROBLEMS,
    *three_layer_convnet.PROBLEMS,
    *nearest_neighbour.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *linear.FUNCTIONS,
    *two_layer_net.FUNCTIONS,
    *fully_connected.FUNCTIONS,
    *three_layer_convnet.FUNCTIONS,
    *nearest_neighbour.FUNCTIONS,
)
