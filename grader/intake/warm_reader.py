"""The parent's side of the warm process that readers of documents are forked from."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Final

from grader.intake.reader.server import BORN, REQUEST_BYTES

_START_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 10.0
_STATUS_BYTES: Final = 16


class ForkedReader:
    """One child of the warm process; what reading.py uses of a subprocess.Popen.

    Args:
        stdin: where the document goes.
        stdout: where the answer comes from.
        told: where its exit status comes from.
        handle: a descriptor of it, which no other process can take the place of.
    """

    def __init__(
        self, stdin: IO[bytes], stdout: IO[bytes], told: socket.socket, handle: int
    ) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._told = told
        self._handle = handle

    def __enter__(self) -> ForkedReader:
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        for stream in (self.stdin, self.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self._told.close()
        os.close(self._handle)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status.

        Raises:
            subprocess.TimeoutExpired: it has not ended by then.
        """
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                status = self._told.recv(_STATUS_BYTES)
            except TimeoutError as error:
                raise subprocess.TimeoutExpired("reader", timeout or 0.0) from error
            except OSError:
                status = b""
            # Without an answer, the warm process is gone, and the child's answer not to be used.
            self.returncode = int(status) if status else -signal.SIGKILL
        return self.returncode

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.returncode is None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.wait(_ANSWER_SECONDS)


def _born(told: socket.socket) -> int:
    """The descriptor of a child that has just been forked.

    Raises:
        OSError: there is none; the warm process is gone, or stuck.
    """
    told.settimeout(_ANSWER_SECONDS)
    content, descriptors, _, _ = socket.recv_fds(told, 1, 1)
    if content != BORN or not descriptors:
        raise OSError("the process that documents are read in is gone")
    return descriptors[0]


class WarmReader:
    """The warm process; started when it is first needed, and ends with this process.

    Args:
        command: what starts it, to be followed by the number of its control socket.
        environment: all that it is given.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def running(self) -> int | None:
        """The number of the warm process; None when there is none."""
        return None if self._process is None else self._process.pid

    def fork(self, kind: str, memory_mb: int, cpu_seconds: int) -> ForkedReader:
        """A child that reads one document.

        Raises:
            OSError: there is no warm process, and it cannot be started.
        """
        with self._lock:
            if self._control is None:
                self._start()
            try:
                return self._ask(f"{kind} {memory_mb} {cpu_seconds}".encode("ascii"))
            except OSError:
                self.close()
                raise

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            try:
                self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
                    [*self._command, str(number)],
                    pass_fds=[number],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=dict(self._environment),
                    start_new_session=True,
                )
            except OSError:
                self.close()
                raise
        self._control.settimeout(_START_SECONDS)
        if self._control.recv(1) != BORN:
            self.close()
            raise OSError("the process that documents are read in does not start")

    def _ask(self, request: bytes) -> ForkedReader:
        if self._control is None or len(request) > REQUEST_BYTES:
            raise OSError("no request")
        document, stdin = os.pipe()
        stdout, answer = os.pipe()
        told, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [request], [document, answer, theirs.fileno()])
            for descriptor in (document, answer):
                os.close(descriptor)
            document = answer = -1
            theirs.close()
            handle = _born(told)
        except OSError:
            for descriptor in (document, stdin, stdout, answer):
                if descriptor >= 0:
                    os.close(descriptor)
            theirs.close()
            told.close()
            raise
        return ForkedReader(os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), told, handle)

    def close(self) -> None:
        """End the warm process; the next document starts another."""
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            control.close()
        if process is not None:
            process.kill()
            process.wait()
