"""Requests to one student's process: one message out, one message back, under one deadline."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from grader.sandbox.ending import WAITING, BrokenProtocol, Ended, verdict
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.meter import Meter
from grader.sandbox.output import Output, OutputPipe
from grader.sandbox.process import StudentProcess
from grader.worker.frames import HEADER_BYTES, header, joined, read_header
from grader.worker.wire import Segment, Value, WireError, decode, encode

_TICK_SECONDS: Final = 0.25
"""How long the process may go unwatched."""
_PART: Final = 1 << 20
_MEMORY_SLACK: Final = 256 << 20
"""What an interpreter with NumPy and its libraries may occupy by itself."""


class Channel:
    """The parent's end of one student's process.

    Not for use from several threads at once.
    """

    def __init__(
        self,
        connection: socket.socket,
        process: StudentProcess,
        output: Output,
        pipe: OutputPipe | None,
        limits: ProcessLimits,
    ) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._process = process
        self._output = output
        self._pipe = pipe
        self._limits = limits
        self._cleanups: list[Callable[[], None]] = []
        self._meter = Meter(process.pid)
        self._number = 0
        self._ended: Ended | None = None
        self._closed = False
        self.cpu_seconds = 0.0
        """CPU time of all requests so far."""
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)
        for also in (pipe, process):
            if also is not None and also.fileno() >= 0:
                self._selector.register(also.fileno(), selectors.EVENT_READ, also)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def ended(self) -> Ended | None:
        """Why the process is gone; None while it lives."""
        return self._ended

    @property
    def printed(self) -> str:
        """The tail of what it printed; not yet fit to show."""
        return self._output.text()

    def request(
        self,
        message: Mapping[str, object],
        deadline: Deadline,
        payload: Sequence[object] | None = None,
    ) -> Value:
        """Send a message and wait for the answer.

        Args:
            message: see grader/worker/loop.py.
            deadline: for all of it; its CPU seconds are also told to the kernel, as a backstop.
            payload: arguments, sent as a second message.

        Raises:
            Ended: the process is gone, or was stopped for exceeding a limit.
            BrokenProtocol: it answered nonsense; it is gone too.
            WireError: the message itself cannot be sent; the process lives.
        """
        if self._ended is not None:
            raise self._ended
        caps = self._limits.caps
        body = encode({**message, "cpu": deadline.cpu_seconds}, caps)
        self._number += 1
        segments = [header(body, self._number), *body]
        if payload is not None:
            arguments = encode(tuple(payload), caps)
            segments += [header(arguments, self._number), *arguments]
        watch = _Watch(self._meter, deadline, self._limits)
        try:
            self._send(joined(segments), watch)
            return decode(self._receive(watch), caps)
        except WireError as error:
            self._finish(Ended("crash", detail="it broke the protocol"))
            raise BrokenProtocol(str(error)) from error
        except Ended as ended:
            self._finish(ended)
            raise
        except BaseException:  # KeyboardInterrupt: the answer would be out of step from now on
            self._finish(Ended("crash", detail="the request was interrupted"))
            raise
        finally:
            self.cpu_seconds += watch.cpu()
            # What was printed before the answer is there by now, and may not have been looked at.
            if self._pipe is not None:
                self._pipe.drain()

    def close(self) -> None:
        """End the process and everything it started, and delete its folder."""
        if self._closed:
            return
        self._closed = True
        self._finish(Ended("exit", detail="it was closed"))
        for cleanup in self._cleanups:
            cleanup()

    def on_close(self, cleanup: Callable[[], None]) -> None:
        """Have something done when the process is closed and gone."""
        self._cleanups.append(cleanup)

    def _finish(self, ended: Ended) -> None:
        if self._ended is not None:
            return
        self._ended = ended
        self._selector.close()
        self._connection.close()
        self._process.end()
        if self._pipe is not None:
            self._pipe.drain()
            self._pipe.close()

    def _send(self, segments: Sequence[Segment], watch: _Watch) -> None:
        for segment in segments:
            rest = memoryview(segment)
            while rest:
                try:
                    rest = rest[self._connection.send(rest) :]
                except BlockingIOError:
                    self._await(watch, selectors.EVENT_READ | selectors.EVENT_WRITE)
                except OSError:
                    raise self._death(watch) from None

    def _receive(self, watch: _Watch) -> bytearray:
        start = self._exactly(HEADER_BYTES, watch)
        number, length = read_header(start, self._limits.caps.total_bytes)
        if number != self._number:
            raise WireError(f"an answer to request {number} where {self._number} was asked")
        return self._exactly(length, watch)

    def _exactly(self, count: int, watch: _Watch) -> bytearray:
        # Grows as bytes come in: an announced length costs nothing.
        content = bytearray()
        while len(content) < count:
            try:
                part = self._connection.recv(min(count - len(content), _PART))
            except BlockingIOError:
                self._await(watch, selectors.EVENT_READ)
                continue
            except OSError:
                part = b""
            if not part:
                raise self._death(watch)
            content += part
        return content

    def _await(self, watch: _Watch, events: int) -> None:
        """Wait until the connection is ready, keeping an eye on everything else.

        Raises:
            Ended: a limit is exceeded, or the process has ended without an answer.
        """
        self._selector.modify(self._connection, events)
        while True:
            ready = self._selector.select(watch.next_look())
            over = watch.exceeded(self._output.total)
            if over is not None:
                raise over
            gone = False
            for key, _ in ready:
                if key.data is self._pipe and self._pipe is not None:
                    if not self._pipe.drain():
                        self._selector.unregister(key.fd)
                elif key.data is self._process:
                    gone = True
            if any(key.fileobj is self._connection for key, _ in ready):
                return
            if gone:
                raise self._death(watch)

    def _death(self, watch: _Watch) -> Ended:
        """The verdict on a process that has closed the connection, or is gone."""
        report = self._process.wait(0.5) or self._process.end()
        return verdict(report, watch.deadline.cpu_seconds, self._limits)


class _Watch:
    """The figures of one request against its limits."""

    def __init__(self, meter: Meter, deadline: Deadline, limits: ProcessLimits) -> None:
        self.deadline = deadline
        self._meter = meter
        self._limits = limits
        self._cpu = meter.cpu()
        self._start = time.monotonic()
        self._queued: float | None = None
        self._next_tick = self._start + _TICK_SECONDS

    def cpu(self) -> float:
        """CPU seconds of this request so far."""
        return self._meter.cpu() - self._cpu

    def next_look(self) -> float:
        """Seconds until some limit can have been exceeded, but soon enough to watch memory."""
        left = self.deadline.cpu_seconds - self.cpu()
        return min(max(left, 0.001), _TICK_SECONDS)

    def exceeded(self, printed: int) -> Ended | None:
        """Which limit is exceeded, if any."""
        deadline, limits = self.deadline, self._limits
        cpu = self.cpu()
        if cpu >= deadline.cpu_seconds:
            return Ended("cpu", deadline.cpu_seconds, cpu)
        if printed > limits.flood_bytes:
            return Ended("output", limits.flood_bytes, printed)
        now = time.monotonic()
        if now - self._start >= deadline.wall_seconds:
            return Ended("wall", deadline.wall_seconds, now - self._start)
        if now < self._next_tick:
            return None
        self._next_tick = now + _TICK_SECONDS
        memory = self._meter.memory()
        if memory > limits.memory_bytes + _MEMORY_SLACK:
            return Ended("memory", limits.memory_bytes, memory)
        return self._idle(now, cpu)

    def _idle(self, now: float, cpu: float) -> Ended | None:
        queued = self._meter.queued()
        if queued is None:
            return None
        if self._queued is None:
            # What it waited before the first look is counted as idle; that is a quarter of a
            # second and saves reading the figure for every short call.
            self._queued = queued
        idle = now - self._start - cpu - (queued - self._queued)
        if idle >= self.deadline.idle_seconds:
            return Ended("wall", self.deadline.idle_seconds, idle, WAITING)
        return None
