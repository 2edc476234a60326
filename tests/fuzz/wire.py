"""The value encoding: any bytes are a value or a WireError, and a value keeps its bytes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.worker.wire import DTYPES, Caps, Handle, Opaque, WireError, decode, encode_bytes

WORDS = [b"a\x0b\x02", b"l\x02\0\0\0", b"t\x02\0\0\0", b"d\x01\0\0\0", b"\xff" * 8, b"\0" * 8]
_CAPS = Caps(total_bytes=1 << 20)


def target(data: bytes) -> None:
    """Decode, and come back to the same bytes."""
    try:
        value = decode(data, _CAPS)
    except WireError:
        return
    again = encode_bytes(value)
    assert encode_bytes(decode(again)) == again
    assert len(again) == len(data)


def seeds() -> Iterator[bytes]:
    """A value of each kind."""
    yield from map(encode_bytes, (None, True, 1, 1.5, 1j, "ä", Handle(3), Opaque("cache")))
    for name in DTYPES:
        yield encode_bytes(np.ones((2, 3), name))
    yield encode_bytes({"op": "call", "args": [1, (2.0, [np.zeros((1, 0, 2))])], "more": {"a": {}}})
