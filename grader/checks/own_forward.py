"""The value that a student's own forward pass computes, asked for along many directions at once."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath, Array, Case, Derivative, Pattern
from grader.checks.case_run import bind, finite_scalar, resolved
from grader.compare import as_array, is_single_precision
from grader.composition import arrays_in
from grader.student.proxy import Student
from grader.student.variants import Alike, Change, Entries, Question, one_by_one
from grader.worker.wire import Value

STEP: Final = 1e-5
_SEED: Final = 7
Floats = NDArray[np.float64]
Entry = tuple[int, ...]
"""An index into an array."""
Probe = tuple[ArgumentPath, tuple[Entry, ...]]
"""Where an argument of the forward step lies, and the entries along which slopes are wanted."""


class NoValue(Exception):
    """The student's forward pass gives no finite value to differentiate."""


class OwnForward:
    """The scalar value that a case's forward step computes, as a function of its arguments.

    It is asked for once, for all arguments that will be of interest; ``slopes``, ``bends`` and
    ``depends_on_every_input`` then look at the values, each once and in this order.

    Args:
        student: whose function.
        case: where the arguments come from.
        derivative: which step, and which value.
        probes: along what slopes are wanted.
    """

    def __init__(
        self, student: Student, case: Case, derivative: Derivative, probes: tuple[Probe, ...]
    ) -> None:
        step = case.steps[derivative.step]
        self._function = step.function
        self._value_name = derivative.value
        self._upstream: Array | None = None
        if derivative.upstream is not None:
            self._upstream = case.argument(derivative.upstream)
        self._only, self._pattern = _alone(step.returns, derivative.value)
        asked = _asked(_Wanted(case, derivative, probes))
        self._moved = asked.moved
        answers, self._error = student.vary(self._function, asked.question, self._only)
        self._answers = self._taken_apart(answers)
        self._seen: list[float] = []
        self._coarse_arrays: bool | None = None
        (self.at_rest,) = self._values(1)

    def _taken_apart(self, answers: Sequence[Value | Alike]) -> Iterator[float | _Odd]:
        for answer in answers:
            numbers = self._numbers(answer) if isinstance(answer, Alike) else None
            if numbers is not None:
                yield from numbers
            else:
                yield from map(_Odd, one_by_one([answer], self._only))

    def _numbers(self, answer: Alike) -> list[float] | None:
        """The values in answers that have the agreed form; None when they must be looked at."""
        rows, upstream = answer.rows, self._upstream
        if isinstance(self._pattern, list):
            alone = answer.length is None and self._only == 0
            if not alone and answer.length != len(self._pattern):
                return None
        elif self._pattern != self._value_name or answer.length is not None:
            return None
        if upstream is None:
            return rows.tolist() if rows.ndim == 1 else None
        if rows.shape[1:] != upstream.shape:
            return None
        self._judge_precision(rows)
        totals: list[float] = (rows * upstream).reshape(len(rows), -1).sum(axis=1).tolist()
        return totals

    def _values(self, number: int) -> list[float]:
        """The values of the next variants.

        Raises:
            NoValue: the student's function fails or answers something else.
        """
        values = [self._value(answer) for answer in itertools.islice(self._answers, number)]
        self._seen += values
        if len(values) < number:
            raise NoValue(str(self._error)) from self._error
        return values

    def _value(self, answer: float | _Odd) -> float:
        malformed = None
        if isinstance(answer, float):
            if math.isfinite(answer):
                return answer
        else:
            bound: dict[str, Any] = {}
            malformed = bind(self._pattern, answer.value, bound, self._function)
            value = self._scalar(bound.get(self._value_name))
            if not malformed and value is not None:
                return value
        raise NoValue(malformed or f"{self._function} gives no finite value")

    def _scalar(self, value: Any) -> float | None:
        if self._upstream is None:
            return finite_scalar(value)
        array = as_array(value)
        if array is None or array.shape != self._upstream.shape:
            return None
        self._judge_precision(array)
        return finite_scalar(float(np.sum(array * self._upstream)))

    @property
    def single_precision(self) -> bool:
        """Whether all values so far are float32 numbers: too coarse to be differentiated.

        Of arrays, those in the first answer decide: their sum with the upstream gradient has more
        digits than they have.
        """
        return bool(self._coarse_arrays) or is_single_precision(np.array(self._seen))

    def _judge_precision(self, array: Array) -> None:
        if self._coarse_arrays is None:
            self._coarse_arrays = is_single_precision(array)

    def slopes(self, number: int) -> Floats:
        """The slopes to the right and to the left along that many of the entries."""
        values = np.array(self._values(2 * number)).reshape(-1, 2)
        slopes: Floats = (values - self.at_rest) * _PER_STEP
        return slopes

    def bends(self) -> bool:
        """Whether the value is no linear function of all its real arguments together.

        A loss is none; a sum of its arguments is one, and its gradients are easily right. Layers
        may be linear (average pooling is), so only a scalar value is asked.
        """
        if self._upstream is not None:
            return True
        middle, end = self._values(2)
        scale = max(abs(self.at_rest), abs(middle), abs(end))
        return abs(end - 2 * middle + self.at_rest) > 1e-6 * scale

    def depends_on_every_input(self) -> bool:
        """Whether each array the function is given moves its value.

        A "loss" that ignores its inputs has gradients that are easily right; it earns nothing.
        """
        return self.at_rest not in self._values(self._moved)


_PER_STEP: Final = np.array([1 / STEP, -1 / STEP])


@dataclass(frozen=True)
class _Odd:
    """An answer that is no plain number."""

    value: Value


class _Wanted:
    """What slopes of which case are wanted; the case is the same only when it is that very one."""

    def __init__(self, case: Case, derivative: Derivative, probes: tuple[Probe, ...]) -> None:
        self.case = case
        self.derivative = derivative
        self.probes = probes

    def __hash__(self) -> int:
        return hash((id(self.case), self.probes))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Wanted)
            and self.case is other.case
            and self.derivative is other.derivative
            and self.probes == other.probes
        )


@dataclass(frozen=True)
class _Asked:
    """What the forward step is asked for: at rest, along the probes, and moved as a whole."""

    question: Question
    moved: int
    """How many variants, the last ones, have one array moved as a whole."""


@functools.lru_cache(maxsize=256)
def _asked(wanted: _Wanted) -> _Asked:
    # Remembered: nearly all submissions are asked the same, and to write it down takes longer
    # than to answer it.
    case, derivative = wanted.case, wanted.derivative
    args = resolved(case.steps[derivative.step].args, {})
    variants: list[Sequence[Change] | Entries] = [[]]
    for path, entries in wanted.probes:
        variants += _steps_along(case.argument((derivative.step, *path)), path, entries)
    if derivative.upstream is None:
        variants += _straight_on(args)
    moved = _every_input_moved(args)
    return _Asked(Question.of(args, [*variants, *moved]), len(moved))


def _steps_along(
    array: Array, path: ArgumentPath, entries: Sequence[Entry]
) -> list[Sequence[Change] | Entries]:
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


def _straight_on(args: Any) -> list[list[Change]]:
    """All real arguments moved together by the same amount, once and twice."""
    rng = np.random.default_rng(_SEED)
    once: list[Change] = []
    twice: list[Change] = []
    for path, array in arrays_in(args):
        if array.dtype.kind == "f":
            move = rng.standard_normal(array.shape)
            once.append((path, array + move))
            twice.append((path, array + 2 * move))
    return [once, twice]


def _every_input_moved(args: Any) -> list[list[Change]]:
    rng = np.random.default_rng(_SEED)
    variants: list[list[Change]] = []
    for path, array in arrays_in(args):
        moved: Array = array + 0.1 * rng.standard_normal(array.shape)
        if array.dtype.kind != "f":
            moved = np.roll(array, 1)
        if not np.array_equal(moved, array):
            variants.append([(path, moved)])
    return variants


def _alone(pattern: Pattern, name: str) -> tuple[int | None, Pattern]:
    """Which element of the answer is bound to ``name``, and a pattern that takes others as None."""
    if not isinstance(pattern, list) or name not in pattern:
        return None, pattern
    only = pattern.index(name)
    return only, [name if i == only else f"_{i}" for i in range(len(pattern))]
