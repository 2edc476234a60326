"""What runs in each process of a batch: mark submissions one after another, and never give up.

The process is the grader's own; the student's code runs in further processes behind the wall.
"""

from __future__ import annotations

import gc
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
from grader.intake.parcel import Parcel
from grader.marking import Marking
from grader.result import Result
from grader.sandbox import ForkServer, Tier
from grader.sandbox.tiers import Wall
from grader.starting import hear_again
from grader.untrusted import shown


@dataclass(frozen=True)
class Answer:
    """A Result, or why there is none."""

    result: Result | None
    trouble: str | None = None
    failed: bool = False
    """Whether it was the grader that failed."""


def serve(pipe: Connection, marking: Marking, train: bool, tier: Tier | None) -> None:
    """Answer each path that comes through the pipe with an Answer, until the pipe is closed."""
    # Ctrl-C goes to every process at the terminal; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    hear_again()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    # What all submissions are marked with stays: the garbage collector need not look at it again.
    gc.collect()
    gc.freeze()
    marker = Marker(marking, train, tier)
    try:
        while True:
            pipe.send(marker.mark(Path(pipe.recv())))
    except (EOFError, BrokenPipeError):
        pass  # the parent has no more work
    finally:
        # Being asked twice to leave must not stop the cleaning up half-way.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        marker.close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def _leave_with_parent() -> None:
    """A parent that was killed leaves nobody behind who computes for ten more minutes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


class Marker:
    """Marks with one fork server after another: a new one where the last may have been harmed."""

    def __init__(self, marking: Marking, train: bool, tier: Tier | None = None) -> None:
        self._marking = marking
        self._train = train
        self._tier = tier
        self._server: ForkServer | None = None
        self._retired = False

    def start(self) -> Wall:
        """Have a fork server now; the first submission would otherwise start it.

        Returns:
            What it has proved about the wall around students' processes.

        Raises:
            GraderFailure: none can be started here, or no more is wanted.
        """
        return self._warm().wall

    def mark(self, submission: Path | Parcel) -> Answer:
        """The answer for one submission; no exception but SystemExit leaves it."""
        try:
            return Answer(self._grade(submission))
        except UnusableInput as error:
            return Answer(None, shown(error))
        except GraderFailure:
            # The server may have fallen with an earlier submission: once more with a new one.
            self.close()
        except Exception as error:  # noqa: BLE001 - one submission must not end the batch
            return self._failed(error)
        try:
            return Answer(self._grade(submission))
        except Exception as error:  # noqa: BLE001 - as above
            return self._failed(error)

    def close(self) -> None:
        """End the fork server; the next submission gets a new one."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(Exception):
                server.close()

    def retire(self) -> None:
        """End the fork server for good, from any thread: what is being marked fails."""
        self._retired = True
        self.close()

    def _grade(self, submission: Path | Parcel) -> Result:
        server = self._warm()
        return grade(submission, self._marking, train=self._train, server=server, jobs=1)

    def _warm(self) -> ForkServer:
        server = self._server
        if server is None:
            frameworks = self._marking.assignment.imports.frameworks
            self._server = server = ForkServer.start(frameworks, tier=self._tier)
        if self._retired:  # also while the server was being started
            self.close()
            raise GraderFailure("the batch is over")
        return server

    def _failed(self, error: Exception) -> Answer:
        self.close()
        if isinstance(error, GraderFailure):
            return Answer(None, f"the grader failed: {shown(error)}", failed=True)
        text = f"something went wrong inside the grader: {type(error).__name__}: {error}"
        return Answer(None, shown(text), failed=True)
