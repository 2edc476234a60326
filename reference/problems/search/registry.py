"""Hyperparameter and architecture search: all problems and functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.plan import ProblemPlan
from reference.problems.search import controller, cross_validation, trials

PROBLEMS: tuple[ProblemPlan, ...] = (
    *trials.PROBLEMS,
    *cross_validation.PROBLEMS,
    *controller.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *trials.FUNCTIONS,
    *cross_validation.FUNCTIONS,
    *controller.FUNCTIONS,
)
