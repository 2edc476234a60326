"""Starts students' processes: from a warm fork server, or one by one where that cannot be."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from grader.errors import GraderFailure
from grader.sandbox import launch
from grader.sandbox.channel import Channel
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.output import Output, OutputPipe
from grader.sandbox.process import ForkedProcess
from grader.sandbox.scratch import Scratch
from grader.worker.frames import Closed, header, read_frame
from grader.worker.wire import Value, WireError, decode, encode_bytes

Method = Literal["fork", "spawn"]

_START_SECONDS: Final = 60.0
_REPLY_CAP: Final = 1 << 16


class _Launcher(Protocol):
    """How students' processes come into being."""

    def start(self) -> None:
        """Get ready; called again when it has failed.

        Raises:
            GraderFailure: it cannot.
        """

    def launch(self, limits: ProcessLimits, scratch: Path) -> Channel:
        """One fresh process.

        Raises:
            OSError: this launcher no longer works.
            GraderFailure: the system refuses another process.
        """

    def stop(self) -> None:
        """End everything."""


class ForkServer:
    """The source of students' processes; a context manager, safe to use from several threads.

    Args:
        launcher: how processes come into being.
        scratch: where they work.
    """

    tier: str = "basic"

    def __init__(self, launcher: _Launcher, scratch: Scratch) -> None:
        self._launcher = launcher
        self._scratch = scratch
        self._lock = threading.Lock()
        self._channels: set[Channel] = set()

    @classmethod
    def start(cls, frameworks: Collection[str] = (), method: Method | None = None) -> ForkServer:
        """Start the server and wait until it is warm.

        Args:
            frameworks: packages beside NumPy that students may import.
            method: how processes are made; by default what this system does best.

        Raises:
            GraderFailure: it cannot be started.
        """
        scratch = Scratch()
        launcher: _Launcher
        if (method or default_method()) == "fork":
            launcher = Zygote(frameworks, scratch)
        else:
            from grader.sandbox.spawn import Spawner

            launcher = Spawner(frameworks)
        try:
            launcher.start()
        except GraderFailure:
            launcher.stop()
            scratch.close()
            raise
        return cls(launcher, scratch)

    def fork(self, limits: ProcessLimits) -> Channel:
        """A fresh process that has never met any student's code.

        Raises:
            GraderFailure: none can be made.
        """
        folder = self._scratch.new()
        with self._lock:
            try:
                channel = self._launcher.launch(limits, folder)
            except OSError:
                # Student code can kill a server that runs as the same user.
                self._launcher.stop()
                self._launcher.start()
                try:
                    channel = self._launcher.launch(limits, folder)
                except OSError as error:
                    raise GraderFailure(
                        f"no process can be started for the student's code: {error}"
                    ) from error
            self._channels.add(channel)
        channel.on_close(lambda: self._forget(channel, folder))
        return channel

    def _forget(self, channel: Channel, folder: Path) -> None:
        self._scratch.delete(folder)
        with self._lock:
            self._channels.discard(channel)

    def close(self) -> None:
        """End the server and every process it has made, and delete their folders."""
        for channel in list(self._channels):
            channel.close()
        with self._lock:
            self._launcher.stop()
        self._scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def default_method() -> Method:
    """How this system makes processes best.

    macOS could fork, but its numerical library does not survive it.
    """
    can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return "fork" if can_fork and sys.platform != "darwin" else "spawn"


class Zygote:
    """The fork server's process, seen from the parent."""

    def __init__(self, frameworks: Collection[str], scratch: Scratch) -> None:
        self._frameworks = frameworks
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The server's process number."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process and wait until it is warm.

        Raises:
            GraderFailure: it does not start.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and script
                launch.command("fork", number, self._frameworks),
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=launch.environment(self._scratch.new()),
                cwd="/",
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        try:
            read_frame(self._control, _REPLY_CAP)
        except (OSError, Closed, WireError) as error:
            raise GraderFailure(
                f"the process that runs students' code does not start: {self._complaint()}",
                hint="try `python -c 'import numpy'` with the same interpreter",
            ) from error

    def launch(self, limits: ProcessLimits, scratch: Path) -> Channel:
        """See _Launcher."""
        if self._control is None:
            raise GraderFailure("the fork server is closed")
        ours, theirs = socket.socketpair()
        lifeline, their_lifeline = socket.socketpair()
        read_end, write_end = os.pipe()
        try:
            request = _request(limits, scratch)
            descriptors = [theirs.fileno(), write_end, their_lifeline.fileno()]
            socket.send_fds(self._control, [request], descriptors)
            answer = self._answer()
        except BaseException:
            for end in (ours, lifeline):
                end.close()
            os.close(read_end)
            raise
        finally:
            for end in (theirs, their_lifeline):
                end.close()
            os.close(write_end)
        output = Output(limits.output_bytes)
        pipe = OutputPipe(read_end, output)
        process = ForkedProcess(_pid(answer), lifeline)
        return Channel(ours, process, output, pipe, limits)

    def stop(self) -> None:
        """Close the control socket, at which the server ends its children and itself."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is None:
            return
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process = None

    def _answer(self) -> Value:
        if self._control is None:
            raise OSError("closed")
        try:
            _, body = read_frame(self._control, _REPLY_CAP)
            return decode(body)
        except (Closed, WireError) as error:
            raise OSError("the fork server is gone") from error

    def _complaint(self) -> str:
        if self._process is None or self._process.stderr is None:
            return "no reason known"
        self._process.kill()
        text = self._process.stderr.read(1 << 14).decode("utf-8", "replace").strip()
        with contextlib.suppress(IndexError):
            return text.splitlines()[-1]
        return "it says nothing"


def _request(limits: ProcessLimits, scratch: Path) -> bytes:
    body = encode_bytes(
        {
            "scratch": str(scratch),
            "limits": {
                "memory_bytes": limits.memory_bytes,
                "cpu_seconds": limits.lifetime_cpu_seconds,
                "file_bytes": limits.file_bytes,
                "open_files": limits.open_files,
            },
        }
    )
    return header([body]) + body


def _pid(answer: Value) -> int:
    pid = answer.get("pid") if isinstance(answer, dict) else None
    if not isinstance(pid, int):
        reason = answer.get("error") if isinstance(answer, dict) else answer
        raise GraderFailure(f"the system refuses another process: {reason}")
    return pid
