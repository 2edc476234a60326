"""What a worker may answer: any bytes in any portions are a value, Ended or BrokenProtocol."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

from grader.sandbox.channel import Channel
from grader.sandbox.ending import BrokenProtocol, Ended, ExitReport
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.output import Output, OutputPipe
from grader.worker.frames import MAGIC, Closed, header, read_frame
from grader.worker.wire import Caps, WireError, encode_bytes

WORDS = [MAGIC, MAGIC + struct.pack("<QQ", 1, 1) + b"N"]
_LIMITS = ProcessLimits(caps=Caps(total_bytes=1 << 16))
_DEADLINE = Deadline(cpu_seconds=1e6, idle_seconds=1e6, wall_seconds=1e6)


class _Gone:
    """A process that has written its answer and ended."""

    pid = os.getpid()

    def fileno(self) -> int:
        """Nothing to wait for."""
        return -1

    def end(self) -> ExitReport:
        """It has ended."""
        return ExitReport(0)

    def wait(self, _seconds: float) -> ExitReport:
        """It has ended."""
        return ExitReport(0)


def target(data: bytes) -> None:
    """The same bytes as an answer to the parent, then as a request to the worker."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    output = Output(1_000)
    channel = Channel(ours, _Gone(), output, OutputPipe(reading, output), _LIMITS)
    with theirs:
        os.write(writing, data[:100])
        os.close(writing)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            channel.request({"op": "ping"}, _DEADLINE)
        except (Ended, BrokenProtocol):
            assert channel.ended is not None
        channel.close()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            while True:
                read_frame(ours, 1 << 16)
        except (Closed, WireError):
            return


def seeds() -> Iterator[bytes]:
    """Answers to the first request, right and wrong."""
    for value in (None, {"value": [1.5, "ok"]}, {"failed": {"kind": "x"}}):
        body = encode_bytes(value)
        yield header([body], 1) + body
        yield header([body], 2) + body
        yield header([body], 1) + body + body
    yield MAGIC + struct.pack("<QQ", 1, 1 << 60)
