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

from .reading import Reader, decode
from .values import (
    DEFAULT_CAPS,
    DTYPES,
    MAX_NDIM,
    Caps,
    Handle,
    Opaque,
    Segment,
    TooLarge,
    Value,
    WireError,
)
from .writing import encode, encode_bytes, named_list

__all__ = [
    "DEFAULT_CAPS",
    "DTYPES",
    "MAX_NDIM",
    "Caps",
    "Handle",
    "Opaque",
    "Reader",
    "Segment",
    "TooLarge",
    "Value",
    "WireError",
    "decode",
    "encode",
    "encode_bytes",
    "named_list",
]
