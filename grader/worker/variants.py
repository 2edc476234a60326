"""One function on many variants of the same arguments, as central differences want it.

Values that follow one another and are alike, floats or small arrays of one shape, are sent as one
array: to write and read each by itself takes longer than many a function.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from .calls import quiet
from .tensors import as_array
from .wire import Caps, Segment, encode, named_list

_HOLD_SECONDS: Final = 0.01
"""How long a value waits for the next one; nothing beside the deadline of a call."""
_HOLD_BYTES: Final = 1 << 16
_FLOAT: Final = np.dtype(np.float64)


class Group:
    """Carries out variants until some time has passed, or one of them fails.

    Args:
        variants: the arguments of each call, for this call only.
        caps: how large a value may be.
    """

    def __init__(self, variants: Iterator[list[Any]], caps: Caps) -> None:
        self._variants = variants
        self._next = next(variants, None)
        self._caps = caps
        self._failure: BaseException | None = None

    @property
    def more(self) -> bool:
        """Whether anything is left to say."""
        return self._next is not None or self._failure is not None

    def answer(self, function: Callable[..., Any], only: int | None) -> list[Segment]:
        """The values of the next variants, as ``{"values": [...]}``.

        An element of the list is ``[value]``, or ``{"alike": array, "of": n}``: a value stands in
        each row of the array. They are the elements ``only`` of tuples of length n, the others of
        which are not told, or with None for n all that the function returned.

        Args:
            function: the student's.
            only: which element of a returned tuple is wanted, or None for the whole.

        Raises:
            BaseException: what the first of them raised, after which no other is tried.
        """
        values = _Values(self._caps)
        began = time.monotonic()
        while self._next is not None and values.size < _HOLD_BYTES:
            try:
                quiet()
                values.add(function(*self._next), only)
            except BaseException as error:  # noqa: BLE001  student code may raise anything
                self._failure, self._next = error, None
                break
            self._next = next(self._variants, None)
            if time.monotonic() - began > _HOLD_SECONDS:
                break
        if not values.size and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        return values.encoded()


class _Values:
    """What functions returned, encoded at once: what one call has returned, the next may change."""

    def __init__(self, caps: Caps) -> None:
        self.size = 0
        """Bytes, about; 0 when there is nothing."""
        self._caps = caps
        self._number = 0
        self._segments: list[Segment] = []
        self._alike: list[Any] = []
        self._form: tuple[int | None, tuple[int, ...] | None] = None, None

    def add(self, result: Any, only: int | None) -> None:
        """Take one call's result.

        Raises:
            TooLarge: it cannot be sent.
        """
        value, length = result, None
        if only is not None and type(result) in (tuple, list) and only < len(result):
            value, length = result[only], len(result)
        shape = _shape(value)
        if shape is None:
            self._add_alone(result, only)
            return
        if self._form != (length, shape):
            self._close()
            self._form = length, shape
        self._alike.append(value.copy() if shape else float(value))
        self.size += 8 if not shape else value.nbytes + 1

    def encoded(self) -> list[Segment]:
        """All of them."""
        self._close()
        return named_list("values", self._number, self._segments)

    def _add_alone(self, result: Any, only: int | None) -> None:
        if only is not None and isinstance(result, tuple | list):
            result = tuple(e if i == only else None for i, e in enumerate(result))
        content = b"".join(encode([result], self._caps, as_array))
        self._close()
        self._append(content)
        self.size += len(content)

    def _close(self) -> None:
        alike, self._alike = self._alike, []
        if alike:
            rows = {"alike": np.array(alike), "of": self._form[0]}
            self._append(b"".join(encode(rows, self._caps)))

    def _append(self, content: bytes) -> None:
        self._segments.append(content)
        self._number += 1


def _shape(value: Any) -> tuple[int, ...] | None:
    """The shape of what can be a row of an array of floats; None for all else."""
    if type(value) is float or type(value) is np.float64:
        return ()
    if type(value) is not np.ndarray or value.dtype is not _FLOAT or value.nbytes > _HOLD_BYTES:
        return None
    return tuple(value.shape)


def variants_of(arguments: list[Any], variants: Any) -> Iterator[list[Any]]:
    """The arguments of one call after the other.

    Args:
        arguments: what all of them have in common.
        variants: what is different (see series.py).
    """
    for variant in variants:
        if isinstance(variant, dict):
            entries = variant["entries"].tolist()
            for entry, value in zip(entries, variant["values"].tolist(), strict=True):
                changed = _copy(arguments)
                _put(changed, [*variant["at"], tuple(entry)], value)
                yield changed
            continue
        changed = _copy(arguments)
        for path, value in variant:
            _put(changed, path, value)
        yield changed


def _copy(tree: Any) -> Any:
    """The value as if it had just been read: nothing in it is shared but objects of handles."""
    if type(tree) is np.ndarray:
        return tree.copy()
    if type(tree) is list:
        return [_copy(element) for element in tree]
    if type(tree) is dict:
        return {key: _copy(element) for key, element in tree.items()}
    return tree


def _put(tree: Any, path: Sequence[Any], value: Any) -> None:
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = value
