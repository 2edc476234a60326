"""Messages on a stream: four fixed bytes, a number and the length as u64, one encoded value.

An answer carries the number of the request it answers, so that the two cannot get out of step.
The worker's side of it, which may block: the parent's side (grader/sandbox/channel.py) reads the
same header under a deadline.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from typing import Final

from .wire import Segment, TooLarge, WireError

_HEADER: Final = struct.Struct("<4sQQ")
MAGIC: Final = b"gg1\n"
HEADER_BYTES: Final = _HEADER.size

# Linux accepts at most this many buffers in one sendmsg.
_MOST_BUFFERS: Final = 512


class Closed(Exception):
    """The other side has closed the stream between two messages."""


def header(segments: Sequence[Segment], number: int = 0) -> bytes:
    """The header for a message made of these segments."""
    return _HEADER.pack(MAGIC, number, sum(map(len, segments)))


def read_header(content: bytes | bytearray, cap: int) -> tuple[int, int]:
    """The number and the length of the message that a header announces.

    Raises:
        WireError: not a header.
        TooLarge: the length is above ``cap``.
    """
    magic, number, length = _HEADER.unpack(content)
    if magic != MAGIC:
        raise WireError("a message does not begin with its header")
    if length > cap:
        raise TooLarge(f"a message of {length} bytes (limit {cap})")
    return int(number), int(length)


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


def read_frame(connection: socket.socket, cap: int) -> tuple[int, bytearray]:
    """The next message and its number; blocks until it is there.

    Raises:
        Closed: the other side closed the stream before the first byte.
        WireError: the stream ends within a message, or is no message.
    """
    start = _read(connection, HEADER_BYTES)
    if not start:
        raise Closed
    if len(start) < HEADER_BYTES:
        raise WireError("the stream ended within a header")
    number, length = read_header(start, cap)
    body = _read(connection, length)
    if len(body) < length:
        raise WireError("the stream ended within a message")
    return number, body


def write_frame(connection: socket.socket, segments: Sequence[Segment], number: int = 0) -> None:
    """Send one message; blocks until all of it is sent."""
    for segment in joined([header(segments, number), *segments]):
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
