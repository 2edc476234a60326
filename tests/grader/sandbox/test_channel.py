"""The parent's end against a worker that answers anything, in any portions."""

from __future__ import annotations

import os
import socket
import struct
import threading
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.channel import Channel
from grader.sandbox.ending import BrokenProtocol, Ended, ExitReport
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.output import Output
from grader.worker.frames import HEADER_BYTES, MAGIC, header
from grader.worker.wire import Caps, encode_bytes

_LIMITS = ProcessLimits(caps=Caps(total_bytes=64 << 20))
_AMPLE = Deadline(cpu_seconds=1e6, idle_seconds=1e6, wall_seconds=1e6)


class _Gone:
    """A process that has answered and ended."""

    pid = os.getpid()

    def fileno(self) -> int:
        return -1

    def end(self) -> ExitReport:
        return ExitReport(0)

    def wait(self, _seconds: float) -> ExitReport:
        return ExitReport(0)


def answered(portions: list[bytes], deadline: Deadline = _AMPLE, *, close: bool = True) -> object:
    """What a request comes to when these bytes are the answer."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, _Gone(), Output(100), None, _LIMITS)

    def worker() -> None:
        try:
            for portion in portions:
                theirs.sendall(portion)
            if close:
                theirs.shutdown(socket.SHUT_WR)
        except OSError:  # the parent has had enough
            return

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        return channel.request({"op": "ping"}, deadline)
    except (Ended, BrokenProtocol) as error:
        assert channel.ended is not None
        return error
    finally:
        channel.close()
        thread.join()
        theirs.close()


def right(value: object) -> bytes:
    body = encode_bytes(value)
    return header([body], 1) + body


@given(portions=st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=100)
def test_any_bytes_end_the_process_or_are_an_answer(portions: list[bytes]) -> None:
    """No other exception reaches whoever asked."""
    assert isinstance(answered(portions), Ended | BrokenProtocol)


@given(
    value=st.none() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
@settings(max_examples=100)
def test_an_answer_in_any_portions_is_the_same_answer(value: object, cuts: list[int]) -> None:
    """Where the stream is cut means nothing."""
    content = right(value)
    places = [0, *sorted(cuts), len(content)]
    portions = [content[a:b] for a, b in pairwise(places)]
    assert answered(portions) == value


@given(
    value=st.lists(st.integers(0, 9), max_size=5),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 7)), min_size=1, max_size=3),
    cut=st.integers(0, 100),
)
@settings(max_examples=150)
def test_a_damaged_answer_is_another_value_or_ends_the_process(
    value: list[int], flips: list[tuple[int, int]], cut: int
) -> None:
    """Bits turned anywhere, in the header too, and the end missing."""
    content = bytearray(right(value))
    for place, bit in flips:
        content[place % len(content)] ^= 1 << bit
    found = answered([bytes(content[: len(content) - cut % 4])])
    # Whatever kind of value a turned bit makes of it; any other exception would have come out.
    assert not isinstance(found, Exception) or isinstance(found, Ended | BrokenProtocol)


@pytest.mark.parametrize("length", [64 << 20, (64 << 20) + 1, 1 << 40, (1 << 64) - 1])
def test_an_announced_length_costs_no_memory(length: int) -> None:
    """Space is taken as bytes come in, a megabyte at a time at most."""
    start = MAGIC + struct.pack("<QQ", 1, length)
    assert len(start) == HEADER_BYTES
    answered([start + b"l"])
    tracemalloc.start()
    try:
        assert isinstance(answered([start + b"l"]), Ended | BrokenProtocol)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_an_answer_to_another_request_is_none() -> None:
    """A worker cannot answer ahead, or twice."""
    body = encode_bytes(1.0)
    for number in (0, 2, 1 << 63):
        assert isinstance(answered([header([body], number) + body]), BrokenProtocol)


def test_a_dribbled_answer_is_not_waited_for() -> None:
    """The deadline is for all of it, not for each byte."""
    deadline = Deadline(cpu_seconds=1e6, idle_seconds=1e6, wall_seconds=0.3)
    found = answered([right([0] * 10)[:-1]], deadline, close=False)
    assert isinstance(found, Ended)
    assert found.reason == "wall"
