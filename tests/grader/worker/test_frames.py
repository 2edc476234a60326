"""Messages on a stream."""

from __future__ import annotations

import socket
import struct
import threading

import numpy as np
import pytest

from grader.worker.frames import Closed, header, joined, read_frame, read_header, write_frame
from grader.worker.wire import TooLarge, WireError, decode, encode


def test_a_message_larger_than_the_sockets_buffer_comes_through() -> None:
    """Eight megabytes arrive whole and equal."""
    array = np.arange(1 << 20, dtype=np.float64)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=write_frame, args=(ours, encode([array, "end"])))
        sender.start()
        got = decode(read_frame(theirs, 16 << 20)[1])
        sender.join()
    assert isinstance(got, list)
    assert np.array_equal(got[0], array)
    assert got[1] == "end"


def test_many_small_segments_become_one() -> None:
    """A history of ten thousand numbers is not ten thousand system calls."""
    segments = encode([float(n) for n in range(10_000)])
    assert len(joined(segments)) == 1
    assert b"".join(joined(segments)) == b"".join(segments)


def test_an_end_between_messages_is_closed_and_within_one_an_error() -> None:
    """A reader can tell a finished stream from a broken one."""
    for content, error in (
        (b"", Closed),
        (b"gg1", WireError),
        (header([b"abc"]) + b"a", WireError),
    ):
        ours, theirs = socket.socketpair()
        with theirs:
            with ours:
                ours.sendall(content)
            with pytest.raises(error):
                read_frame(theirs, 100)


def test_headers_are_checked() -> None:
    """Another magic number, or a length above the cap, is refused."""
    with pytest.raises(WireError):
        read_header(struct.pack("<4sQQ", b"gg2\n", 0, 1), 100)
    with pytest.raises(TooLarge):
        read_header(struct.pack("<4sQQ", b"gg1\n", 0, (1 << 64) - 1), 100)
