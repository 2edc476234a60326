"""The value encoding that crosses the wall, used on both sides of it.

A value is None, a bool, an int of at most 64 bits, a float, a complex, a str, a list, a tuple, a
dict with str keys, an array, a :class:`Handle` or an :class:`Opaque`. Each is written as one tag
byte and a fixed layout (little-endian); containers write their length, then their elements:

====  =========  ====================================================================
tag   value      layout after the tag
====  =========  ====================================================================
N T F None, True, False
i     int        i64
f     float      f64
c     complex    2 × f64
s     str        u32 byte count, UTF-8
l t   list       u32 length, elements
d     dict       u32 length, then for each item the key as in ``s`` (no tag) and the value
a     array      u8 dtype code, u8 ndim ≤ 8, ndim × u64 shape, u64 byte count, C-order bytes
h     Handle     u64 id
o     Opaque     u32 byte count, UTF-8 type name
====  =========  ====================================================================

Reading trusts nothing: an array's shape is multiplied out in Python's unbounded integers and
compared with its byte count, the cap and the bytes that are there *before* anything is
allocated; depth and element count are capped; bytes left over are an error. There is no pickle,
no ``np.load`` and no evaluation.

What a value becomes on its way: subclasses of int, str, list, dict and ndarray (matrix, masked
array) become their plain base; a NumPy float64, complex128, int64 or bool_ scalar becomes the
equal Python scalar, any other NumPy scalar a 0-d array, so that its dtype stays known; a
longdouble array becomes float64; anything else becomes Opaque and names its type.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Segment: TypeAlias = "bytes | memoryview"

MAX_NDIM: Final = 8
MAX_TYPE_NAME: Final = 100

# The position in this list is the dtype's code on the wire: append, never reorder.
DTYPES: Final[tuple[str, ...]] = (
    "|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8",
    "<c16",
)  # fmt: skip
_DTYPES: Final = tuple(np.dtype(name) for name in DTYPES)
_CODES: Final = {dtype: code for code, dtype in enumerate(_DTYPES)}

_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")
_I64: Final = struct.Struct("<q")
_F64: Final = struct.Struct("<d")
_C128: Final = struct.Struct("<dd")
_ARRAY: Final = struct.Struct("<BB")


class WireError(ValueError):
    """The bytes are not a value, or the value cannot be written within the caps."""


class TooLarge(WireError):
    """The value exceeds a cap on bytes, elements or depth."""


@dataclass(frozen=True)
class Handle:
    """Something that stays inside the wall, such as a cache; passed back to use it."""

    id: int


@dataclass(frozen=True)
class Opaque:
    """Stands for something that cannot cross the wall; names its type."""

    type_name: str


Value: TypeAlias = (
    "bool | int | float | complex | str | NDArray[Any] | list[Value] | tuple[Value, ...]"
    " | dict[str, Value] | Handle | Opaque | None"
)


@dataclass(frozen=True)
class Caps:
    """How large one value may be."""

    total_bytes: int = 64 << 20
    elements: int = 200_000
    """Lists', tuples' and dicts' elements, all together."""
    depth: int = 32


DEFAULT_CAPS: Final = Caps()


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
                self._put(b"i" + _I64.pack(value))
        elif isinstance(value, float):
            self._put(b"f" + _F64.pack(value))
        elif isinstance(value, complex):
            self._put(b"c" + _C128.pack(value.real, value.imag))
        elif isinstance(value, str):
            self._text(b"s", value)
        elif isinstance(value, Handle):
            self._put(b"h" + _U64.pack(value.id))
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
        # Lone surrogates have no UTF-8 form; they are replaced here so that the other side never
        # meets any.
        content = str.encode(text, "utf-8", "replace")
        self._put(tag + _U32.pack(len(content)))
        self._put(content)

    def _container(self, value: Any, depth: int) -> None:
        # The base class's own methods: a subclass may override len and iteration.
        if isinstance(value, dict):
            items = list(dict.items(value))
            self._count(len(items))
            if not all(isinstance(key, str) for key, _ in items):
                self._opaque("dict with keys that are not text")
                return
            self._put(b"d" + _U32.pack(len(items)))
            for key, element in items:
                self._text(b"", key)
                self.write(element, depth + 1)
            return
        is_list = isinstance(value, list)
        elements = tuple(list.__iter__(value) if is_list else tuple.__iter__(value))
        self._count(len(elements))
        self._put((b"l" if is_list else b"t") + _U32.pack(len(elements)))
        for element in elements:
            self.write(element, depth + 1)

    def _count(self, elements: int) -> None:
        self._elements += elements
        if self._elements > self._caps.elements:
            raise TooLarge(f"more than {self._caps.elements} elements in lists and dicts")

    def _array(self, value: NDArray[Any]) -> None:
        array = np.ndarray.view(value, np.ndarray)
        if array.dtype.kind in "fc" and array.dtype.newbyteorder("<") not in _CODES:
            array = array.astype(np.float64 if array.dtype.kind == "f" else np.complex128)
        dtype = array.dtype.newbyteorder("<")
        if dtype not in _CODES or array.ndim > MAX_NDIM:
            what = f"array of {array.dtype}" if dtype not in _CODES else f"{array.ndim}-d array"
            self._opaque(what)
            return
        if array.nbytes > self._caps.total_bytes:
            raise TooLarge(
                f"an array of {array.nbytes >> 20} MB (limit {self._caps.total_bytes >> 20} MB)"
            )
        header = b"a" + _ARRAY.pack(_CODES[dtype], array.ndim)
        shape = b"".join(map(_U64.pack, array.shape))
        self._put(header + shape + _U64.pack(array.nbytes))
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
        self._caps = caps
        self._resolve = resolve
        self._elements = 0
        self.position = 0
        """How many bytes have been read."""

    def read(self, depth: int = 0) -> Value:
        """The next value.

        Raises:
            WireError: malformed, or too large (TooLarge).
        """
        if depth > self._caps.depth:
            raise TooLarge(f"nested more than {self._caps.depth} levels deep")
        tag = bytes(self._take(1))
        if tag in _CONSTANTS:
            return _CONSTANTS[tag]
        if tag in (b"l", b"t"):
            elements = [self.read(depth + 1) for _ in range(self.length())]
            return elements if tag == b"l" else tuple(elements)
        if tag == b"d":
            return self._dict(depth)
        if tag == b"a":
            return self._array()
        return self._scalar(tag)

    def finish(self) -> None:
        """Insist that nothing is left.

        Raises:
            WireError: there are more bytes.
        """
        if self.position != len(self._view):
            raise WireError(f"{len(self._view) - self.position} bytes after the value")

    def length(self) -> int:
        """A container's length, checked against the cap and the bytes that are left."""
        (length,) = _U32.unpack(self._take(4))
        self._elements += length
        if self._elements > self._caps.elements:
            raise TooLarge(f"more than {self._caps.elements} elements in lists and dicts")
        if length > len(self._view) - self.position:  # an element takes at least one byte
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
        (length,) = _U32.unpack(self._take(4))
        try:
            return str(self._take(length), "utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text is not UTF-8") from error

    def _take(self, count: int) -> memoryview:
        if count > len(self._view) - self.position:
            raise WireError("the message ends in the middle of a value")
        self.position += count
        return self._view[self.position - count : self.position]

    def _scalar(self, tag: bytes) -> Value:
        if tag == b"i":
            return cast("int", _I64.unpack(self._take(8))[0])
        if tag == b"f":
            return cast("float", _F64.unpack(self._take(8))[0])
        if tag == b"c":
            return complex(*_C128.unpack(self._take(16)))
        if tag == b"s":
            return self.text()
        if tag == b"o":
            name = self.text()
            if len(name) > MAX_TYPE_NAME or not name.isprintable():
                raise WireError("a type's name is too long or not printable")
            return Opaque(name)
        if tag == b"h":
            handle = Handle(_U64.unpack(self._take(8))[0])
            return handle if self._resolve is None else cast("Value", self._resolve(handle))
        raise WireError(f"unknown tag {tag!r}")

    def _dict(self, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for _ in range(self.length()):
            key = self.text()
            if key in result:
                raise WireError(f"the key {key[:40]!r} occurs twice")
            result[key] = self.read(depth + 1)
        return result

    def _array(self) -> NDArray[Any]:
        code, ndim = _ARRAY.unpack(self._take(2))
        if code >= len(_DTYPES) or ndim > MAX_NDIM:
            raise WireError(f"dtype code {code} or {ndim} dimensions are not known")
        shape: Sequence[int] = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        (nbytes,) = _U64.unpack(self._take(8))
        dtype = _DTYPES[code]
        # A length of zero must not hide an absurd length beside it from NumPy's own arithmetic.
        if math.prod(max(n, 1) for n in shape) * dtype.itemsize > self._caps.total_bytes:
            raise TooLarge(f"an array of shape {tuple(shape)} (limit {self._caps.total_bytes})")
        if math.prod(shape) * dtype.itemsize != nbytes:
            raise WireError(f"shape {tuple(shape)} does not make {nbytes} bytes")
        content = self._take(nbytes)
        array = np.empty(shape, dtype)
        if nbytes:
            array.reshape(-1).view(np.uint8)[:] = np.frombuffer(content, np.uint8)
        # Only 0 and 1 are valid bytes of a bool; other bytes would make True != True.
        if code == 0:
            np.not_equal(array.view(np.uint8), 0, out=array)
        return array


_CONSTANTS: Final[dict[bytes, Value]] = {b"N": None, b"T": True, b"F": False}
