"""Requests to one student's process: one message out, one message back, under one deadline."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from grader.sandbox.ending import BrokenProtocol, Ended, verdict
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.meter import Meter
from grader.sandbox.output import Output, OutputPipe
from grader.sandbox.process import StudentProcess
from grader.sandbox.watch import Box, Watch
from grader.worker.frames import HEADER_BYTES, header, joined, read_header
from grader.worker.wire import Segment, Value, WireError, decode, encode

_PART: Final = 1 << 20
_AHEAD: Final = 1 << 16
"""How much is read at once where more may be there: quick answers come together."""


class Channel:
    """The parent's end of one student's process.

    Its ``folder`` is watched when it is one on the disk. Not for use from several threads at once.
    """

    def __init__(
        self,
        connection: socket.socket,
        process: StudentProcess,
        output: Output,
        pipe: OutputPipe | None,
        limits: ProcessLimits,
        folder: Path | None = None,
    ) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._process = process
        self._output = output
        self._pipe = pipe
        self._limits = limits
        self._box = None if folder is None else Box(folder)
        self._cleanups: list[Callable[[], None]] = []
        self._meter = Meter(process.pid)
        self._number = 0
        self._inbox = bytearray()
        self._ended: Ended | None = None
        self._closed = False
        self.was_out_of_memory: Callable[[], bool] = lambda: False
        """Asked when it was killed: whether the kernel did so for lack of memory."""
        self.cpu_seconds = 0.0
        """CPU time of all requests so far."""
        self.waited_seconds = 0.0
        """What they waited, beside their CPU time, and not for a processor."""
        self.received_bytes = 0
        """How large the answers were, all together."""
        self._selector = selectors.DefaultSelector()
        self._events = selectors.EVENT_READ
        self._selector.register(connection, self._events)
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
        content = None if payload is None else encode(tuple(payload), self._limits.caps)
        return self._exchange(self._packed(message, deadline, content), deadline)

    def ask(
        self, message: Mapping[str, object], deadline: Deadline, payload: Sequence[Segment]
    ) -> Callable[[Deadline], Value]:
        """Send a message that has several answers.

        Args:
            message: see grader/worker/loop.py.
            deadline: for each answer, as the kernel is told.
            payload: what is sent as a second message, encoded.

        Returns:
            A function that waits for the next answer. Call it as often as there are answers, with
            the deadline for that one; it raises as ``request`` does.

        Raises:
            Ended: the process is gone.
            WireError: the message itself cannot be sent; the process lives.
        """
        unsent = self._packed(message, deadline, payload)

        def answer(deadline: Deadline) -> Value:
            if unsent:
                segments, unsent[:] = unsent[:], []
                return self._exchange(segments, deadline)
            self._number += 1
            return self._exchange((), deadline)

        return answer

    def _packed(
        self,
        message: Mapping[str, object],
        deadline: Deadline,
        payload: Sequence[Segment] | None,
    ) -> list[Segment]:
        if self._ended is not None:
            raise self._ended
        body = encode({**message, "cpu": deadline.cpu_seconds}, self._limits.caps)
        self._number += 1
        segments = [header(body, self._number), *body]
        if payload is not None:
            segments += [header(payload, self._number), *payload]
        return joined(segments)

    def _exchange(self, segments: Sequence[Segment], deadline: Deadline) -> Value:
        """Send what there is to send and wait for one answer."""
        if self._ended is not None:
            raise self._ended
        watch = Watch(self._meter, deadline, self._limits, self._box)
        try:
            watch.look_at_files()
            self._send(segments, watch)
            return decode(self._receive(watch), self._limits.caps)
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
            self.waited_seconds += watch.waited()
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

    def _send(self, segments: Sequence[Segment], watch: Watch) -> None:
        for segment in segments:
            rest = memoryview(segment)
            while rest:
                try:
                    rest = rest[self._connection.send(rest) :]
                except BlockingIOError:
                    self._await(watch, selectors.EVENT_READ | selectors.EVENT_WRITE)
                except OSError:
                    raise self._death(watch) from None

    def _receive(self, watch: Watch) -> bytearray:
        start = self._exactly(HEADER_BYTES, watch)
        number, length = read_header(start, self._limits.caps.total_bytes)
        self._insist_on(number)
        self.received_bytes += length
        return self._exactly(length, watch)

    def _insist_on(self, number: int) -> None:
        if number != self._number:
            raise WireError(f"an answer to request {number} where {self._number} was asked")

    def _exactly(self, count: int, watch: Watch) -> bytearray:
        # Grows as bytes come in: an announced length costs nothing.
        content, self._inbox = self._inbox, bytearray()
        while len(content) < count:
            try:
                part = self._connection.recv(min(max(count - len(content), _AHEAD), _PART))
            except BlockingIOError:
                self._await(watch, selectors.EVENT_READ)
                continue
            except OSError:
                part = b""
            if not part:
                raise self._death(watch)
            content += part
        if len(content) > count:
            self._inbox = content[count:]
            del content[count:]
        return content

    def _await(self, watch: Watch, events: int) -> None:
        """Wait until the connection is ready, keeping an eye on everything else.

        Raises:
            Ended: a limit is exceeded, or the process has ended without an answer.
        """
        if events != self._events:
            self._selector.modify(self._connection, events)
            self._events = events
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

    def _death(self, watch: Watch) -> Ended:
        """The verdict on a process that has closed the connection, or is gone."""
        report = self._process.wait(0.5) or self._process.end()
        if report is not None and report.code < 0 and self.was_out_of_memory():
            return Ended("memory", self._limits.memory_bytes, report.peak_memory_bytes)
        return verdict(report, watch.deadline.cpu_seconds, self._limits)
