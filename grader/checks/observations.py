"""Observations of a student's answers against golden ones, and what feedback says about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from grader.bundle import Array
from grader.checks.case_run import CaseRun
from grader.compare import Mismatch, compare, number
from grader.observe import Kind
from grader.untrusted import shown

_MOST_NUMBERS: Final = 8


def observation_mismatch(run: CaseRun, name: str) -> Mismatch | None:
    """None when what is observed of the answer is what is observed of the reference's."""
    case, label = run.case, run.case.label(name)
    if name in run.unseen:
        return Mismatch.told(name, "shape", f"{label} cannot be seen: {run.unseen[name]}")
    got, want = run.bound[name], case.expected[name]
    kind = case.observed[name].kind
    found = compare(label, got, want, case.tolerance_of(name))
    if found is None:
        return None
    if kind == "absolute":
        return replace(found, output=name)
    numbers = _NUMBERS.get(kind)
    told = f"got {numbers(got)}, want {numbers(want)}" if numbers else None
    return Mismatch.told(name, "values", f"{label} is not as it should be", numbers=told)


def _listed(values: Array) -> str:
    if not np.isfinite(values).all():
        return "many"  # more than the observation lists
    return ", ".join(number(value) for value in values.ravel()[:_MOST_NUMBERS]) or "none"


def _text(codes: Array) -> str:
    return f"'{shown(codes.astype(np.uint8).tobytes().decode('utf-8', 'replace'), 120)}'"


_NUMBERS: Mapping[Kind, Callable[[Array], str]] = MappingProxyType(
    {
        "kept_scales": _listed,
        "kept_share": _listed,
        "mean_and_deviation": _listed,
        "shape_of": _listed,
        "text": _text,
    }
)
