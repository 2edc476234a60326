"""All problems of the normalisations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference.problems.normalisation import batch_norm, local_response, sample_norms
from reference.problems.plan import ProblemPlan

PROBLEMS: tuple[ProblemPlan, ...] = (
    *batch_norm.PROBLEMS,
    *sample_norms.PROBLEMS,
    *local_response.PROBLEMS,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *batch_norm.FUNCTIONS,
    *sample_norms.FUNCTIONS,
    *local_response.FUNCTIONS,
)
