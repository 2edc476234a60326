"""Students' processes where no warm process can be forked: each starts an interpreter of its own.

Slower, and with fewer limits the kernel enforces; what is measured from outside (CPU time, idle
time, memory, output) is enforced all the same.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import psutil

from grader.errors import GraderFailure
from grader.sandbox import launch
from grader.sandbox.channel import Channel
from grader.sandbox.ending import ExitReport
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.output import Output, drain_in_thread
from grader.sandbox.process import end_tree
from grader.sandbox.view import interpreter_view
from grader.worker.alone import TOKEN_BYTES

_START_SECONDS: Final = 60.0
_CREATION_FLAGS: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


class SpawnedProcess:
    """A process of its own, held by its Popen object."""

    def __init__(self, process: subprocess.Popen[bytes], output: Output) -> None:
        self._popen = process
        self._process = psutil.Process(process.pid)
        self._drain = drain_in_thread(process.stdout, output) if process.stdout else None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._popen.pid

    def fileno(self) -> int:
        """There is nothing to wait on: the connection's end tells."""
        return -1

    def wait(self, seconds: float) -> ExitReport | None:
        """How it ended, without killing it; None when it has not ended by then."""
        try:
            return ExitReport(self._popen.wait(timeout=seconds))
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> ExitReport | None:
        """Kill it and what it started, wait until it is gone, and say how it ended."""
        if self._popen.poll() is None:
            end_tree(self._process)
        report = self.wait(5.0)
        if self._drain is not None:
            self._drain.join(1.0)  # the last of what it printed
        return report


class Spawner:
    """Starts one interpreter for each process."""

    def __init__(self, frameworks: Collection[str]) -> None:
        self._frameworks = frameworks
        self._view = interpreter_view(frameworks)
        self._processes: list[SpawnedProcess] = []

    def start(self) -> dict[str, Any]:
        """Nothing has to be ready, and nothing is promised."""
        return {}

    def launch(self, limits: ProcessLimits, scratch: Path | None) -> Channel:
        """One fresh process.

        Raises:
            OSError: the system refuses.
            GraderFailure: it starts, but does not report.
        """
        if scratch is None:
            raise GraderFailure("a process of its own needs a folder")
        output = Output(limits.output_bytes)
        token = secrets.token_bytes(TOKEN_BYTES)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            popen = subprocess.Popen(  # noqa: S603  our own interpreter and script
                launch.command("alone", listener.getsockname()[1], self._view, self._frameworks),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=launch.environment(str(scratch)),
                cwd=scratch,
                start_new_session=os.name == "posix",
                creationflags=_CREATION_FLAGS,
            )
            process = SpawnedProcess(popen, output)
            self._processes = [p for p in self._processes if p.wait(0) is None] + [process]
            try:
                if popen.stdin is not None:
                    with popen.stdin:
                        popen.stdin.write(token)
                connection = _accept(listener, token, process)
            except OSError as error:
                process.end()
                raise GraderFailure(
                    "the process that runs students' code does not start: "
                    f"{output.text().strip() or error}",
                    hint="try `python -c 'import numpy'` with the same interpreter",
                ) from error
        return Channel(connection, process, output, None, limits, scratch)

    def processes(self) -> list[int]:
        """None: each is started anew."""
        return []

    def stop(self) -> None:
        """End every process that still runs."""
        for process in self._processes:
            process.end()
        self._processes.clear()


def _accept(listener: socket.socket, token: bytes, process: SpawnedProcess) -> socket.socket:
    """The connection of the process that knows the token.

    Raises:
        OSError: it does not come (TimeoutError), or the process has ended.
    """
    until = time.monotonic() + _START_SECONDS
    listener.settimeout(0.2)
    while time.monotonic() < until:
        if process.wait(0) is not None:
            raise ConnectionError("it ended before it could connect")
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            connection.settimeout(5.0)
            if hmac.compare_digest(_exactly(connection, len(token)), token):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
            connection.close()
    raise TimeoutError("it does not connect")


def _exactly(connection: socket.socket, count: int) -> bytes:
    content = b""
    with contextlib.suppress(OSError):
        while len(content) < count and (part := connection.recv(count - len(content))):
            content += part
    return content
