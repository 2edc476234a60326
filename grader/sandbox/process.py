"""One process that runs student code, as its parent holds it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from typing import Protocol

import psutil

from grader.sandbox.ending import ExitReport
from grader.worker.frames import HEADER_BYTES, read_header
from grader.worker.wire import WireError, decode

_PATIENCE_SECONDS = 5.0
_REPORT_CAP = 1 << 12


class StudentProcess(Protocol):
    """What a channel needs of the process behind it, however it was started."""

    @property
    def pid(self) -> int:
        """Its number, as its parent sees it."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when the process has ended; -1 for none."""

    def end(self) -> ExitReport | None:
        """Kill it and what it started, wait until it is gone, and say how it ended."""

    def wait(self, seconds: float) -> ExitReport | None:
        """How it ended, without killing it; None when it has not ended by then."""


class ForkedProcess:
    """A child of the fork server, held by its lifeline.

    Args:
        pid: its number.
        lifeline: where the fork server reports its end, and is told to end it.
        handle: a descriptor of the process, which no other process can take the place of.
    """

    def __init__(self, pid: int, lifeline: socket.socket, handle: int | None = None) -> None:
        self._pid = pid
        self._handle = handle
        self._lifeline: socket.socket | None = lifeline
        self._report: ExitReport | None = None
        # To recognise it should the fork server be dead and the number be in use again.
        self._process: psutil.Process | None = None
        if handle is None:
            with contextlib.suppress(psutil.Error):
                self._process = psutil.Process(pid)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._pid

    def fileno(self) -> int:
        """The lifeline's descriptor; -1 when it has ended."""
        return -1 if self._lifeline is None else self._lifeline.fileno()

    def wait(self, seconds: float) -> ExitReport | None:
        """How it ended, without killing it; None when it has not ended by then."""
        if self._lifeline is None:
            return self._report
        self._lifeline.settimeout(seconds)
        try:
            content = _read_all(self._lifeline)
        except TimeoutError:
            return None
        except OSError:
            content = b""
        self._report = _parse(content)
        self._let_go()
        return self._report

    def end(self) -> ExitReport | None:
        """Kill it and what it started, wait until it is gone, and say how it ended."""
        if self._lifeline is None:
            return self._report
        with contextlib.suppress(OSError):
            self._lifeline.shutdown(socket.SHUT_WR)  # the fork server kills it now
        report = self.wait(_PATIENCE_SECONDS)
        if report is None and self._process is not None:
            # The fork server is dead or stopped, by whatever the student's code did to it.
            end_tree(self._process)
        self._let_go()
        return report

    def _let_go(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None
        if self._handle is not None:
            if self._report is None:
                with contextlib.suppress(OSError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = None


def end_tree(process: psutil.Process) -> None:
    """Kill a process and all its descendants, as far as they can be found."""
    family = [process]
    with contextlib.suppress(psutil.Error):
        family += process.children(recursive=True)
    for member in family:
        with contextlib.suppress(psutil.Error):
            member.kill()


def _read_all(lifeline: socket.socket) -> bytes:
    content = bytearray()
    while len(content) <= _REPORT_CAP and (part := lifeline.recv(_REPORT_CAP)):
        content += part
    return bytes(content)


def _parse(content: bytes) -> ExitReport | None:
    if len(content) < HEADER_BYTES:
        return None
    try:
        read_header(content[:HEADER_BYTES], _REPORT_CAP)
        report = decode(content[HEADER_BYTES:])
    except WireError:
        return None
    if not isinstance(report, dict):
        return None
    code, cpu, memory = report.get("code"), report.get("cpu"), report.get("rss_kb")
    if not isinstance(code, int) or not isinstance(cpu, float) or not isinstance(memory, int):
        return None
    return ExitReport(code, cpu, memory << 10)
