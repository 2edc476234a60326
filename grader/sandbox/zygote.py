"""The fork server's process, as its parent sees it; grader/worker/server.py is the other side."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any, Final

import psutil

from grader.errors import GraderFailure
from grader.sandbox import bubblewrap, launch
from grader.sandbox.channel import Channel
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.output import Output, OutputPipe
from grader.sandbox.process import ForkedProcess, end_tree
from grader.sandbox.recipe import Recipe
from grader.sandbox.scratch import Scratch
from grader.worker.control import GOODBYE
from grader.worker.frames import HEADER_BYTES, Closed, header, read_frame, read_header
from grader.worker.wire import Value, WireError, decode, encode_bytes

_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 5.0
_REPLY_CAP: Final = 1 << 16
_BUFFER_BYTES: Final = 4 << 20
"""Of each socket, as far as the system allows: fewer turns for large arrays."""


class Zygote:
    """The fork server's process.

    Args:
        recipe: how it is started.
        scratch: where its children's folders are, unless they are in memory.
    """

    def __init__(self, recipe: Recipe, scratch: Scratch) -> None:
        self._recipe = recipe
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The server's process number."""
        return self._process.pid if self._process is not None else None

    def processes(self) -> list[int]:
        """The server's own number, behind bubblewrap or the process that waits for it."""
        if self._process is None:
            return []
        try:
            family = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.Error:
            return []
        return [family[-1].pid if family else self._process.pid]

    def start(self) -> dict[str, Any]:
        """Start the process and wait until it is warm.

        Returns:
            What it found when it tried its walls (see grader/worker/confinement.py).

        Raises:
            GraderFailure: it does not start.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            home, details = self._plan()
            recipe = self._recipe
            line = launch.command("fork", number, recipe.view, recipe.frameworks, details)
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and script
                [*recipe.prefix(), *line],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=launch.environment(home),
                cwd="/",
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        try:
            _, body = read_frame(self._control, _REPLY_CAP)
            report: Any = decode(body)
        except (OSError, Closed, WireError) as error:
            raise GraderFailure(
                f"the process that runs students' code does not start: {self._complaint()}",
                hint="try `python -c 'import numpy'` with the same interpreter",
            ) from error
        # A fork takes milliseconds; a server that was stopped by student code never answers.
        self._control.settimeout(_ANSWER_SECONDS)
        return dict(report)

    def _plan(self) -> tuple[str, dict[str, Any]]:
        """Its home, and what it has to know."""
        if self._recipe.namespaces == "given":
            jail = self._recipe.wishes(Path("/"))
            return bubblewrap.BOX, {"jail": jail, "scratch": "", "trial": ""}
        trial = str(self._scratch.new())
        jail = self._recipe.wishes(Path(trial))
        return trial, {"jail": jail, "scratch": str(self._scratch.root), "trial": trial}

    def launch(self, limits: ProcessLimits, scratch: Path | None) -> Channel:
        """One fresh process, forked from the warm one.

        Args:
            limits: what it may use.
            scratch: its folder; None when it has one in memory.

        Raises:
            OSError: the fork server is gone, or does not answer.
            GraderFailure: the system refuses another process.
        """
        if self._control is None:
            raise GraderFailure("the fork server is closed")
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        lifeline, their_lifeline = socket.socketpair()
        read_end, write_end = os.pipe()
        try:
            request = _request(limits, scratch)
            descriptors = [theirs.fileno(), write_end, their_lifeline.fileno()]
            socket.send_fds(self._control, [request], descriptors)
            pid, handle = self._answer()
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
        process = ForkedProcess(pid, lifeline, handle)
        return Channel(ours, process, output, pipe, limits, scratch)

    def stop(self) -> None:
        """Close the control socket, at which the server ends its children and itself."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.sendall(GOODBYE)
            self._control.close()
            self._control = None
        if self._process is None:
            return
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Behind bubblewrap, a server that was suspended would outlive it.
            end_tree(psutil.Process(self._process.pid))
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process = None

    def _answer(self) -> tuple[int, int | None]:
        """The child's number as it is seen from here, and a descriptor of it where there are any.

        Raises:
            OSError: the fork server is gone.
            GraderFailure: the system refuses another process.
        """
        if self._control is None:
            raise OSError("closed")
        content, descriptors, _, _ = socket.recv_fds(self._control, _REPLY_CAP, 1)
        try:
            _, length = read_header(content[:HEADER_BYTES], _REPLY_CAP)
            while len(content) < HEADER_BYTES + length and (part := self._control.recv(length)):
                content += part
            number = _pid(decode(content[HEADER_BYTES:]))
        except (struct.error, WireError) as error:
            raise OSError("the fork server is gone") from error
        if not descriptors:
            return number, None
        return _outer_number(descriptors[0]), descriptors[0]

    def _complaint(self) -> str:
        if self._process is None or self._process.stderr is None:
            return "no reason known"
        if self._control is not None:
            self._control.close()  # the server inside bubblewrap, or behind its first process, ends
            self._control = None
        self._process.kill()
        text = self._process.stderr.read(1 << 14).decode("utf-8", "replace").strip()
        with contextlib.suppress(IndexError):
            return text.splitlines()[-1]
        return "it says nothing"


def _request(limits: ProcessLimits, scratch: Path | None) -> bytes:
    body = encode_bytes(
        {
            "scratch": str(scratch or ""),
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


def _outer_number(descriptor: int) -> int:
    """The number, in our own pid namespace, of the process behind a descriptor; -1 when gone."""
    text = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii")
    lines = (line for line in text.splitlines() if line.startswith("Pid:"))
    return int(next(lines, "Pid: -1").partition(":")[2])
