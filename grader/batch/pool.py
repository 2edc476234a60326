"""Marks many submissions side by side: a process a core, each given one submission at a time.

A slow submission holds up nobody else, a process that dies costs its submission a row that says
so, and the parent neither opens submissions nor computes anything. Threads with a fork server each
would do with less memory, but the comparing holds the interpreter's lock: 40 submissions on 2 cores
took them 32 s, processes 26 s.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from grader.assignment import Limits
from grader.batch.marker import Answer, serve
from grader.batch.submissions import Submission
from grader.marking import Marking
from grader.result import Result
from grader.sandbox import Tier
from grader.starting import undisturbed

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# To end students' processes and delete their folders; a process that is killed after that takes
# its fork server and the student's process with it all the same.
_FAREWELL_SECONDS = 3.0


@dataclass(frozen=True)
class Entry:
    """What came of one submission: its Result, or why there is none."""

    name: str
    result: Result | None
    trouble: str | None = None
    """Why a person must look: the grader failed, or the file is no submission."""
    failed: bool = False
    """Whether the grader itself failed on it."""

    def named(self, name: str) -> Entry:
        """The same for another name: files that several students handed in together."""
        return replace(self, name=name, result=self.result and _called(self.result, name))


@dataclass
class _Seat:
    """One process and what it is at."""

    process: SpawnProcess
    pipe: Connection
    submission: Submission | None = None
    deadline: float = 0.0


@dataclass
class Pool:
    """Processes that mark; a context manager that leaves none behind."""

    marking: Marking
    jobs: int
    train: bool = True
    tier: Tier | None = None
    """Of the wall; None for the strongest that can be had."""
    patience: float | None = None
    """Seconds of wall time after which a submission's process is given up; None: generous."""
    _seats: list[_Seat] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for seat in self._seats:
            seat.pipe.close()  # enough for one that waits for work
            if seat.submission is not None:
                seat.process.terminate()
        for seat in self._seats:
            _see_off(seat.process)
        self._seats.clear()

    def mark(self, submissions: Iterable[Submission]) -> Iterator[Entry]:
        """An entry for each submission, as they get done.

        Submissions are taken one by one and entries are not kept: memory does not grow with them.
        """
        waiting = iter(submissions)
        patience = self.patience or generous(self.marking.assignment.limits)
        more = True
        while True:
            while more and self._has_room():
                submission = next(waiting, None)
                if submission is None:
                    more = False
                else:
                    self._hand_out(self._free_seat(), submission, patience)
            if not any(seat.submission for seat in self._seats):
                return
            yield from self._collect()

    def _has_room(self) -> bool:
        idle = any(seat.submission is None for seat in self._seats)
        return idle or len(self._seats) < self.jobs

    def _free_seat(self) -> _Seat:
        free = next((seat for seat in self._seats if seat.submission is None), None)
        if free is None:
            with undisturbed():
                free = self._seat()
                self._seats.append(free)
        return free

    def kill(self) -> None:
        """End all processes at once, without waiting for anything."""
        for seat in self._seats:
            seat.process.kill()

    def _seat(self) -> _Seat:
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        process = context.Process(
            target=serve,
            args=(theirs, self.marking, self.train, self.tier),
            daemon=True,
            name="goldgrad",
        )
        with _one_thread_each():
            process.start()
        theirs.close()
        return _Seat(process, mine)

    def _hand_out(self, seat: _Seat, submission: Submission, patience: float) -> None:
        seat.submission = submission
        seat.deadline = time.monotonic() + patience
        with contextlib.suppress(OSError):  # it died meanwhile; _collect finds out
            seat.pipe.send(str(submission.path))

    def _collect(self) -> Iterator[Entry]:
        """The entries of the seats that have something to say, at least one."""
        busy = [seat for seat in self._seats if seat.submission is not None]
        first = min(seat.deadline for seat in busy)
        ready = wait([seat.pipe for seat in busy], max(0.0, first - time.monotonic()))
        for seat in busy:
            if seat.pipe in ready:
                yield self._take(seat)
            elif time.monotonic() > seat.deadline:
                yield self._replace(seat, "the grader's process did not come back and was stopped")

    def _take(self, seat: _Seat) -> Entry:
        try:
            answer: Answer = seat.pipe.recv()
        except (EOFError, OSError):
            seat.process.join(_FAREWELL_SECONDS)
            how = _cause_of_death(seat.process.exitcode)
            return self._replace(seat, f"the grader's process died ({how})")
        submission, seat.submission = seat.submission, None
        assert submission is not None  # noqa: S101 - for mypy: only busy seats are waited for
        result = answer.result and _called(answer.result, submission.name)
        return Entry(submission.name, result, answer.trouble, answer.failed)

    def _replace(self, seat: _Seat, trouble: str) -> Entry:
        submission = seat.submission
        assert submission is not None  # noqa: S101 - for mypy: only busy seats are replaced
        seat.pipe.close()
        seat.process.terminate()
        _see_off(seat.process)
        with undisturbed():
            self._seats[self._seats.index(seat)] = self._seat()
        return Entry(submission.name, None, trouble, failed=True)


def _called(result: Result, name: str) -> Result:
    """The result under the batch's name: s1.zip and s1/ are both "s1" when marked alone."""
    info = result.submission.model_copy(update={"name": name})
    return result.model_copy(update={"submission": info})


def generous(limits: Limits) -> float:
    """Wall seconds that no honest submission needs: thrice all its limits, one after another."""
    return 3 * (
        limits.import_cpu_seconds + 6 * limits.train_cpu_seconds + 60 * limits.call_cpu_seconds
    )


def _see_off(process: SpawnProcess) -> None:
    process.join(_FAREWELL_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def _cause_of_death(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """The processes share the cores already; a matrix product must not use them all again."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
