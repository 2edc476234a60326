"""One run of a batch: what the store has is skipped, what gets done is committed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from grader.assignment import Limits
from grader.batch.pool import Entry
from grader.batch.store import Store
from grader.batch.submissions import Submission
from grader.intake.identity import submission_sha256
from grader.standing import Attempt


class HandedIn(Protocol):
    """An attempt, and where its files are."""

    @property
    def attempt(self) -> Attempt:
        """Whose, and which."""

    @property
    def path(self) -> Path:
        """A zip, a notebook or a folder."""

    @property
    def remark(self) -> str:
        """What its row in a gradebook should say."""


class Workers(Protocol):
    """Who marks: a context manager that leaves nobody behind."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is not finished."""

    def mark(self, submissions: Iterable[Submission]) -> Iterator[Entry]:
        """An entry for each submission, as they get done."""

    def kill(self) -> None:
        """End at once, from within a signal handler."""


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
        attempt = replace(each.attempt, sha256=known[each.path], remark=each.remark)
        found.append(Hashed(attempt, each.path))
    return found


def still_to_do(store: Store, handed_in: Iterable[Hashed]) -> list[Hashed]:
    """What the store has no Result of, or one that is to be made again."""
    return [each for each in handed_in if not store.known(each.attempt)]


def mark_all(
    workers: Workers,
    store: Store,
    todo: Sequence[Hashed],
    write: Callable[[Attempt, Entry], None],
    tell: Callable[[Entry], None],
) -> bool:
    """Mark and keep; files that several students handed in together are marked once.

    Args:
        workers: not yet entered.
        store: a run has begun in it.
        todo: what to mark.
        write: called with each attempt before it is committed: what it writes exists when the
            store says that the attempt is done.
        tell: called with each entry that is kept, under its attempt's name.

    Returns:
        False when a KeyboardInterrupt ended it early. What is finished is kept.
    """
    shared: dict[Path, list[Attempt]] = {}
    for each in todo:
        shared.setdefault(each.path, []).append(each.attempt)
    # A name is unique in the batch: by it an entry finds its way back.
    path_of = {attempts[0].name: path for path, attempts in shared.items()}
    try:
        with workers:
            work = (Submission(name, path) for name, path in path_of.items())
            for entry in workers.mark(work):
                for attempt in shared[path_of[entry.name]]:
                    own = entry.named(attempt.name)
                    write(attempt, own)
                    store.add(attempt, own.result, own.trouble, failed=own.failed)
                    tell(own)
    except KeyboardInterrupt:
        return False
    return True
