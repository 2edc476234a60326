"""Reads many submissions, several at a time, through the same intake as marking does.

Nothing of them is imported or executed. A submission that cannot be read is named and left out.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.assignment import Limits
from grader.errors import GoldgradError
from grader.intake import open_submission
from grader.similarity.work import Work, work_of
from grader.starting import undisturbed
from grader.untrusted import shown

_WORTH_A_PROCESS = 8


@dataclass(frozen=True)
class Handed:
    """What is to be read."""

    name: str
    authors: frozenset[str]
    path: Path


@dataclass(frozen=True)
class Unread:
    """A submission that could not be compared."""

    name: str
    reason: str


def read_works(
    handed: Sequence[Handed],
    limits: Limits,
    jobs: int,
    tell: Callable[[int], None] = lambda _: None,
) -> tuple[list[Work], list[Unread]]:
    """All that can be read, and the rest.

    Args:
        handed: the submissions.
        limits: of the assignment, for the size of uploads.
        jobs: processes; few submissions are read in this one.
        tell: told how many are done.
    """
    results: list[Work | Unread] = []
    if jobs == 1 or len(handed) < _WORTH_A_PROCESS:
        answers: Iterable[Work | Unread] = (read_work(each, limits) for each in handed)
    else:
        answers = _side_by_side(handed, limits, jobs)
    for answer in answers:
        results.append(answer)
        tell(len(results))
    works = [each for each in results if isinstance(each, Work)]
    unread = [each for each in results if isinstance(each, Unread)]
    return sorted(works, key=lambda w: w.name), sorted(unread, key=lambda u: u.name)


def read_work(handed: Handed, limits: Limits) -> Work | Unread:
    """One submission, or why it cannot be compared."""
    try:
        workspace = open_submission(handed.path, limits)
    except GoldgradError as error:
        return Unread(handed.name, shown(error))
    if not workspace.sources:
        return Unread(handed.name, "there is no Python in it")
    return work_of(handed.name, handed.authors, workspace.sources)


def _side_by_side(handed: Sequence[Handed], limits: Limits, jobs: int) -> Iterator[Work | Unread]:
    again = []
    with _pool(jobs) as pool:
        with undisturbed():
            futures = {pool.submit(read_work, each, limits): each for each in handed}
        for future in as_completed(futures):
            answer = _answer(future)
            if answer is None:
                again.append(futures[future])
            else:
                yield answer
    # One that ends its process takes those along that wait in the same pool.
    for each in again:
        with _pool(1) as pool:
            with undisturbed():
                alone = pool.submit(read_work, each, limits)
            answer = _answer(alone)
        yield answer or Unread(each.name, "reading it ended the grader's process")


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes, which end with what they are at: whoever interrupts does not wait for the rest."""
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _answer(future: Future[Work | Unread]) -> Work | Unread | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None
