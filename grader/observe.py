"""Observations: what can be compared of an answer whose values may vary.

Code that draws its own random numbers, or may choose a sign or an order, gives other values than
the reference and is right. What it must have in common with the reference (the share of the units
that dropout keeps, the factor by which it scales them) is summarised as a few numbers, in the same
way for the reference, for the registered bugs and for students, and compared like any output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Kind: TypeAlias = Literal[
    "kept_scales",
    "kept_share",
    "same_mask",
    "equal",
    "text",
    "absolute",
    "sorted",
    "mean_and_deviation",
    "shape_of",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Source: TypeAlias = "str | tuple[int | str, ...]"
"""A bound name, or where an argument lies in the case: (step, argument, key, ...)."""
Floats: TypeAlias = NDArray[np.float64]

ROUNDED: Final = 1e-4
"""How far observations may lie apart that are rounded or counted: ample for float32."""
_AS_EXACT_AS_VALUES: Final = frozenset({"absolute", "sorted"})
# An answer of this size is summarised in milliseconds; no golden case has a tenth of it.
_MOST_VALUES: Final = 1 << 20
_MOST_CHARACTERS: Final = 200
_MOST_SCALES: Final = 4
_SAME_SCALE: Final = 1e-4
"""Relative; in float32 the same factor varies by 1e-7."""
_DIGITS: Final = 6
_STEPS_PER_DECADE: Final = 20


@dataclass(frozen=True)
class Observation:
    """What to look at, and how to sum it up.

    ==================  ==================================================================
    ``kept_scales``     of (out, x): the distinct ratios out/x where x is not 0, ascending,
                        rounded to 6 digits; at most 4, and of more only that they are more
    ``kept_share``      of (out,): the share of values that are not zero, in tenths. Safe where
                        out has 10,000 values or more and the true share is a whole tenth
    ``same_mask``       of (a, b), or of (a, x, b, y) for the ratios a/x and b/y: 1 when they are
                        zero at the same places and equal elsewhere (of two: in proportion);
                        1/2 when only the zeros are the same; else 0
    ``equal``           of (a, b): 1 when they are equal within 1e-9, else 0
    ``text``            of (a string,): its characters' UTF-8 bytes, without white space around it
    ``absolute``        of (x,): abs(x)
    ``sorted``          of (x,): all values in ascending order, in one row
    ``mean_and_deviation``  of (x,): mean / deviation in tenths, and the deviation rounded on a
                        scale of 20 steps a decade (1, 1.12, 1.26, ...). Safe where x has 10,000
                        values or more and the true deviation is near such a step
    ``shape_of``        of (x,): its shape
    ==================  ==================================================================
    """

    kind: Kind
    of: tuple[Source, ...]
    words: str | None = None
    """What feedback calls it: "the share of the units that are kept"."""

    def __post_init__(self) -> None:
        if len(self.of) not in _SOURCES[self.kind]:
            raise ValueError(f"{self.kind} does not look at {len(self.of)} values")

    @property
    def names(self) -> list[str]:
        """The bound names that it looks at."""
        return [source for source in self.of if isinstance(source, str)]

    @property
    def exact(self) -> bool:
        """Whether it is as exact as the values that it is made of."""
        return self.kind in _AS_EXACT_AS_VALUES


@dataclass(frozen=True)
class Observed:
    """What came of an observation."""

    value: Floats
    """NaN, without axes, when there is nothing to see."""
    why_not: str | None = None
    """The sentence that says why there is nothing to see."""


class _Unobservable(Exception):
    """The answer is not of the kind that the observation is of."""


def observe(observation: Observation, look: Callable[[Source], Any]) -> Observed:
    """The observation of one answer, whatever it is: nothing that is looked at is trusted.

    Args:
        observation: what to look at and how.
        look: gives what lies at a source.

    Raises:
        KeyError: ``look`` finds nothing there.
    """
    values = [look(source) for source in observation.of]
    names = [source if isinstance(source, str) else "its input" for source in observation.of]
    try:
        with np.errstate(all="ignore"):
            return Observed(_KINDS[observation.kind](values, names))
    except _Unobservable as error:
        return Observed(np.array(np.nan), str(error))


# ---------------------------------------------------------------------------------------- kinds
def _kept_scales(values: list[Any], names: list[str]) -> Floats:
    out, x = _pair(values, names)
    ratios = np.unique(out[x != 0] / x[x != 0])
    if ratios.size == 0:
        return np.zeros(0)
    if not np.isfinite(ratios).all():
        raise _Unobservable(f"{names[0]} is too large")
    near = _SAME_SCALE * np.maximum(np.abs(ratios[1:]), np.abs(ratios[:-1])) + 1e-12
    groups = np.split(ratios, np.flatnonzero(np.diff(ratios) > near) + 1)
    if len(groups) > _MOST_SCALES:
        return np.full(_MOST_SCALES + 1, np.nan)  # as many as there are values, and all by chance
    return np.array([float(f"{np.median(group):.{_DIGITS}g}") for group in groups])


def _kept_share(values: list[Any], names: list[str]) -> Floats:
    x = _array(values[0], names[0])
    return np.array(np.round(np.count_nonzero(x) / max(x.size, 1), 1))


def _same_mask(values: list[Any], names: list[str]) -> Floats:
    if len(values) == 2:
        one, two = _pair(values, names)
        if not np.array_equal(one != 0, two != 0):
            return np.array(0.0)
        ratios = one[two != 0] / two[two != 0]
        return np.array(1.0 if _close(ratios, ratios[:1]) else 0.5)
    one, x = _pair(values[:2], names[:2])
    two, y = _pair(values[2:], names[2:])
    if one.shape != two.shape:
        raise _Unobservable(f"{names[2]} has another shape than {names[0]}")
    seen = (x != 0) & (y != 0)
    first, second = one[seen] / x[seen], two[seen] / y[seen]
    if not np.array_equal(first != 0, second != 0):
        return np.array(0.0)
    return np.array(1.0 if _close(first, second) else 0.5)


def _close(one: Floats, two: Floats) -> bool:
    return bool(np.all(np.abs(one - two) <= _SAME_SCALE * np.abs(two)))


def _equal(values: list[Any], names: list[str]) -> Floats:
    one, two = _pair(values, names)
    return np.array(float(np.allclose(one, two, rtol=1e-9, atol=1e-9)))


def _text(values: list[Any], _: list[str]) -> Floats:
    if values[0] is None:
        raise _Unobservable("it is None; to print a text is not to return it")
    if not isinstance(values[0], str):
        raise _Unobservable("it is no text")
    # Cut before it is encoded: it may be megabytes long. One more tells that it is too long.
    start = values[0][: 2 * _MOST_CHARACTERS].strip()[: _MOST_CHARACTERS + 1]
    return np.frombuffer(start.encode("utf-8", "replace"), np.uint8).astype(np.float64)


def _absolute(values: list[Any], names: list[str]) -> Floats:
    return np.abs(_array(values[0], names[0]))


def _sorted(values: list[Any], names: list[str]) -> Floats:
    return np.sort(_array(values[0], names[0]), axis=None)


def _mean_and_deviation(values: list[Any], names: list[str]) -> Floats:
    x = _array(values[0], names[0])
    if x.size == 0:
        raise _Unobservable(f"{names[0]} is empty")
    mean, deviation = float(np.mean(x)), float(np.std(x))
    if not np.isfinite(deviation):
        raise _Unobservable(f"{names[0]} is too large")
    if deviation <= 1e-9 * abs(mean):
        return np.array([float(f"{mean:.2g}"), 0.0])
    steps = np.round(np.log10(deviation) * _STEPS_PER_DECADE)
    share = np.round(mean / deviation, 1) + 0.0  # no negative zero
    return np.array([share, 10 ** (steps / _STEPS_PER_DECADE)])


def _shape_of(values: list[Any], names: list[str]) -> Floats:
    if not isinstance(values[0], np.ndarray | bool | int | float):
        raise _Unobservable(f"{names[0]} is no array")
    return np.array(np.shape(values[0]), dtype=np.float64)


def _pair(values: list[Any], names: list[str]) -> tuple[Floats, Floats]:
    one, two = _array(values[0], names[0]), _array(values[1], names[1])
    if one.shape != two.shape:
        raise _Unobservable(f"{names[0]} has another shape than {names[1]}")
    return one, two


def _array(value: Any, name: str) -> Floats:
    if isinstance(value, bool | int | float):
        value = np.asarray(value)
    if isinstance(value, list | tuple) and 0 < _entries(value) <= _MOST_VALUES:
        value = _from_list(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        raise _Unobservable(f"{name} is no array of numbers")
    if value.size > _MOST_VALUES:
        raise _Unobservable(f"{name} has far too many values")
    array: Floats = value.astype(np.float64)
    if not np.isfinite(array).all():
        raise _Unobservable(f"{name} has values that are NaN or infinite")
    return array


def _entries(value: Any) -> int:
    """How many values a list has, lists and arrays in it included."""
    if isinstance(value, list | tuple):
        return sum(map(_entries, value))
    return value.size if isinstance(value, np.ndarray) else 1


def _from_list(value: list[Any] | tuple[Any, ...]) -> NDArray[Any] | None:
    """A list of numbers as an array, for returning lists is a matter of style."""
    try:
        return np.asarray(value)
    except ValueError:  # ragged
        return None


_KINDS: Mapping[Kind, Callable[[list[Any], list[str]], Floats]] = MappingProxyType(
    {
        "kept_scales": _kept_scales,
        "kept_share": _kept_share,
        "same_mask": _same_mask,
        "equal": _equal,
        "text": _text,
        "absolute": _absolute,
        "sorted": _sorted,
        "mean_and_deviation": _mean_and_deviation,
        "shape_of": _shape_of,
    }
)
_SOURCES: Mapping[Kind, frozenset[int]] = MappingProxyType(
    {kind: frozenset({1}) for kind in KINDS}
    | {
        "kept_scales": frozenset({2}),
        "equal": frozenset({2}),
        "same_mask": frozenset({2, 4}),
    }
)
