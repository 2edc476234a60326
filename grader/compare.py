"""One output against its golden value, in stages: shape, dtype, finite, values.

A later stage is only reached when the earlier ones hold: broadcasting would turn a scalar into a
pass, and a NaN would hide behind a large tolerance. What is wrong is told in two halves: ``what``
may be shown to anyone, ``numbers`` quotes values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Tolerance
from grader.relation import relation

Stage = Literal["type", "shape", "dtype", "finite", "values"]
# For students who compute in float32. Wider than torch.testing.assert_close's 1.3e-6 and 1e-5,
# because golden cases with scores near 1000 lose three more digits; classic mistakes are 7e-3 off.
SINGLE_PRECISION = Tolerance(rtol=1e-4, atol=1e-4)
_DOUBLE = np.dtype(np.float64)
# A shape is a number of the student's choosing, too: it must not carry hidden inputs out.
_LARGEST_SHOWN = 999
_MOST_AXES_SHOWN = 4
_LARGEST_COUNT = 1e12


@dataclass(frozen=True)
class Mismatch:
    """Why an output is not its golden value."""

    output: str
    stage: Stage
    explain: Callable[[], tuple[str, str | None]]
    """Makes ``what`` and ``numbers``: of a submission's mismatches only the first few are told."""

    @classmethod
    def told(cls, output: str, stage: Stage, what: str, numbers: str | None = None) -> Mismatch:
        """One of which all is said already."""
        return cls(output, stage, lambda: (what, numbers))

    @cached_property
    def _words(self) -> tuple[str, str | None]:
        return self.explain()

    @property
    def what(self) -> str:
        """What is wrong, fit for anyone."""
        return self._words[0]

    @property
    def numbers(self) -> str | None:
        """The values, if they are to be quoted."""
        return self._words[1]


def as_array(value: Any) -> NDArray[Any] | None:
    """A returned value as a numeric array, or None when it is not one.

    Numbers and (nested) lists of numbers count: returning a list is a matter of style.
    """
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in "biufc" else None
    if isinstance(value, bool | int | float | complex):
        return np.asarray(value)
    if isinstance(value, list | tuple) and value and _all_numbers(value):
        try:
            array = np.asarray(value)
        except ValueError:  # ragged
            return None
        return array if array.dtype.kind in "biufc" else None
    return None


def _all_numbers(value: list[Any] | tuple[Any, ...]) -> bool:
    return all(
        _all_numbers(item)
        if isinstance(item, list | tuple)
        else isinstance(item, bool | int | float | np.ndarray)
        for item in value
    )


def is_single_precision(array: NDArray[Any]) -> bool:
    """Whether the values were computed in float32, even if they came back as float64."""
    if array.dtype.kind != "f":
        return False
    if array.dtype.itemsize < 8:
        return True
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array, array.astype(np.float32)))


@np.errstate(over="ignore", invalid="ignore")  # a student's values may be of any size
def compare(output: str, value: Any, want: NDArray[Any], tolerance: Tolerance) -> Mismatch | None:
    """None when ``value`` is ``want`` within the tolerance, else the first stage that fails."""
    if _evidently_right(value, want, tolerance):
        return None
    for mismatch in _stages(output, value, want, tolerance):
        return mismatch
    return None


def _evidently_right(value: Any, want: NDArray[Any], tolerance: Tolerance) -> bool:
    """Whether all squared differences together are less than one may be: true of most answers.

    Told at a tenth of what all stages cost; what is NaN or infinite is not less than anything.
    """
    if type(value) is float and want.ndim == 0:
        target = float(want)
        return abs(value - target) <= tolerance.atol + tolerance.rtol * abs(target)
    if type(value) is not np.ndarray or value.shape != want.shape:
        return False
    if value.dtype is not _DOUBLE or want.dtype is not _DOUBLE:
        return False
    difference = (value - want).ravel()
    return bool(difference @ difference <= tolerance.atol**2)


def _stages(
    output: str, value: Any, want: NDArray[Any], tolerance: Tolerance
) -> Iterator[Mismatch]:
    got = as_array(value)
    if got is None:
        yield Mismatch.told(
            output, "type", f"{output} is {type_name(value)}; expected {_kind(want)}"
        )
        return
    if want.shape == () and got.size == 1:
        got = got.reshape(())  # a loss of shape (1,) or (1, 1) is a loss
    if got.shape != want.shape:
        yield Mismatch.told(output, "shape", _shape_sentence(output, got, want))
        return
    if got.dtype.kind == "c":
        yield Mismatch.told(output, "dtype", f"{output} has complex values; expected real ones")
        return
    exact = got.astype(np.float64)
    bad = ~np.isfinite(exact)
    if bad.any():
        kind = "NaN" if np.isnan(exact).any() else "infinite"
        count = int(bad.sum())
        verb = "is" if count == 1 else "are"
        yield Mismatch.told(
            output, "finite", f"{output}: {count} of {exact.size} values {verb} {kind}"
        )
        return
    target = want.astype(np.float64)
    differs = _beyond(tolerance, exact, target)
    if differs.any() and is_single_precision(got):
        looser = Tolerance(
            max(tolerance.rtol, SINGLE_PRECISION.rtol), max(tolerance.atol, SINGLE_PRECISION.atol)
        )
        differs = _beyond(looser, exact, target)
    if differs.any():
        yield Mismatch(output, "values", partial(_explained, output, exact, target, differs))


def _beyond(
    tolerance: Tolerance, got: NDArray[np.float64], want: NDArray[np.float64]
) -> NDArray[np.bool_]:
    differs: NDArray[np.bool_] = np.abs(got - want) > tolerance.atol + tolerance.rtol * np.abs(want)
    return differs


def _explained(
    output: str, got: NDArray[np.float64], want: NDArray[np.float64], differs: NDArray[np.bool_]
) -> tuple[str, str | None]:
    known = relation(got, want, differs)
    tail = f", {known}" if known else ""
    if got.shape == ():
        return f"{output} has another value{tail}", _told(got[()], want[()])
    worst = np.unravel_index(int(np.argmax(np.where(differs, np.abs(got - want), -1))), got.shape)
    place = ", ".join(str(int(i)) for i in worst)
    return (
        f"{output}: {int(differs.sum())} of {got.size} values differ{tail}",
        f"worst at [{place}]: {_told(got[worst], want[worst])}",
    )


def _shape_sentence(output: str, got: NDArray[Any], want: NDArray[Any]) -> str:
    if max(got.shape, default=0) > _LARGEST_SHOWN or got.ndim > _MOST_AXES_SHOWN:
        return f"{output} has a shape far from the expected {want.shape}"
    text = f"{output} has shape {got.shape}, expected {want.shape}"
    if got.ndim == want.ndim and got.ndim == 2 and got.shape == want.shape[::-1]:
        return f"{text}: it is transposed"
    if sorted(got.shape) == sorted(want.shape) and got.ndim == want.ndim:
        return f"{text}: its axes are permuted"
    if got.size == want.size:
        return f"{text}: the same number of values, in another shape"
    return text


def _kind(want: NDArray[Any]) -> str:
    return "a number" if want.shape == () else f"an array of shape {want.shape}"


def type_name(value: Any) -> str:
    """What a returned value is, in a student's words.

    The name of a class of the student's own is not repeated: it could carry hidden inputs.
    """
    if value is None:
        return "None"
    name = type(value).__name__
    return f"a {name}" if type(value).__module__ in {"builtins", "numpy"} else "an object"


def number(value: Any) -> str:
    """Four significant digits, as the course prints them."""
    return f"{float(value):.4g}"


def _told(got: Any, want: Any) -> str:
    """Both numbers, in as many digits as tell them apart; a count in all of its digits."""
    one, other = float(got), float(want)
    if one.is_integer() and other.is_integer() and max(abs(one), abs(other)) < _LARGEST_COUNT:
        return f"got {one:.0f}, want {other:.0f}"
    digits = next((n for n in (4, 7, 10) if f"{one:.{n}g}" != f"{other:.{n}g}"), 16)
    return f"got {one:.{digits}g}, want {other:.{digits}g}"
