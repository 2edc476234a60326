"""One call of one function of the student: arguments in, results out, nothing left changed."""

from __future__ import annotations

import itertools
import operator
import warnings
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import numpy as np

from .tensors import as_array
from .wire import Caps, Handle, Reader, Segment, Value, WireError, encode

_ERROR_STATE: Final = np.geterr()
_IGNORED: Final = [("ignore", None, Warning, None, 0)]
_HANDLE: Final = ord("h")
WHOLE: Final = -1
"""The position that stands for all that a call returns: an object is kept as it is."""
_SHORT: Final = 1 << 10


class Vault:
    """Objects that stay here; outside, a Handle stands for each."""

    def __init__(self, first: int, caps: Caps) -> None:
        self.caps = caps
        self._ids = itertools.count(first)
        self._objects: dict[int, object] = {}

    def keep(self, value: object, number: int | None = None) -> Handle:
        """Store the object, under the number that the other side has chosen if it has."""
        handle = Handle(next(self._ids) if number is None else number)
        self._objects[handle.id] = value
        return handle

    def get(self, handle: Handle) -> object:
        """The object.

        Raises:
            WireError: there is none for this handle.
        """
        try:
            return self._objects[handle.id]
        except KeyError:
            raise WireError(f"no object is kept under handle {handle.id}") from None

    def release(self, ids: Collection[int]) -> None:
        """Forget objects; ids of none are ignored."""
        for number in ids:
            self._objects.pop(number, None)


class Arguments:
    """Arguments as they arrived, and the bytes they came in, to see afterwards what changed."""

    def __init__(self, content: bytes | bytearray | memoryview, vault: Vault) -> None:
        reader = Reader(content, vault.caps, vault.get)
        reader.expect(b"t")
        self.values: list[Any] = []
        self._pristine: list[memoryview] = []
        self._snapshots: list[list[_Snapshot]] = []
        view = memoryview(content)
        for _ in range(reader.length()):
            start, known = reader.position, len(reader.made)
            self.values.append(reader.read())
            self._pristine.append(view[start : reader.position])
            self._snapshots.append([_Snapshot(*part) for part in reader.made[known:]])
        reader.finish()
        self._caps = vault.caps

    def modified(self) -> tuple[int, ...]:
        """The positions of arguments that are no longer what was sent; handles are not looked at.

        Their encoding decides: dtype, shape and bits, so that NaN equals itself.
        """
        return tuple(
            position
            for position, (value, before) in enumerate(
                zip(self.values, self._pristine, strict=True)
            )
            if before[0] != _HANDLE
            and not all(snapshot.holds() for snapshot in self._snapshots[position])
            and not self._same(value, before)
        )

    def _same(self, value: object, before: memoryview) -> bool:
        try:
            segments = encode(value, self._caps)
        except WireError:
            return False
        position = 0
        for segment in segments:
            part = before[position : position + len(segment)]
            if not _equal_bytes(part, segment):
                return False
            position += len(segment)
        return position == len(before)


class _Snapshot:
    """What a value was that can be changed in place.

    Tells in no time that nothing was touched; where something was, it may still be the same.
    """

    __slots__ = ("_before", "_content", "_value")

    def __init__(self, value: Any, content: memoryview | None) -> None:
        self._value = value
        self._content = content
        self._before = self._look()

    def holds(self) -> bool:
        """Whether nothing was changed or replaced."""
        before, now = self._before, self._look()
        if self._content is not None:
            return before == now and _equal_bytes(self._content, self._value.tobytes())
        return len(before) == len(now) and all(map(operator.is_, before, now))

    def _look(self) -> tuple[Any, ...]:
        value = self._value
        if self._content is not None:
            return value.shape, value.dtype
        return (*value, *value.values()) if type(value) is dict else tuple(value)


def _equal_bytes(one: memoryview, other: Segment) -> bool:
    if len(one) != len(other):
        return False
    if len(one) < _SHORT:
        return one == other
    # Twenty times faster than memoryview's own comparison.
    return np.array_equal(np.frombuffer(one, np.uint8), np.frombuffer(other, np.uint8))


def call(
    function: Callable[..., Any],
    arguments: Arguments,
    keep: Collection[int] | Mapping[int, int],
    vault: Vault,
) -> list[Segment]:
    """Call the function and encode ``{"value": ..., "modified": (...)}``.

    Args:
        function: the student's.
        arguments: decoded for this call only.
        keep: positions in a returned tuple or list that stay in the vault, or WHOLE; a mapping also
            gives the numbers of their handles.
        vault: where they stay.

    Raises:
        TooLarge: the result cannot be sent.
        BaseException: whatever the function raises.
    """
    quiet()
    result = function(*arguments.values)
    numbers = keep if isinstance(keep, Mapping) else dict.fromkeys(keep)
    if WHOLE in numbers:
        result = vault.keep(result, numbers[WHOLE])
    elif keep and isinstance(result, tuple | list):
        result = tuple(
            vault.keep(element, numbers[position]) if position in numbers else element
            for position, element in enumerate(result)
        )
    modified = arguments.modified()
    return encode({"value": result, "modified": modified}, vault.caps, as_array)


def quiet() -> None:
    """Undo what an earlier call may have changed for all: NumPy's error state, warning filters."""
    # Looking takes a third of the time of setting.
    if np.geterr() != _ERROR_STATE:
        np.seterr(**_ERROR_STATE)
    if warnings.filters != _IGNORED:
        warnings.resetwarnings()
        warnings.simplefilter("ignore")


def constant(
    names: Mapping[str, object], name: str, vault: Vault, changes: Mapping[str, Value] | None = None
) -> list[Segment]:
    """Encode ``{"value": ...}`` for a module-level name.

    With ``changes``, the value is a handle for a copy of the dict with these entries replaced:
    what stands in it may be a function or another thing that cannot be sent.

    Raises:
        TooLarge: it cannot be sent.
    """
    if changes is not None:
        declared = names[name]
        base = dict(declared) if isinstance(declared, Mapping) else {}
        return encode({"value": vault.keep({**base, **changes})}, vault.caps, as_array)
    value: Value = names[name]  # type: ignore[assignment]  # encode() takes any object
    return encode({"value": value}, vault.caps, as_array)
