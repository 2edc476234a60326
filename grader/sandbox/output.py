"""What a student's process prints: read as it comes, and only the tail kept."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import IO


class Output:
    """Collects printed bytes; keeps the last ``keep`` of them and counts all."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._tail = bytearray()
        self._lock = threading.Lock()
        self.total = 0
        """How many bytes were printed."""

    def add(self, content: bytes) -> None:
        """Take what was read."""
        with self._lock:
            self.total += len(content)
            self._tail += content[-self._keep :]
            if len(self._tail) > 2 * self._keep:
                del self._tail[: -self._keep]

    def text(self) -> str:
        """The tail as text; not yet fit to show (see grader/untrusted.py)."""
        with self._lock:
            return bytes(self._tail[-self._keep :]).decode("utf-8", "replace")


class OutputPipe:
    """The read end of a pipe that feeds an Output without ever blocking."""

    def __init__(self, descriptor: int, output: Output) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor: int | None = descriptor
        self._output = output

    def fileno(self) -> int:
        """The descriptor, for a selector."""
        return -1 if self._descriptor is None else self._descriptor

    def drain(self, most: int = 1 << 20) -> bool:
        """Read what is there, about ``most`` bytes of it; False when no more will come."""
        while self._descriptor is not None and most > 0:
            try:
                content = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                return True
            except OSError:
                content = b""
            if not content:
                return False
            self._output.add(content)
            most -= len(content)
        return self._descriptor is not None

    def close(self) -> None:
        """Close the pipe."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def drain_in_thread(stream: IO[bytes], output: Output) -> threading.Thread:
    """Feed the output from a blocking stream, in a thread of its own, until it ends."""

    def run() -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            while content := os.read(stream.fileno(), 1 << 16):
                output.add(content)

    thread = threading.Thread(target=run, daemon=True, name="student-output")
    thread.start()
    return thread
