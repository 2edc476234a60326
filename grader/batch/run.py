"""One run of a batch: what the store has is skipped, what gets done is committed at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Protocol

from grader.assignment import Limits
from grader.batch.pool import Entry, Pool
from grader.batch.store import Store
from grader.batch.submissions import Submission
from grader.intake.identity import submission_sha256
from grader.standing import Attempt

_INTERRUPTED = 130


class HandedIn(Protocol):
    """An attempt, and where its files are."""

    @property
    def attempt(self) -> Attempt:
        """Whose, and which."""

    @property
    def path(self) -> Path:
        """A zip, a notebook or a folder."""


@dataclass(frozen=True)
class Hashed:
    """An attempt that carries the hash of its files."""

    attempt: Attempt
    path: Path


def hashed(handed_in: Iterable[HandedIn], limits: Limits) -> list[Hashed]:
    """The attempts with their hashes; "" for a file that cannot be read, as marking it will say."""
    known: dict[Path, str] = {}  # a group's files are everybody's
    found = []
    for each in handed_in:
        if each.path not in known:
            try:
                known[each.path] = submission_sha256(each.path, limits)
            except OSError:
                known[each.path] = ""
        found.append(Hashed(replace(each.attempt, sha256=known[each.path]), each.path))
    return found


def still_to_do(store: Store, handed_in: Iterable[Hashed]) -> list[Hashed]:
    """What the store has no Result of, or one that is to be made again."""
    return [each for each in handed_in if not store.known(each.attempt)]


def mark_all(
    pool: Pool,
    store: Store,
    todo: Sequence[Hashed],
    hear: Callable[[Attempt, Entry], None],
) -> bool:
    """Mark and keep; files that several students handed in together are marked once.

    Args:
        pool: not yet entered.
        store: a run has begun in it.
        todo: what to mark.
        hear: told each attempt when it is done, before it is committed: what it writes exists when
            the store says that the attempt is done.

    Returns:
        False when Ctrl-C or SIGTERM ended it early. What is finished is kept. A second Ctrl-C ends
        this process at once, and those that mark with it.
    """
    shared: dict[Path, list[Attempt]] = {}
    for each in todo:
        shared.setdefault(each.path, []).append(each.attempt)
    # A name is unique in the batch: by it an entry finds its way back.
    path_of = {attempts[0].name: path for path, attempts in shared.items()}
    with _interruptible(pool):
        try:
            with pool:
                work = (Submission(name, path) for name, path in path_of.items())
                for entry in pool.mark(work):
                    for attempt in shared[path_of[entry.name]]:
                        hear(attempt, entry)
                        store.add(attempt, entry.result, entry.trouble, failed=entry.failed)
        except KeyboardInterrupt:
            return False
    return True


@contextmanager
def _interruptible(pool: Pool) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM is a KeyboardInterrupt; the second does not wait."""
    asked = False

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            # Their students' processes notice that nobody is left above them.
            pool.kill()
            os._exit(_INTERRUPTED)
        asked = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
