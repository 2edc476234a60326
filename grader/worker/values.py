"""What can cross the wall, how large it may be, and the numbers both sides agree on.

See wire.py for the layout.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

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
NUMPY_DTYPES: Final = tuple(np.dtype(name) for name in DTYPES)
DTYPE_CODES: Final = {dtype: code for code, dtype in enumerate(NUMPY_DTYPES)}

U32: Final = struct.Struct("<I")
U64: Final = struct.Struct("<Q")
I64: Final = struct.Struct("<q")
F64: Final = struct.Struct("<d")
C128: Final = struct.Struct("<dd")
ARRAY: Final = struct.Struct("<BB")


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
    handles: int = 64
    """Whoever receives one has to keep account of it; no call and no honest answer has many."""


DEFAULT_CAPS: Final = Caps()
