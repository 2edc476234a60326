"""What is known about a wrong answer when no registered bug explains it.

A constant ratio, a sign, a constant offset, a permutation of axes, or the place of the wrong
values: the border, one channel, one sample. Each is stated only when it holds for all values.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

_RTOL = 1e-6
# Batches, classes, pixels and their products; a larger ratio tells nobody anything.
_LARGEST_SIMPLE = 512
_RATIO_NAMES = {
    Fraction(1, 2): "exactly half",
    Fraction(2): "exactly twice as large",
    Fraction(-1): "exactly the opposite sign",
}

Floats = NDArray[np.float64]


@np.errstate(all="ignore")  # a student's values may be of any size
def relation(got: Floats, want: Floats, differs: NDArray[np.bool_]) -> str | None:
    """A clause that describes how ``got`` relates to ``want``, or None.

    Args:
        got: the student's values, finite.
        want: the golden values, of the same shape.
        differs: where they differ beyond the tolerance; at least one entry is True.
    """
    return (
        _constant_ratio(got, want)
        or _constant_offset(got, want)
        or _permuted(got, want)
        or _where(differs)
    )


def _constant_ratio(got: Floats, want: Floats) -> str | None:
    scale = float(np.abs(want).max(initial=0.0))
    if scale == 0.0:
        return None
    if not got.any():
        return "all of them zero"
    heavy = np.abs(want) > 1e-3 * scale
    ratios = got[heavy] / want[heavy]
    ratio = float(np.median(ratios))
    if not _close(got, ratio * want, _RTOL * scale * abs(ratio)):
        return None
    if abs(ratio - 1) < 1e-3:
        return None
    return _ratio_words(ratio, single=got.size == 1)


def _ratio_words(ratio: float, *, single: bool) -> str | None:
    simple = Fraction(ratio).limit_denominator(_LARGEST_SIMPLE)
    exact = simple != 0 and abs(float(simple) - ratio) <= _RTOL * abs(ratio)
    if exact and simple in _RATIO_NAMES:
        return _RATIO_NAMES[simple]
    sign = " with the opposite sign" if ratio < 0 else ""
    size = abs(simple)
    if exact and size.denominator == 1:
        return f"exactly {size.numerator} times too large{sign}"
    if exact and size.numerator == 1:
        return f"exactly {size.denominator} times too small{sign}"
    if single:  # any two numbers have a ratio
        return None
    # The ratio itself may be a hidden input that the student's code multiplied in.
    return f"all of them by the same factor{sign}"


def _constant_offset(got: Floats, want: Floats) -> str | None:
    if got.size < 2:
        return None
    offset = got - want
    middle = float(np.median(offset))
    scale = float(np.abs(want).max())
    allowed = 1e-9 * scale + _RTOL * abs(middle)
    if abs(middle) > 1e-6 * scale and bool((np.abs(offset - middle) <= allowed).all()):
        return "all by the same constant"
    return None


def _permuted(got: Floats, want: Floats) -> str | None:
    if got.ndim < 2 or got.ndim > 4 or got.size < 4:
        return None
    for axes in itertools.permutations(range(want.ndim)):
        turned = want.transpose(axes)
        if axes != tuple(range(want.ndim)) and turned.shape == got.shape and _same(got, turned):
            return "it is transposed" if want.ndim == 2 else f"its axes are permuted: {axes}"
    for axis in range(want.ndim):
        if want.shape[axis] > 1 and _same(got, np.flip(want, axis)):
            return f"it is reversed along axis {axis}"
    if want.ndim == 4 and _same(got, want[:, :, ::-1, ::-1]):
        return "each plane is turned by 180 degrees"
    return None


def _same(got: Floats, want: Floats) -> bool:
    return _close(got, want, _RTOL * float(np.abs(want).max()))


def _close(got: Floats, want: Floats, atol: float) -> bool:
    return bool((np.abs(got - want) <= atol + _RTOL * np.abs(want)).all())


def _where(differs: NDArray[np.bool_]) -> str | None:
    if differs.all():
        return "everywhere" if differs.size > 1 else None
    if differs.ndim >= 3 and min(differs.shape[-2:]) > 2:
        inside = differs[..., 1:-1, 1:-1]
        if not inside.any():
            return "only on the border"
        edge = np.ones(differs.shape, dtype=bool)
        edge[..., 1:-1, 1:-1] = False
        if inside.all() and not differs[edge].any():
            return "everywhere but on the border"
    return _one_slice(differs)


def _one_slice(differs: NDArray[np.bool_]) -> str | None:
    for axis in range(differs.ndim):
        others = tuple(a for a in range(differs.ndim) if a != axis)
        touched = np.flatnonzero(differs.any(axis=others))
        size = differs.shape[axis]
        if size > 1 and len(touched) == 1:
            return f"only at index {touched[0]} of axis {axis}"
        if size > 2 and len(touched) == size - 1:
            right = next(i for i in range(size) if i not in set(touched.tolist()))
            return f"everywhere but at index {right} of axis {axis}"
    return None
