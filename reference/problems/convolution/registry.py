"""Convolutions: all problems, and the reference's functions that they call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.convolution import conv, same, separable
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = (*conv.PROBLEMS, *same.PROBLEMS, *separable.PROBLEMS)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *conv.FUNCTIONS,
    *same.FUNCTIONS,
    *separable.FUNCTIONS,
)
