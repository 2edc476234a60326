"""Marks submissions on a cluster's workers, as grader/batch/pool.py does on this machine.

Each submission is a task of Dask's, which gives it to a worker that is free, and to another one
when that worker dies. A task whose workers die again and again may have been an innocent one that
was waiting beside the one who did it: at the end, each is tried once more with nobody beside it.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from grader.batch.cluster.admission import Admission, reached, waiting_for_workers
from grader.batch.cluster.bench import mark
from grader.batch.cluster.messages import BadReply, Delivery, Reply, is_unprepared
from grader.batch.cluster.seal import KEY_BYTES
from grader.batch.pool import Entry, generous
from grader.batch.submissions import Submission
from grader.errors import GraderFailure, UnusableInput
from grader.intake.parcel import take
from grader.intake.parcel_bytes import parcel_to_bytes
from grader.marking import Marking
from grader.render.wording import count, wall_label
from grader.sandbox import Tier
from grader.untrusted import shown

if TYPE_CHECKING:
    from distributed import Client, Future

_MOST_BYTES: Final = 64_000_000
"""Of submissions that are handed out at a time: what client and scheduler must hold."""
_AHEAD: Final = 50
"""Submissions that the scheduler holds beyond those that workers have: a cluster that adapts to the
work sees by them that there is more."""
_LOOK_SECONDS: Final = 2.0
"""Between two looks at how many workers there are."""
_TICK_SECONDS: Final = 0.01
_MOST_REFUSALS: Final = 100
"""How often a submission may come to workers that are not ready, or be cancelled by others."""


@dataclass(frozen=True)
class _Errand:
    """A submission that is handed out, or to be handed out again."""

    submission: Submission
    refusals: int = 0
    accused: bool = False
    """Whether workers have died of it, or beside it."""
    sha256: str = ""
    size: int = 0
    """Bytes on their way."""


@contextmanager
def joined(
    address: str,
    marking: Marking,
    *,
    train: bool,
    tier: Tier | None,
    insecure: bool,
    tell: Callable[[str], None],
) -> Iterator[ClusterPool]:
    """A pool of a cluster's workers, who are waited for when there is something to do.

    Args:
        address: the scheduler's.
        marking: what to mark with.
        train: whether to run the training checks.
        tier: of the wall on each worker; None for the strongest that it can have.
        insecure: whether a wall will do that does not hold hostile code.
        tell: hears what a person should know while it waits.

    Raises:
        UnusableInput: nobody answers at the address, or the scheduler is not fit for the work.
    """
    token = secrets.token_hex(8)
    key = secrets.token_bytes(KEY_BYTES)
    delivery = Delivery(marking, train, tier, generous(marking.assignment.limits), key)
    with reached(address) as client:
        admission = Admission(client, token, delivery, tell, insecure=insecure)
        pool = ClusterPool(marking, client, token, key, admission, tell)
        try:
            admission.check_scheduler()
            yield pool
        finally:
            pool.leave()


@dataclass
class ClusterPool:
    """Workers of a cluster; a context manager that leaves nothing on them."""

    marking: Marking
    client: Client
    token: str
    key: bytes
    admission: Admission
    tell: Callable[[str], None]
    _done: Any = None
    """Futures that are finished, with what came of them."""
    _out: dict[Future, _Errand] = field(default_factory=dict)
    _again: list[_Errand] = field(default_factory=list)
    _accused: list[_Errand] = field(default_factory=list)
    _number: int = 0
    _threads: dict[str, int] = field(default_factory=dict)
    _looked: float = 0.0
    _left: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def assemble(self, todo: int) -> tuple[ClusterPool, str]:
        """Itself, once there are workers if there is something to do, and who they are.

        Raises:
            UnusableInput: a worker is not fit for the work.
            GraderFailure: a worker cannot run student code at all.
        """
        if not todo:
            return self, "nothing to mark"
        self.admission.await_workers()
        threads = self._look_now()
        jobs = count(sum(threads.values()), "job")
        workers = count(len(threads), "worker")
        return self, f"{jobs} on {workers}, wall: {wall_label(self.admission.weakest)}"

    def mark(self, submissions: Iterable[Submission]) -> Iterator[Entry]:
        """An entry for each submission, as they get done.

        Submissions are taken one by one and entries are not kept: memory does not grow with them.

        Raises:
            UnusableInput: a worker that has joined is not fit for the work.
            GraderFailure: the scheduler is gone.
        """
        from distributed import as_completed

        self._done = as_completed(with_results=True, raise_errors=False, loop=self.client.loop)
        # Each worker has the next one beside what it is at.
        yield from self._all(
            (_Errand(submission) for submission in submissions),
            lambda: sum(self._threads.values()) + len(self._threads) + _AHEAD,
        )
        accused, self._accused = self._accused, []
        yield from self._all(iter(accused), lambda: 1)

    def leave(self) -> None:
        """Call off what is being marked, and have the workers forget the batch."""
        if self._left:
            return
        self._left = True
        # A cluster that cannot be reached any more cleans up by itself.
        with contextlib.suppress(Exception):
            if self._out:
                self.client.cancel(list(self._out), force=True)
            self._out.clear()
            self.admission.dismiss()

    def kill(self) -> None:
        """Leave at once. Dask cancels the tasks of a client that is gone; see bench.py."""

    def _all(self, errands: Iterator[_Errand], window: Callable[[], int]) -> Iterator[Entry]:
        while True:
            yield from self._hand_out(errands, window)
            if not self._out:
                return
            yield from self._collect()

    def _hand_out(self, errands: Iterator[_Errand], window: Callable[[], int]) -> Iterator[Entry]:
        """Hand out as many as fit; entries of those that cannot be sent."""
        while not self._out or (len(self._out) < window() and self._bytes() < _MOST_BYTES):
            errand = self._again.pop() if self._again else next(errands, None)
            if errand is None:
                return
            try:
                self._submit(errand)
            except UnusableInput as error:
                yield Entry(errand.submission.name, None, shown(error))

    def _bytes(self) -> int:
        return sum(errand.size for errand in self._out.values())

    def _submit(self, errand: _Errand) -> None:
        limits = self.marking.assignment.limits
        parcel = take(errand.submission.path, limits)
        content = parcel_to_bytes(parcel, limits)
        self._number += 1
        # Names no student: Dask writes keys into logs.
        key = f"grade-{self.token}-{self._number}"
        try:
            future = self.client.submit(mark, self.token, content, key=key, pure=False)
        except Exception as error:
            raise self._lost() from error
        self._out[future] = replace(errand, sha256=parcel.sha256, size=len(content))
        self._done.add(future)

    def _collect(self) -> Iterator[Entry]:
        """The entries of the tasks that are done; waits until there is one."""
        while not self._done.has_ready():
            self._look()
            time.sleep(_TICK_SECONDS)
        unprepared: set[str] = set()
        while self._done.has_ready():
            future, outcome = next(self._done)
            errand = self._out.pop(future)
            if future.status == "finished":
                yield from self._read(errand, outcome, unprepared)
            elif future.status == "error":
                yield from self._judge(errand, outcome)
            else:
                self._stay_connected()
                yield from self._repeat(errand, "it was cancelled on the cluster again and again")
            future.release()
        if unprepared:
            self.admission.admit([worker for worker in self._look_now() if worker in unprepared])

    def _read(self, errand: _Errand, outcome: Any, unprepared: set[str]) -> Iterator[Entry]:
        worker = is_unprepared(outcome)
        if worker is not None:
            unprepared.add(worker)
            yield from self._repeat(errand, "no worker kept what it was given to mark with")
            return
        try:
            reply = Reply.from_bytes(outcome, self.key)
            reply.check(self.marking, errand.sha256)
        except BadReply as why:
            complaint = f"a worker's answer cannot be used: {why}"
            yield Entry(errand.submission.name, None, complaint, failed=True)
            return
        name = errand.submission.name
        trouble = None if reply.trouble is None else shown(reply.trouble)
        yield Entry(name, reply.result, trouble, reply.failed).named(name)

    def _judge(self, errand: _Errand, outcome: Any) -> Iterator[Entry]:
        """What to make of a task that Dask has given up."""
        from distributed import KilledWorker

        error = outcome[1] if isinstance(outcome, tuple) else outcome
        # A worker without goldgrad that has joined meanwhile would fail on all that is left.
        self.admission.admit([*self._look_now()])
        if not isinstance(error, KilledWorker):
            trouble = f"the cluster failed on it: {type(error).__name__}: {shown(error)}"
            yield from self._repeat(errand, trouble, _MOST_REFUSALS // 4)
        elif not errand.accused:
            self._accused.append(replace(errand, accused=True))
        else:
            trouble = "the grader's process died, on each worker that tried it"
            yield Entry(errand.submission.name, None, trouble, failed=True)

    def _repeat(self, errand: _Errand, complaint: str, weight: int = 1) -> Iterator[Entry]:
        if errand.refusals < _MOST_REFUSALS:
            self._again.append(replace(errand, refusals=errand.refusals + weight))
        else:
            yield Entry(errand.submission.name, None, complaint, failed=True)

    def _stay_connected(self) -> None:
        """Wait until Dask has the scheduler again, or has given it up.

        Raises:
            GraderFailure: it has given up.
        """
        while self.client.status == "connecting":
            time.sleep(_TICK_SECONDS)
        if self.client.status != "running":
            raise self._lost()

    def _lost(self) -> GraderFailure:
        return GraderFailure(
            "the scheduler is gone",
            hint="what is marked is kept; start the scheduler and its workers again, then the same"
            " command goes on from here",
        )

    def _look(self) -> None:
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._look_now()

    def _look_now(self) -> dict[str, int]:
        """The workers there are, each with the number of its threads."""
        self._looked = time.monotonic()
        if self.client.status != "running":  # the tasks will be cancelled, and that is dealt with
            return self._threads
        before, self._threads = self._threads, self.admission.threads()
        if before and not self._threads:
            self.tell(waiting_for_workers(self.client.scheduler.address))
        return self._threads
