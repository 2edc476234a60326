"""What runs in each process of a batch: mark submissions one after another, and never give up.

The process is the grader's own; the student's code runs in further processes behind the wall.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from grader.errors import GraderFailure, UnusableInput
from grader.grading import grade
from grader.marking import Marking
from grader.result import Result
from grader.sandbox import ForkServer
from grader.untrusted import shown


@dataclass(frozen=True)
class Answer:
    """A Result, or why there is none."""

    result: Result | None
    trouble: str | None = None
    failed: bool = False
    """Whether it was the grader that failed."""


def serve(pipe: Connection, marking: Marking, train: bool) -> None:
    """Answer each path that comes through the pipe with an Answer, until the pipe is closed."""
    # Ctrl-C goes to every process at the terminal; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    server: ForkServer | None = None
    with suppress(EOFError, BrokenPipeError):
        while True:
            path = Path(pipe.recv())
            answer, server = _mark(path, marking, server, train=train)
            pipe.send(answer)
    if server is not None:
        server.close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def _leave_with_parent() -> None:
    """A parent that was killed leaves nobody behind who computes for ten more minutes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _mark(
    path: Path, marking: Marking, server: ForkServer | None, *, train: bool
) -> tuple[Answer, ForkServer | None]:
    """The answer, and the fork server to go on with (None: start a new one)."""
    for last_try in (False, True):
        try:
            server = server or ForkServer.start()
            result = grade(path, marking, train=train, server=server, jobs=1)
        except UnusableInput as error:
            return Answer(None, shown(error)), server
        except GraderFailure as error:
            # The server may have fallen with an earlier submission: once more with a new one.
            _close(server)
            server = None
            if last_try:
                return Answer(None, f"the grader failed: {shown(error)}", failed=True), server
        except Exception as error:  # noqa: BLE001 - one submission must not end the batch
            text = f"something went wrong inside the grader: {type(error).__name__}: {error}"
            _close(server)
            return Answer(None, shown(text), failed=True), None
        else:
            return Answer(result), server
    raise AssertionError("the last try returns")


def _close(server: ForkServer | None) -> None:
    if server is not None:
        with suppress(Exception):
            server.close()
