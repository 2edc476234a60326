"""Messages on a stream: four fixed bytes, the length as u64, then one encoded value.

The worker's side of it, which may block: the parent's side (grader/sandbox/channel.py) reads the
same header under a deadline.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from typing import Final

from .wire import Segment, TooLarge, WireError

_HEADER: Final = struct.Struct("<4sQ")
_MAGIC: Final = b"gg1\n"
HEADER_BYTES: Final = _HEADER.size

# Linux accepts at most this many buffers in one sendmsg.
_MOST_BUFFERS: Final = 512


class Closed(Exception):
    """The other side has closed the stream between two messages."""


def header(segments: Sequence[Segment]) -> bytes:
    """The header for a message made of these segments."""
    return _HEADER.pack(_MAGIC, sum(map(len, segments)))


def body_length(content: bytes | bytearray, cap: int) -> int:
    """The message length that a header announces.

    Raises:
        WireError: not a header.
        TooLarge: the length is above ``cap``.
    """
    magic, length = _HEADER.unpack(content)
    if magic != _MAGIC:
        raise WireError("a message does not begin with its header")
    if length > cap:
        raise TooLarge(f"a message of {length} bytes (limit {cap})")
    return int(length)


def joined(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with neighbouring small ones joined, few enough for one system call."""
    result: list[Segment] = []
    small: list[Segment] = []
    for segment in segments:
        if len(segment) < 1 << 16:
            small.append(segment)
            continue
        result += [b"".join(small), segment]
        small = []
    if small:
        result.append(b"".join(small))
    return [b"".join(result)] if len(result) > _MOST_BUFFERS else result


def read_frame(connection: socket.socket, cap: int) -> bytearray:
    """The next message; blocks until it is there.

    Raises:
        Closed: the other side closed the stream before the first byte.
        WireError: the stream ends within a message, or is no message.
    """
    start = _read(connection, HEADER_BYTES)
    if not start:
        raise Closed
    if len(start) < HEADER_BYTES:
        raise WireError("the stream ended within a header")
    length = body_length(start, cap)
    body = _read(connection, length)
    if len(body) < length:
        raise WireError("the stream ended within a message")
    return body


def write_frame(connection: socket.socket, segments: Sequence[Segment]) -> None:
    """Send one message; blocks until all of it is sent."""
    for segment in joined([header(segments), *segments]):
        connection.sendall(segment)


def _read(connection: socket.socket, count: int) -> bytearray:
    content = bytearray(count)
    view = memoryview(content)
    done = 0
    while done < count:
        got = connection.recv_into(view[done:])
        if not got:
            break
        done += got
    return content[:done] if done < count else content
