"""Reads values without trusting a byte; see wire.py for the layout."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from .values import (
    ARRAY,
    C128,
    DEFAULT_CAPS,
    F64,
    I64,
    MAX_NDIM,
    MAX_TYPE_NAME,
    NUMPY_DTYPES,
    U32,
    U64,
    Caps,
    Handle,
    Opaque,
    TooLarge,
    Value,
    WireError,
)

_CONSTANTS: Final[dict[int, Value]] = {ord("N"): None, ord("T"): True, ord("F"): False}
_SHAPES: Final = tuple(struct.Struct(f"<{ndim}QQ") for ndim in range(MAX_NDIM + 1))
"""By the number of dimensions: the shape and the number of bytes."""
_LIST, _TUPLE, _DICT, _ARRAY = map(ord, "ltda")


def decode(
    content: bytes | bytearray | memoryview,
    caps: Caps = DEFAULT_CAPS,
    resolve: Callable[[Handle], object] | None = None,
) -> Value:
    """The one value that ``content`` holds.

    Arrays are fresh, writable and own their memory.

    Args:
        content: the whole message.
        caps: how large the value may be.
        resolve: what to put in the place of a Handle; by default it stays a Handle.

    Raises:
        WireError: not exactly one well-formed value.
        TooLarge: it exceeds a cap.
    """
    reader = Reader(content, caps, resolve)
    value = reader.read()
    reader.finish()
    return value


class Reader:
    """Reads values one after the other, and knows where in the content each one stands."""

    def __init__(
        self,
        content: bytes | bytearray | memoryview,
        caps: Caps = DEFAULT_CAPS,
        resolve: Callable[[Handle], object] | None = None,
    ) -> None:
        if len(content) > caps.total_bytes:
            raise TooLarge(f"{len(content)} bytes (limit {caps.total_bytes})")
        self._view = memoryview(content)
        self._end = len(self._view)
        self._caps = caps
        self._resolve = resolve
        self._elements = 0
        self._handles = 0
        self.made: list[tuple[Any, memoryview | None]] = []
        """Every value so far that can be changed in place; of an array also its bytes."""
        self.position = 0
        """How many bytes have been read."""

    def read(self, depth: int = 0) -> Value:
        """The next value.

        Raises:
            WireError: malformed, or too large (TooLarge).
        """
        if depth > self._caps.depth:
            raise TooLarge(f"nested more than {self._caps.depth} levels deep")
        tag = self._view[self._skip(1)]
        if tag == _ARRAY:
            return self._array()
        if tag == _LIST:
            elements = [self.read(depth + 1) for _ in range(self.length())]
            self.made.append((elements, None))
            return elements
        if tag == _TUPLE:
            return tuple([self.read(depth + 1) for _ in range(self.length())])
        if tag == _DICT:
            return self._dict(depth)
        if tag in _CONSTANTS:
            return _CONSTANTS[tag]
        return self._scalar(bytes((tag,)))

    def finish(self) -> None:
        """Insist that nothing is left.

        Raises:
            WireError: there are more bytes.
        """
        if self.position != self._end:
            raise WireError(f"{self._end - self.position} bytes after the value")

    def length(self) -> int:
        """A container's length, checked against the cap and the bytes that are left."""
        (length,) = U32.unpack_from(self._view, self._skip(4))
        self._elements += length
        if self._elements > self._caps.elements:
            raise TooLarge(f"more than {self._caps.elements} elements in lists and dicts")
        if length > self._end - self.position:  # an element takes at least one byte
            raise WireError(f"{length} elements announced, but the message is too short for them")
        return cast("int", length)

    def expect(self, tag: bytes) -> None:
        """Read one tag.

        Raises:
            WireError: there is another one.
        """
        found = bytes(self._take(1))
        if found != tag:
            raise WireError(f"expected tag {tag!r}, found {found!r}")

    def text(self) -> str:
        """A byte count and UTF-8 text."""
        (length,) = U32.unpack_from(self._view, self._skip(4))
        try:
            return str(self._take(length), "utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text is not UTF-8") from error

    def _skip(self, count: int) -> int:
        """Go on by so many bytes, which are there; where they begin."""
        start = self.position
        if count > self._end - start:
            raise WireError("the message ends in the middle of a value")
        self.position = start + count
        return start

    def _take(self, count: int) -> memoryview:
        start = self._skip(count)
        return self._view[start : self.position]

    def _scalar(self, tag: bytes) -> Value:
        if tag == b"i":
            return cast("int", I64.unpack_from(self._view, self._skip(8))[0])
        if tag == b"f":
            return cast("float", F64.unpack_from(self._view, self._skip(8))[0])
        if tag == b"c":
            return complex(*C128.unpack(self._take(16)))
        if tag == b"s":
            return self.text()
        if tag == b"o":
            name = self.text()
            if len(name) > MAX_TYPE_NAME or not name.isprintable():
                raise WireError("a type's name is too long or not printable")
            return Opaque(name)
        if tag == b"h":
            handle = self._handle()
            return handle if self._resolve is None else cast("Value", self._resolve(handle))
        raise WireError(f"unknown tag {tag!r}")

    def _handle(self) -> Handle:
        self._handles += 1
        if self._handles > self._caps.handles:
            raise TooLarge(f"more than {self._caps.handles} handles")
        return Handle(U64.unpack(self._take(8))[0])

    def _dict(self, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for _ in range(self.length()):
            key = self.text()
            if key in result:
                raise WireError(f"the key {key[:40]!r} occurs twice")
            result[key] = self.read(depth + 1)
        self.made.append((result, None))
        return result

    def _array(self) -> NDArray[Any]:
        code, ndim = ARRAY.unpack_from(self._view, self._skip(2))
        if code >= len(NUMPY_DTYPES) or ndim > MAX_NDIM:
            raise WireError(f"dtype code {code} or {ndim} dimensions are not known")
        layout = _SHAPES[ndim]
        *shape, nbytes = layout.unpack_from(self._view, self._skip(layout.size))
        dtype = NUMPY_DTYPES[code]
        fits = math.prod(shape) * dtype.itemsize == nbytes
        # A length of zero must not hide an absurd length beside it from NumPy's own arithmetic.
        whole = nbytes if fits and nbytes else math.prod(max(n, 1) for n in shape) * dtype.itemsize
        if whole > self._caps.total_bytes:
            raise TooLarge(f"an array of shape {tuple(shape)} (limit {self._caps.total_bytes})")
        if not fits:
            raise WireError(f"shape {tuple(shape)} does not make {nbytes} bytes")
        content = self._take(nbytes)
        # Fresh memory, whatever a message is read from.
        array: NDArray[Any] = (
            np.ndarray(shape, dtype, content).copy() if nbytes else np.empty(shape, dtype)
        )
        self.made.append((array, content))
        # Only 0 and 1 are valid bytes of a bool; other bytes would make True != True.
        if code == 0:
            np.not_equal(array.view(np.uint8), 0, out=array)
        return array
