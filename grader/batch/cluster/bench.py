"""The worker's side: what a Dask worker keeps for a batch, and what it is asked to run.

Everything is kept in memory, under the batch's token. Whatever is lost, because the worker was
started again or nobody asked for long, is asked for again by answering "unprepared".
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import platform
import threading
import time
from collections.abc import Sequence

import numpy as np

from grader import __version__
from grader.batch.cluster.messages import Delivery, Equipment, Readiness, Reply, unprepared
from grader.batch.marker import Answer, Marker
from grader.errors import GraderFailure, UnusableInput
from grader.intake.parcel_bytes import parcel_from_bytes
from grader.oracle import find_oracle
from grader.sandbox.policy import demand, pinned
from grader.untrusted import shown

LEASE_SECONDS = 900.0
"""A client that was killed says no goodbye: what it left is dropped when unused for so long."""


class Closed(Exception):
    """The bench is no more; nothing was marked."""


class Bench:
    """What one batch has on one worker: the marking, and a marker for each thread that asks."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._tier = delivery.tier or pinned()
        self._lock = threading.Lock()
        self._idle: list[Marker] = []
        self._busy: set[Marker] = set()
        self._used = time.monotonic()
        self._closed = threading.Event()

    def ready(self) -> Readiness:
        """Have a fork server, and say what it has proved about its wall.

        Raises:
            Closed: meanwhile.
        """
        marker = self._hire()
        try:
            wall = marker.start()
        except GraderFailure as failure:
            return Readiness(failure=shown(failure, 600))
        finally:
            self._return(marker)
        self._tier = wall.tier  # what further servers must have, too
        try:
            demand(wall, insecure=False)
        except UnusableInput as refusal:
            return Readiness(wall=wall.tier, refused=shown(refusal, 600))
        return Readiness(wall=wall.tier)

    @property
    def key(self) -> bytes:
        """What its replies are sealed with."""
        return self._delivery.key

    def mark(self, content: bytes) -> Answer:
        """The answer for one submission; it comes in the end, whatever holds the grader up.

        Args:
            content: of the parcel.

        Raises:
            Closed: before it began.
        """
        try:
            parcel = parcel_from_bytes(content)
        except ValueError as error:
            return Answer(None, f"the submission did not arrive whole: {shown(error)}", failed=True)
        marker = self._hire()
        answers: list[Answer] = []
        thread = threading.Thread(target=lambda: answers.append(marker.mark(parcel)), daemon=True)
        thread.start()
        thread.join(self._delivery.patience)
        if thread.is_alive() and not answers:
            marker.retire()
            with self._lock:
                self._busy.discard(marker)
            return Answer(None, "the grader did not come back and was stopped", failed=True)
        self._return(marker)
        return answers[0] if answers else Answer(None, "the grader's thread ended", failed=True)

    @property
    def closed(self) -> bool:
        """Whether it is of no use any more."""
        return self._closed.is_set()

    def close(self) -> None:
        """End all fork servers, and with them what is being marked."""
        with self._lock:
            self._closed.set()
            markers = [*self._idle, *self._busy]
            self._idle.clear()
        for marker in markers:
            marker.retire()

    def expire(self, seconds: float) -> None:
        """Wait until it is closed, or close it when it has had no work for so many seconds."""
        while not self._closed.wait(seconds / 10):
            with self._lock:
                if not self._busy and time.monotonic() - self._used > seconds:
                    self._closed.set()
        self.close()

    def _hire(self) -> Marker:
        with self._lock:
            if self._closed.is_set():
                raise Closed
            if not self._idle:
                delivery = self._delivery
                self._idle.append(Marker(delivery.marking, delivery.train, self._tier))
            marker = self._idle.pop()
            self._busy.add(marker)
        return marker

    def _return(self, marker: Marker) -> None:
        with self._lock:
            self._busy.discard(marker)
            self._used = time.monotonic()
            if not self._closed.is_set():
                self._idle.append(marker)


_benches: dict[str, Bench] = {}
"""Of each batch by its token; a Dask worker is one process, whatever the number of its threads."""


def equipment(frameworks: Sequence[str] = ()) -> str:
    """What is installed here, as the JSON of an Equipment."""
    oracle = find_oracle()
    return Equipment(
        goldgrad=__version__,
        solution="" if oracle is None else oracle.revision(),
        numpy=np.__version__,
        python=".".join(platform.python_version_tuple()[:2]),
        lacking=tuple(
            name for name in frameworks if importlib.util.find_spec(name.split(".")[0]) is None
        ),
    ).model_dump_json()


async def prepare(token: str, delivery: bytes) -> str:
    """Take what a batch marks with; the JSON of a Readiness. Its arguments are never in an error.

    Dask writes the arguments of what fails into the worker's log.
    """
    # Not on the worker's own thread: starting a fork server takes a second.
    return await asyncio.to_thread(_prepare, token, delivery)


def _prepare(token: str, content: bytes) -> str:
    try:
        bench = _benches.get(token)
        if bench is None or bench.closed:
            bench = Bench(Delivery.from_bytes(content))
            _benches[token] = bench
            threading.Thread(target=_keep, args=(token, bench), daemon=True).start()
        readiness = bench.ready()
    except Exception as error:  # noqa: BLE001 - see prepare
        readiness = Readiness(failure=f"{type(error).__name__}: {shown(error)}")
    return readiness.model_dump_json()


def mark(token: str, content: bytes) -> bytes | str:
    """Mark a parcel; a sealed Reply, or that nothing is here to mark with.

    Only the death of this process keeps an answer from coming.
    """
    bench = _benches.get(token)
    if bench is not None:
        with contextlib.suppress(Closed):
            return Reply.of(bench.mark(content)).to_bytes(bench.key)
    return unprepared(_own_address())


async def dismiss(token: str) -> None:
    """Forget a batch: end its fork servers, and what they are at."""
    bench = _benches.pop(token, None)
    if bench is not None:
        await asyncio.to_thread(bench.close)


def _keep(token: str, bench: Bench) -> None:
    bench.expire(LEASE_SECONDS)
    if _benches.get(token) is bench:
        del _benches[token]


def _own_address() -> str:
    try:
        from distributed import get_worker

        return str(get_worker().address)
    except (ImportError, ValueError):  # called by no worker
        return ""
