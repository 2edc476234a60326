"""Sheets that take over from one another what cannot differ, and so need not be computed again.

A formula gives the same value on two sheets when neither it nor a formula that it reads, directly
or through others, is another one there, and what is read of the given quantities is the same. What
each quantity was computed from is noted as a set of names: an integer with a bit for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from grader.bundle import Bound
from reference.bugs.sheet import Formulas, Sheet

Known: TypeAlias = Mapping[str, tuple[int, Any]]
"""Quantity -> the names that it was computed from, its own included, and its value."""
Source: TypeAlias = tuple[Known, int]
"""What another sheet knows, and the names on which it may differ."""

UNTRACEABLE: Final = 1
"""The bit of what may read more of the sheet later, or change: functions, objects, dicts."""
EVERYTHING: Final = -1
_COMPARED: Final = 1 << 16
_MISSING: Final = object()


class Bits(dict[str, int]):
    """A bit for each name."""

    def __missing__(self, name: str) -> int:
        bit = self[name] = 2 << len(self)
        return bit

    def of(self, names: Iterable[str]) -> int:
        """The set of these names."""
        found = 0
        for name in names:
            found |= self[name]
        return found


class TracedSheet(Sheet):
    """A sheet that notes what each of its quantities was computed from.

    Args:
        formulas: how to compute a quantity from the others.
        given: quantities that are known.
        sources: sheets whose values may be taken over.
        bits: the bits of names.
    """

    def __init__(
        self, formulas: Formulas, given: Mapping[str, Any], sources: list[Source], bits: Bits
    ) -> None:
        known = {name: (bits[name], value) for name, value in given.items()}
        # What is given may be changed by the one to whom it belongs: a dict of running means.
        before = {name: _as_it_is(value) for name, value in given.items()}
        super().__init__(
            formulas,
            {"_known": known, "_before": before, "_open": [0], "_sources": sources, "_bits": bits},
        )

    def __getattr__(self, name: str) -> Any:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._found(name)
        self._open[-1] |= found[0]
        return found[1]

    def _found(self, name: str) -> tuple[int, Any]:
        for known, differing in self._sources:
            there: tuple[int, Any] | None = known.get(name)
            if there is not None and not there[0] & differing:
                return there
        formula = self._formulas.get(name)
        if formula is None:
            raise AttributeError(f"no formula for {name!r}")
        self._open.append(self._bits[name])
        try:
            value = formula(self)
        finally:  # whoever asked has read all this even when it ends in an exception
            reads = self._open.pop()
            self._open[-1] |= reads
        return (reads if _is_plain(value) else reads | UNTRACEABLE), value

    def close(self, given: Mapping[str, Any]) -> None:
        """Note, at the end of the call, which of the given quantities it has changed itself.

        What was read of them can be of before or after, which may depend on a formula.
        """
        for name, value in given.items():
            if isinstance(value, dict | list) and not is_same(value, self._before[name]):
                self._before[name] = _MISSING

    def nested(self) -> None:
        """Note that a formula at work calls a function with a sheet of its own."""
        self._open[-1] = EVERYTHING

    def read(self) -> int:
        """All that was read so far."""
        return int(self._open[0])

    def differing(
        self, other: TracedSheet, formulas: Iterable[str], changed: int, but_objects: bool = False
    ) -> int:
        """What may have other values on another sheet: given quantities, and some formulas'.

        Args:
            other: that sheet.
            formulas: those that are other ones there; none of ``changed``.
            changed: formulas that a bug replaces on both; what depends on them is not known.
            but_objects: leave out objects, as a net: they are not compared, and what is read of
                one later is given then.
        """
        mine, theirs = self._before, other._before
        found = UNTRACEABLE
        for name in mine.keys() | theirs.keys():
            value = mine.get(name, _MISSING)
            compared = value is _MISSING or isinstance(value, dict | list) or _is_plain(value)
            if but_objects and not compared:
                continue
            if value is _MISSING or not is_same(value, theirs.get(name, _MISSING)):
                found |= self._bits[name]
        unknown = found | changed
        for name in formulas:
            here, there = self._known.get(name), other._known.get(name)
            known = here is not None and there is not None and not (here[0] | there[0]) & unknown
            if not known or not is_same(here[1], there[1]):
                found |= self._bits[name]
        return found

    def as_source(self, given: Mapping[str, Any] | None, changed: int) -> Source:
        """What another sheet may take over.

        Args:
            given: that sheet's given quantities; None when they are known to be the same.
            changed: the formulas that are other ones there.
        """
        differing = changed | UNTRACEABLE
        if given is not None:
            before = self._before
            for name, value in given.items():
                other = before.get(name, _MISSING)
                if other is not value and not is_same(value, other):
                    differing |= self._bits[name]
            if before.keys() != given.keys():
                differing |= self._bits.of(before.keys() - given.keys())
        return self._known, differing


class MixedSheet(Sheet):
    """A sheet that takes over what it can.

    Args:
        formulas: how to compute a quantity from the others.
        changes: formulas that replace some of them.
        given: quantities that are known.
        sources: sheets whose values may be taken over.
    """

    def __init__(
        self,
        formulas: Formulas,
        changes: Formulas,
        given: Mapping[str, Any],
        sources: list[Source],
    ) -> None:
        super().__init__(formulas, given)
        self._changes = changes
        self._sources = sources

    def __getattr__(self, name: str) -> Any:
        here = self.__dict__
        for known, differing in here["_sources"]:
            there = known.get(name)
            if there is not None and not there[0] & differing:
                here[name] = there[1]
                return there[1]
        formula = here["_changes"].get(name) or here["_formulas"].get(name)
        if formula is None:
            raise AttributeError(f"no formula for {name!r}")
        value = here[name] = formula(self)
        return value


# ------------------------------------------------------------------------------------ what is alike
_PLAIN: Final = (np.generic, int, float, complex, str, bytes, slice, type(None), type(Ellipsis))


def _is_plain(value: Any) -> bool:
    """Whether a value is what it is: it cannot read the sheet later, and nobody changes it."""
    if isinstance(value, np.ndarray):
        return not value.dtype.hasobject
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, _PLAIN)


def is_same(one: Any, other: Any) -> bool:
    """Whether two given values are the same to the last bit; where that is dear to tell, no."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            one.shape == other.shape
            and one.dtype == other.dtype
            and one.nbytes <= _COMPARED
            and not one.dtype.hasobject
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    # repr, for 0.0 and -0.0
    return isinstance(one, (*_PLAIN, Bound)) and one == other and repr(one) == repr(other)


def _as_it_is(value: Any) -> Any:
    """The value with copies of the dicts and lists in it."""
    if isinstance(value, dict):
        return {key: _as_it_is(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_it_is(item) for item in value]
    return value
