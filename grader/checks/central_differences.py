"""Gradients against central differences of the student's own forward pass.

For a parameter entry θ the derivative of the student's own value s is
(s(θ + h) − s(θ − h)) / 2h with h = 1e-5 in float64; a vector-valued forward pass is reduced to
s = Σ out · upstream. A parameter's entries agree when ‖a − n‖ / (‖a‖ + ‖n‖) < 1e-7, or entry by
entry within what rounding allows. Entries whose one-sided slopes differ cross a kink (a ReLU
changes sides); they are dropped and counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath, Array, Case, Derivative, Pattern, Problem
from grader.checks.case_run import (
    CaseRun,
    argument,
    bind,
    finite_scalar,
    resolved,
)
from grader.compare import as_array, is_single_precision
from grader.student.proxy import Student
from grader.student.series import Change, Entries

STEP = 1e-5
NORM_RATIO = 1e-7
# A harmless log(p + 1e-7) moves a gradient by up to this share of its largest entry; classic
# mistakes move it by 7e-3 and more.
_RTOL = 1e-3
_EXACT_RTOL = 1e-6
# Sampled per parameter: enough to expose a wrong formula, few enough for slow code.
_ENTRIES = 12
_SEED = 7
Floats = NDArray[np.float64]

_ROUNDING = 8 * np.finfo(np.float64).eps / STEP


class NoValue(Exception):
    """The student's forward pass gives no finite value to differentiate."""


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


class OwnForward:
    """The scalar value that a case's forward step computes, as a function of its arguments.

    It is asked for once, for all arguments that will be of interest; ``slopes``, ``bends`` and
    ``depends_on_every_input`` then look at the values, each once and in this order.

    Args:
        student: whose function.
        case: where the arguments come from.
        derivative: which step, and which value.
        probes: paths of arguments of that step, and the entries along which slopes are wanted.
    """

    def __init__(
        self,
        student: Student,
        case: Case,
        derivative: Derivative,
        probes: Sequence[tuple[ArgumentPath, Sequence[tuple[int, ...]]]],
    ) -> None:
        self._case = case
        self._derivative = derivative
        self._step = case.steps[derivative.step]
        only, self._pattern = _alone(self._step.returns, derivative.value)
        self.args: list[Any] = resolved(self._step.args, {})
        variants: list[Sequence[Change] | Entries] = [[]]
        for path, entries in probes:
            variants += self._steps_along(path, entries)
        variants += self._straight_on()
        self._moved = self._every_input_moved()
        variants += self._moved
        answers, self._error = student.vary(self._step.function, self.args, variants, only)
        self._answers = iter(answers)
        self._seen: list[float] = []
        (self.at_rest,) = self._values(1)

    def _values(self, number: int) -> list[float]:
        """The values of the next variants.

        Raises:
            NoValue: the student's function fails or answers something else.
        """
        values: list[float] = []
        for answer in itertools.islice(self._answers, number):
            values.append(self._value(answer))
            self._seen.append(values[-1])
        if len(values) < number:
            raise NoValue(str(self._error)) from self._error
        return values

    def _value(self, answer: Any) -> float:
        bound: dict[str, Any] = {}
        malformed = bind(self._pattern, answer, bound, self._step.function)
        value = self._scalar(bound.get(self._derivative.value))
        if malformed or value is None:
            raise NoValue(malformed or f"{self._step.function} gives no finite value")
        return value

    @property
    def single_precision(self) -> bool:
        """Whether all values so far are float32 numbers: too coarse to be differentiated."""
        return is_single_precision(np.array(self._seen))

    def _scalar(self, value: Any) -> float | None:
        if self._derivative.upstream is None:
            return finite_scalar(value)
        array = as_array(value)
        upstream = argument(self._case, self._derivative.upstream)
        if array is None or array.shape != upstream.shape:
            return None
        return finite_scalar(float(np.sum(array * upstream)))

    def depends_on_every_input(self) -> bool:
        """Whether each array the function is given moves its value.

        A "loss" that ignores its inputs has gradients that are easily right; it earns nothing.
        """
        return self.at_rest not in self._values(len(self._moved))

    def _every_input_moved(self) -> list[list[Change]]:
        rng = np.random.default_rng(_SEED)
        variants: list[list[Change]] = []
        for path, array in arrays_in(self.args):
            moved: Array = array + 0.1 * rng.standard_normal(array.shape)
            if array.dtype.kind != "f":
                moved = np.roll(array, 1)
            if not np.array_equal(moved, array):
                variants.append([(path, moved)])
        return variants

    def bends(self) -> bool:
        """Whether the value is no linear function of all its real arguments together.

        A loss is none; a sum of its arguments is one, and its gradients are easily right. Layers
        may be linear (average pooling is), so only a scalar value is asked.
        """
        if self._derivative.upstream is not None:
            return True
        middle, end = self._values(2)
        scale = max(abs(self.at_rest), abs(middle), abs(end))
        return abs(end - 2 * middle + self.at_rest) > 1e-6 * scale

    def _straight_on(self) -> list[list[Change]]:
        """All real arguments moved together by the same amount, once and twice."""
        if self._derivative.upstream is not None:
            return []
        rng = np.random.default_rng(_SEED)
        once: list[Change] = []
        twice: list[Change] = []
        for path, array in arrays_in(self.args):
            if array.dtype.kind == "f":
                move = rng.standard_normal(array.shape)
                once.append((path, array + move))
                twice.append((path, array + 2 * move))
        return [once, twice]

    def slopes(self, number: int) -> Floats:
        """The slopes to the right and to the left along that many of the entries."""
        values = np.array(self._values(2 * number)).reshape(-1, 2)
        return np.column_stack((values[:, 0] - self.at_rest, self.at_rest - values[:, 1])) / STEP

    def _steps_along(
        self, path: ArgumentPath, entries: Sequence[tuple[int, ...]]
    ) -> list[Sequence[Change] | Entries]:
        array: Array = argument(self._case, (self._derivative.step, *path))
        twice = np.repeat(np.array(entries, dtype=np.int64), 2, axis=0)
        steps = np.tile([STEP, -STEP], len(entries))
        moved = np.array([array[tuple(entry)] for entry in twice], dtype=np.float64) + steps
        if array.dtype == np.float64:
            return [Entries(path, twice, moved)]
        variants: list[Sequence[Change] | Entries] = []
        for entry, value in zip(twice, moved, strict=True):
            whole = np.array(array, dtype=np.float64)
            whole[tuple(entry)] = value
            variants.append([(path, whole)])
        return variants


def _alone(pattern: Pattern, name: str) -> tuple[int | None, Pattern]:
    """Which element of the answer is bound to ``name``, and a pattern that takes others as None."""
    if not isinstance(pattern, list) or name not in pattern:
        return None, pattern
    only = pattern.index(name)
    return only, [name if i == only else f"_{i}" for i in range(len(pattern))]


def arrays_in(tree: Any, path: ArgumentPath = ()) -> Iterator[tuple[ArgumentPath, Array]]:
    """Every array of a value tree, with the keys that lead to it."""
    if isinstance(tree, np.ndarray):
        yield path, tree
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from arrays_in(item, (*path, index))
    elif isinstance(tree, dict):
        for key, item in tree.items():
            yield from arrays_in(item, (*path, key))


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

    def entries(self) -> list[tuple[int, ...]]:
        """Some of its entries. Those that differ from the reference's are looked at first.

        A mistake in a few entries would slip through a sample.
        """
        analytic, golden = self.analytic, self.golden
        chosen = np.random.default_rng(_SEED).permutation(analytic.size)
        if golden is not None and golden.shape == analytic.shape:
            alike = np.isclose(analytic, golden, rtol=1e-6, atol=1e-9).ravel()
            chosen = chosen[np.argsort(alike[chosen], kind="stable")]
        return [
            tuple(int(i) for i in np.unravel_index(k, analytic.shape)) for k in chosen[:_ENTRIES]
        ]


def _compare(
    forward: OwnForward, gradient: _Gradient, entries: Sequence[tuple[int, ...]]
) -> GradientReport:
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
    numeric = slopes.mean(axis=1)
    smooth = _smooth(slopes)
    a = np.array([float(analytic[entry]) for entry in entries])[smooth]
    n = numeric[smooth]
    agrees = _agree(a, n, forward.at_rest, _RTOL)
    if not agrees and golden is not None and forward.single_precision:
        # Differences of float32 values are noise; the golden gradient is the better witness.
        agrees = np.allclose(analytic, golden, rtol=1e-4, atol=1e-5)
    return GradientReport(
        output=gradient.output,
        ratio=_norm_ratio(a, n),
        max_relative_error=_max_relative_error(a, n),
        entries=int(smooth.sum()),
        kinks=int((~smooth).sum()),
        agrees=agrees,
        exact=_agree(a, n, forward.at_rest, _EXACT_RTOL),
    )


def _smooth(slopes: Floats) -> NDArray[np.bool_]:
    largest = np.abs(slopes).max(axis=1)
    jump = np.abs(slopes[:, 0] - slopes[:, 1])
    allowed = 1e-3 * largest + 1e-4 * largest.max(initial=0.0) + 1e-7
    return np.asarray(jump <= allowed)


def _agree(a: Floats, n: Floats, value: float, rtol: float) -> bool:
    if a.size == 0 or not np.isfinite(a).all():
        return False
    if _norm_ratio(a, n) < NORM_RATIO:
        return True
    noise = _ROUNDING * max(1.0, abs(value))
    return np.allclose(a, n, rtol=rtol, atol=noise + rtol * float(np.abs(n).max()))


def _norm_ratio(a: Floats, n: Floats) -> float:
    total = float(np.linalg.norm(a) + np.linalg.norm(n))
    return float(np.linalg.norm(a - n)) / total if total else 0.0


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
    probes = [(each.path, chosen) for each, chosen in zip(gradients, entries, strict=True)]
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
        parameter = argument(run.case, path)
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
