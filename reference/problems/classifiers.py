"""Whole classifiers: problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = ()

FUNCTIONS: tuple[Callable[..., Any], ...] = ()
