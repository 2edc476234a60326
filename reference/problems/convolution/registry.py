"""Convolutions: all problems, and the reference's functions that they call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.convolution import conv
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = conv.PROBLEMS

FUNCTIONS: tuple[Callable[..., Any], ...] = conv.FUNCTIONS
