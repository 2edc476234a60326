"""A short, tolerant summary of an array: enough to recognise it, not enough to rebuild it.

A fingerprint is the array's shape and the projections of its entries on fixed pseudo-random
vectors, scaled by 1/√n so that an entry-wise error of relative size ε moves the fingerprint by
about ε. A bundle holds one for each registered bug, case and output; a wrong answer whose
fingerprint is a bug's is that bug's answer.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

PROJECTIONS = 4
# Distinct classic bugs were measured at least 7e-3 apart; a student's rounding is below 1e-9.
RTOL = 1e-6
_SEED = 20240229


@functools.lru_cache(maxsize=256)
def _directions(size: int) -> NDArray[np.float64]:
    # RandomState's stream is frozen by NumPy's compatibility policy; Generator's is not.
    return np.random.RandomState(_SEED).standard_normal((PROJECTIONS, size))


def direction(size: int) -> NDArray[np.float64]:
    """A fixed pseudo-random vector of this many entries."""
    first: NDArray[np.float64] = _directions(size)[0]
    return first


@dataclass(frozen=True)
class Fingerprint:
    """Summary of one output: its shape, and its projections (empty unless all finite)."""

    shape: tuple[int, ...]
    projections: tuple[float, ...]
    scale: float
    """Root mean square of the entries: what differences are measured against."""

    @classmethod
    def of(cls, output: ArrayLike) -> Fingerprint:
        """The fingerprint of an array or scalar; entries are taken as float64."""
        array = np.asarray(output, dtype=np.float64)
        if array.size == 0 or not np.isfinite(array).all():
            return cls(array.shape, (), 0.0)
        flat = array.ravel()
        values = _directions(flat.size) @ flat / np.sqrt(flat.size)
        return cls(array.shape, tuple(values.tolist()), float(np.sqrt(np.mean(flat**2))))

    def matches(self, other: Fingerprint, rtol: float = RTOL) -> bool:
        """Whether both summarise the same array, up to ``rtol`` of its scale."""
        if self.shape != other.shape or len(self.projections) != len(other.projections):
            return False
        allowed = rtol * max(self.scale, other.scale) + 1e-12
        return all(
            abs(mine - theirs) <= allowed * PROJECTIONS
            for mine, theirs in zip(self.projections, other.projections, strict=True)
        )

    def to_json(self) -> list[Any]:
        """``[shape, projections, scale]``."""
        return [list(self.shape), list(self.projections), self.scale]

    @classmethod
    def from_json(cls, data: list[Any]) -> Fingerprint:
        """The inverse of :meth:`to_json`."""
        shape, projections, scale = data
        return cls(tuple(shape), tuple(projections), scale)
