"""Writes values; see wire.py for the layout."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .values import (
    C128,
    DEFAULT_CAPS,
    DTYPE_CODES,
    F64,
    I64,
    MAX_NDIM,
    MAX_TYPE_NAME,
    U32,
    U64,
    Caps,
    Handle,
    Opaque,
    Segment,
    TooLarge,
)


def encode(
    value: object,
    caps: Caps = DEFAULT_CAPS,
    replace: Callable[[object], object] | None = None,
) -> list[Segment]:
    """The value as bytes, in segments to be sent one after the other.

    Large arrays are not copied: their segments are views, so send before the arrays change.

    Args:
        value: what to encode.
        caps: how large it may be.
        replace: is asked for a substitute (an array, a Handle) for what has no encoding of its
            own; a substitute that has none either becomes Opaque.

    Raises:
        TooLarge: it exceeds a cap. Nothing was allocated for it then.
    """
    writer = _Writer(caps, replace)
    writer.write(value, 0)
    return writer.segments


def encode_bytes(value: object, caps: Caps = DEFAULT_CAPS) -> bytes:
    """The value as one bytes object; see :func:`encode`."""
    return b"".join(encode(value, caps))


_FLOAT: Final = np.dtype("<f8")
_ARRAYS: Final = tuple(struct.Struct(f"<cBB{ndim}QQ") for ndim in range(MAX_NDIM + 1))
"""By the number of dimensions: all that stands before an array's bytes."""
_SMALL_BYTES: Final = 1 << 12
"""Up to here a copy is cheaper than a view."""


def named_list(name: str, number: int, values: Sequence[Segment]) -> list[Segment]:
    """``{name: [...]}`` of values that are encoded already.

    Args:
        name: the only key.
        number: how many values there are.
        values: what they were encoded as.
    """
    key = name.encode()
    start = b"d" + U32.pack(1) + U32.pack(len(key)) + key + b"l" + U32.pack(number)
    return [start, *values]


class _Writer:
    """Collects segments; small ones are joined as they come."""

    def __init__(self, caps: Caps, replace: Callable[[object], object] | None) -> None:
        self.segments: list[Segment] = []
        self._caps = caps
        self._replace = replace
        self._bytes = 0
        self._elements = 0

    def _put(self, segment: Segment) -> None:
        self._bytes += len(segment)
        if self._bytes > self._caps.total_bytes:
            raise TooLarge(f"more than {self._caps.total_bytes >> 20} MB")
        self.segments.append(segment)

    def write(self, value: Any, depth: int) -> None:
        if depth > self._caps.depth:
            raise TooLarge(f"nested more than {self._caps.depth} levels deep")
        kind = type(value)
        if kind is str:  # the commonest kinds first; all others, and subclasses, below
            self._text(b"s", value)
        elif kind is np.ndarray:
            self._array(value)
        elif kind is list or kind is tuple or kind is dict:
            self._container(value, depth)
        elif kind is float:
            self._put(b"f" + F64.pack(value))
        else:
            self._unusual(value, depth)

    def _unusual(self, value: Any, depth: int) -> None:
        plain = _plain_scalar(value)
        if isinstance(plain, list | tuple | dict):
            self._container(plain, depth)
        elif isinstance(plain, np.ndarray):
            self._array(plain)
        elif not self._scalar(plain):
            self._other(plain, depth)

    def _scalar(self, value: Any) -> bool:
        if value is None:
            self._put(b"N")
        elif isinstance(value, bool):
            self._put(b"T" if value else b"F")
        elif isinstance(value, int):
            if not -(1 << 63) <= value < 1 << 63:
                self._opaque("int beyond 64 bits")
            else:
                self._put(b"i" + I64.pack(value))
        elif isinstance(value, float):
            self._put(b"f" + F64.pack(value))
        elif isinstance(value, complex):
            self._put(b"c" + C128.pack(value.real, value.imag))
        elif isinstance(value, str):
            self._text(b"s", value)
        elif isinstance(value, Handle):
            self._put(b"h" + U64.pack(value.id))
        elif isinstance(value, Opaque):
            self._opaque(value.type_name)
        else:
            return False
        return True

    def _other(self, value: object, depth: int) -> None:
        substitute = self._replace(value) if self._replace is not None else None
        if isinstance(substitute, np.ndarray | Handle | Opaque):
            self.write(substitute, depth)
        else:
            self._opaque(type(value).__name__)

    def _opaque(self, name: str) -> None:
        self._text(b"o", "".join(c if c.isprintable() else "?" for c in name[:MAX_TYPE_NAME]))

    def _text(self, tag: bytes, text: str) -> None:
        # Before there is a second copy, for which there may be no room: a character is a byte or
        # more.
        if len(text) > self._caps.total_bytes:
            raise TooLarge(f"more than {self._caps.total_bytes >> 20} MB")
        # Lone surrogates have no UTF-8 form; they are replaced here so that the other side never
        # meets any.
        content = str.encode(text, "utf-8", "replace")
        start = tag + U32.pack(len(content))
        if len(content) < _SMALL_BYTES:
            self._put(start + content)
            return
        self._put(start)
        self._put(content)

    def _container(self, value: Any, depth: int) -> None:
        # The base class's own methods: a subclass may override len and iteration.
        if isinstance(value, dict):
            items = list(dict.items(value))
            self._count(len(items))
            if not all(isinstance(key, str) for key, _ in items):
                self._opaque("dict with keys that are not text")
                return
            self._put(b"d" + U32.pack(len(items)))
            for key, element in items:
                self._text(b"", key)
                self.write(element, depth + 1)
            return
        is_list = isinstance(value, list)
        elements = tuple(list.__iter__(value) if is_list else tuple.__iter__(value))
        self._count(len(elements))
        self._put((b"l" if is_list else b"t") + U32.pack(len(elements)))
        for element in elements:
            self.write(element, depth + 1)

    def _count(self, elements: int) -> None:
        self._elements += elements
        if self._elements > self._caps.elements:
            raise TooLarge(f"more than {self._caps.elements} elements in lists and dicts")

    def _array(self, value: NDArray[Any]) -> None:
        array = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray)
        dtype = array.dtype
        if dtype is not _FLOAT:  # which nearly all are
            if dtype.kind in "fc" and dtype.newbyteorder("<") not in DTYPE_CODES:
                array = array.astype(np.float64 if dtype.kind == "f" else np.complex128)
            dtype = array.dtype.newbyteorder("<")
        if dtype not in DTYPE_CODES or array.ndim > MAX_NDIM:
            what = (
                f"array of {array.dtype}" if dtype not in DTYPE_CODES else f"{array.ndim}-d array"
            )
            self._opaque(what)
            return
        if array.nbytes > self._caps.total_bytes:
            raise TooLarge(
                f"an array of {array.nbytes >> 20} MB (limit {self._caps.total_bytes >> 20} MB)"
            )
        header = _ARRAYS[array.ndim].pack(
            b"a", DTYPE_CODES[dtype], array.ndim, *array.shape, array.nbytes
        )
        if array.nbytes < _SMALL_BYTES and dtype is array.dtype:
            self._put(header + array.tobytes())
            return
        self._put(header)
        if array.nbytes:
            # ascontiguousarray makes a 0-d array 1-d, which does not matter for its bytes.
            flat = np.ascontiguousarray(array, dtype).reshape(-1).view(np.uint8)
            self._put(flat.data)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        if isinstance(value, np.float64 | np.complex128 | np.int64 | np.bool_):
            return value.item()
        if not isinstance(value, np.str_):
            return np.asarray(value)
    return value
