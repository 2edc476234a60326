"""Pooling: all problems, and the reference's functions that they call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.plan import ProblemPlan
from reference.problems.pooling import fractional, global_average, windows

PROBLEMS: tuple[ProblemPlan, ...] = (
    *windows.PROBLEMS,
    *global_average.PROBLEMS,
    *fractional.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *windows.FUNCTIONS,
    *global_average.FUNCTIONS,
    *fractional.FUNCTIONS,
)
