"""Gradients against central differences of the student's own forward pass.

For a parameter entry θ the derivative of the student's own value s is
(s(θ + h) − s(θ − h)) / 2h with h = 1e-5 in float64; a vector-valued forward pass is reduced to
s = Σ out · upstream. A parameter's entries agree when ‖a − n‖ / (‖a‖ + ‖n‖) < 1e-7, or entry by
entry within what rounding allows. Entries whose one-sided slopes differ cross a kink (a ReLU
changes sides); they are dropped and counted.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath, Array, Derivative, Problem
from grader.checks.case_run import CaseRun
from grader.checks.own_forward import STEP, Entry, Floats, NoValue, OwnForward
from grader.compare import as_array
from grader.student.proxy import Student

NORM_RATIO = 1e-7
# A harmless log(p + 1e-7) moves a gradient by up to this share of its largest entry; classic
# mistakes move it by 7e-3 and more.
_RTOL = 1e-3
_EXACT_RTOL = 1e-6
# Sampled per parameter: enough to expose a wrong formula, few enough for slow code.
_ENTRIES = 12
_SEED = 7

_ROUNDING = 8 * np.finfo(np.float64).eps / STEP


@dataclass(frozen=True)
class GradientReport:
    """How one gradient compares with central differences."""

    output: str
    ratio: float
    """‖a − n‖ / (‖a‖ + ‖n‖)."""
    max_relative_error: float
    """max |a − n| / max(1e-8, |a| + |n|), as the course prints it."""
    entries: int
    kinks: int
    """Entries that were dropped because they cross a kink."""
    agrees: bool
    """Up to what harmless habits move a gradient by."""
    exact: bool
    """Up to rounding: what follow-through marks ask, which make up for a failed golden value."""


@dataclass(frozen=True)
class _Gradient:
    """One gradient of the student's."""

    output: str
    """What it is called ("dW1")."""
    path: ArgumentPath
    """Where its parameter lies in the forward step's arguments."""
    analytic: Array
    """Of the parameter's shape."""
    golden: Array | None
    """The reference's, if it is known."""

    def entries(self) -> tuple[Entry, ...]:
        """Some of its entries. Those that differ from the reference's are looked at first.

        A mistake in a few entries would slip through a sample.
        """
        analytic, golden = self.analytic, self.golden
        if golden is None or golden.shape != analytic.shape:
            return _sample(analytic.shape)
        alike = np.abs(analytic - golden) <= 1e-9 + 1e-6 * np.abs(golden)
        if alike.all():
            return _sample(analytic.shape)
        chosen = _shuffled(analytic.size)
        chosen = chosen[np.argsort(alike.ravel()[chosen], kind="stable")]
        return _indices(chosen, analytic.shape)


@functools.lru_cache(maxsize=256)
def _sample(shape: tuple[int, ...]) -> tuple[Entry, ...]:
    return _indices(_shuffled(math.prod(shape)), shape)


@functools.lru_cache(maxsize=64)
def _shuffled(size: int) -> NDArray[np.int64]:
    return np.random.default_rng(_SEED).permutation(size)


def _indices(chosen: NDArray[np.int64], shape: tuple[int, ...]) -> tuple[Entry, ...]:
    return tuple(tuple(map(int, np.unravel_index(k, shape))) for k in chosen[:_ENTRIES])


def _compare(forward: OwnForward, gradient: _Gradient, entries: Sequence[Entry]) -> GradientReport:
    """One gradient of the student's against central differences of the student's own forward.

    Args:
        forward: the student's forward pass.
        gradient: which.
        entries: those of it that the forward pass was asked for.

    Raises:
        NoValue: the forward pass gives no finite value.
    """
    analytic, golden = gradient.analytic, gradient.golden
    slopes = forward.slopes(len(entries))
    smooth = _smooth(slopes)
    a = np.array([float(analytic[entry]) for entry in entries])
    n = (slopes[:, 0] + slopes[:, 1]) / 2
    kinks = len(entries) - int(np.count_nonzero(smooth))
    if kinks:
        a, n = a[smooth], n[smooth]
    ratio = _norm_ratio(a, n)
    agrees = _agree(a, n, ratio, forward.at_rest, _RTOL)
    exact = agrees and _agree(a, n, ratio, forward.at_rest, _EXACT_RTOL)
    if not agrees and golden is not None and forward.single_precision:
        # Differences of float32 values are noise; the golden gradient is the better witness.
        agrees = np.allclose(analytic, golden, rtol=1e-4, atol=1e-5)
    return GradientReport(
        output=gradient.output,
        ratio=ratio,
        max_relative_error=_max_relative_error(a, n),
        entries=len(entries) - kinks,
        kinks=kinks,
        agrees=agrees,
        exact=exact,
    )


def _smooth(slopes: Floats) -> NDArray[np.bool_]:
    right, left = np.abs(slopes).T
    largest = np.maximum(right, left)
    jump = np.abs(slopes[:, 0] - slopes[:, 1])
    allowed = 1e-3 * largest + 1e-4 * largest.max(initial=0.0) + 1e-7
    return np.asarray(jump <= allowed)


def _agree(a: Floats, n: Floats, ratio: float, value: float, rtol: float) -> bool:
    if a.size == 0 or not np.isfinite(a).all():
        return False
    if ratio < NORM_RATIO:
        return True
    noise = _ROUNDING * max(1.0, abs(value))
    size = np.abs(n)
    allowed = noise + rtol * float(size.max()) + rtol * size
    return bool((np.abs(a - n) <= allowed).all())


def _norm_ratio(a: Floats, n: Floats) -> float:
    total = _norm(a) + _norm(n)
    return _norm(a - n) / total if total else 0.0


def _norm(vector: Floats) -> float:
    return math.sqrt(vector @ vector)


def _max_relative_error(a: Floats, n: Floats) -> float:
    return float(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)), initial=0.0))


def own_gradient_reports(student: Student, problem: Problem, run: CaseRun) -> list[GradientReport]:
    """One report a gradient of a case that has been run.

    Raises:
        NoValue: the forward pass gives no finite value, ignores an input, or a gradient is
            missing or has another shape than its parameter.
    """
    derivative = problem.derivative
    if derivative is None:
        raise NoValue(f"{problem.name} has no derivative to check")
    gradients, unusable = _gradients(run, derivative)
    entries = [gradient.entries() for gradient in gradients]
    probes = tuple((each.path, chosen) for each, chosen in zip(gradients, entries, strict=True))
    forward = OwnForward(student, run.case, derivative, probes)
    reports = [
        _compare(forward, gradient, chosen)
        for gradient, chosen in zip(gradients, entries, strict=True)
    ]
    if unusable is not None:
        raise unusable
    if not forward.bends():
        raise NoValue(f"the value of {run.case.steps[derivative.step].function} is a mere sum")
    if not forward.depends_on_every_input():
        raise NoValue(f"the value of {run.case.steps[derivative.step].function} ignores an input")
    return reports


def _gradients(run: CaseRun, derivative: Derivative) -> tuple[list[_Gradient], NoValue | None]:
    """The case's gradients up to one that cannot be looked at, and why not."""
    gradients: list[_Gradient] = []
    for output, path in derivative.outputs.items():
        analytic = as_array(run.bound.get(output))
        parameter = run.case.argument(path)
        golden = run.case.expected.get(output)
        if analytic is None or analytic.shape != parameter.shape:
            return gradients, NoValue(f"{output} does not have the shape of its parameter")
        if golden is not None and np.ptp(golden) > 0 and not np.ptp(analytic):
            return gradients, NoValue(f"{output} is the same number everywhere")
        gradients.append(_Gradient(output, path[1:], analytic, golden))
    return gradients, None


def follows_own_forward(student: Student, problem: Problem, run: CaseRun) -> bool:
    """Whether every gradient of the case is right for the student's own forward pass."""
    try:
        return all(report.exact for report in own_gradient_reports(student, problem, run))
    except NoValue:
        return False
