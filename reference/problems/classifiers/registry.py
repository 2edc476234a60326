"""Classifiers: all problems and functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.classifiers import convnet, ensemble, linear, nearest_neighbour
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = (
    *nearest_neighbour.PROBLEMS,
    *linear.PROBLEMS,
    *convnet.PROBLEMS,
    *ensemble.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *nearest_neighbour.FUNCTIONS,
    *linear.FUNCTIONS,
    *convnet.FUNCTIONS,
    *ensemble.FUNCTIONS,
)
