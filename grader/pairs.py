"""Two registered bugs at once: their answers to a problem, summarised in a few bytes a case.

There are thousands of pairs, so that no fingerprint of each output can be kept of them. One case's
answer becomes two numbers: the direction of all its outputs together, and their size on a
logarithmic scale. Neither lets a large wrong output hide a small one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.fingerprint import direction

Row: TypeAlias = tuple[float, float]

AS_IT_MUST: Final[Row] = (0.0, 0.0)
"""Of a case that has to end in an exception, and does."""
RAISED: Final[Row] = (float("nan"), float("nan"))
"""Of a case that ends in an exception and has not to. Any exception: loops and array code raise
different ones for the same mistake."""

_SEED: Final = 20261121
# Numbers of single precision are kept; distinct bugs lie a thousand times as far apart.
_NEAR: Final = 4e-6
_OF_ZERO: Final = -50.0
# The gradient of a bias before batch normalisation is nothing but rounding, each code's own.
_ROUNDED_ZERO: Final = 1e-13
_NOT_FINITE: Final = 100.0


@dataclass(frozen=True)
class PairTable:
    """The pairs of a problem whose answers do not follow from those of the two bugs alone."""

    bugs: tuple[tuple[str, str], ...]
    """The pairs, in the registry's order."""
    cases: tuple[str, ...]
    """The cases in which they were tried: enough to show each of the bugs twice."""
    rows: NDArray[np.float32]
    """(pairs, cases, 2): what they answer."""

    def is_same(self, other: PairTable) -> bool:
        """Whether both say the same."""
        return (
            self.bugs == other.bugs
            and self.cases == other.cases
            and np.array_equal(self.rows, other.rows, equal_nan=True)
        )

    def matching(self, rows: Mapping[str, Row]) -> list[tuple[str, str]]:
        """The pairs that give these answers, a row a case; cases that are not there may be any."""
        known = [i for i, case in enumerate(self.cases) if case in rows]
        if not known:
            return []
        seen = np.array([rows[self.cases[i]] for i in known], dtype=np.float32)
        if np.isnan(seen).all():
            return []  # exceptions alone can have any cause
        return [self.bugs[i] for i in np.flatnonzero(alike(self.rows[:, known], seen))]


def alike(many: NDArray[Any], one: NDArray[Any], rtol: float = _NEAR) -> NDArray[np.bool_]:
    """Which of many answers (answers, cases, 2) are the same as one (cases, 2), or as theirs."""
    with np.errstate(invalid="ignore"):
        near = np.abs(many - one) <= rtol * np.maximum(1, np.abs(one))
    near |= np.isnan(many) & np.isnan(one)
    found: NDArray[np.bool_] = near.all(axis=(1, 2))
    return found


def rows_of(answers: Sequence[Mapping[str, Any]], names: Sequence[str]) -> NDArray[np.float64]:
    """The summaries of many answers to one case: (answers, 2).

    Args:
        answers: each one's outputs by name: real arrays or numbers.
        names: all of the problem's outputs; those that are not there count as such.
    """
    rows = np.zeros((len(answers), 2))
    for name, weights in zip(names, _weights(len(names)), strict=True):
        of_shape: dict[tuple[int, ...], list[int]] = {}
        for i, outputs in enumerate(answers):
            if name in outputs:
                of_shape.setdefault(np.shape(outputs[name]), []).append(i)
        for shape, where in of_shape.items():
            values = np.array([outputs[name] for outputs in map(answers.__getitem__, where)])
            rows[where] += _summed_up(values.astype(np.float64).reshape(len(where), -1), weights)
            rows[where, 1] += weights[2] * _of_shape(shape)
    return rows


def _summed_up(values: NDArray[np.float64], weights: Sequence[float]) -> NDArray[np.float64]:
    """Direction and size of each row, each times its weight."""
    number = max(values.shape[1], 1)
    with np.errstate(all="ignore"):
        scale = np.sqrt((values * values).sum(axis=1) / number)
        along = values @ direction(values.shape[1]) / (scale * np.sqrt(number))
        size = np.log(scale)
    odd = ~np.isfinite(scale) | (scale < _ROUNDED_ZERO)
    along[odd] = 0
    size[odd] = np.where(scale[odd] < _ROUNDED_ZERO, _OF_ZERO, _NOT_FINITE)
    return np.column_stack((weights[0] * along, weights[1] * size))


@functools.cache
def _weights(number: int) -> list[list[float]]:
    # RandomState's stream is frozen by NumPy's compatibility policy; Generator's is not.
    weights: list[list[float]] = np.random.RandomState(_SEED).uniform(1, 2, (number, 3)).tolist()
    return weights


@functools.lru_cache(maxsize=256)
def _of_shape(shape: tuple[int, ...]) -> float:
    return sum(0.6180339887 * (axis + 1) * (length + 1) % 1 for axis, length in enumerate(shape))
