"""grader/batch/run.py: what is marked, how often, and in which order it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from fixtures.stored_course import attempt, begin, result
from grader.assignment import Limits
from grader.batch.attempts import HandedIn
from grader.batch.pool import Entry
from grader.batch.run import Hashed, hashed, mark_all, still_to_do
from grader.batch.store import Store
from grader.batch.submissions import Submission


@dataclass
class Desk:
    """Marks everything with 50 points, by itself; notes what it was given, and whether it left."""

    given: list[str]
    until: int = 100
    """After so many it is interrupted."""
    left: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.left = True

    def mark(self, submissions: Iterable[Submission]) -> Iterator[Entry]:
        for number, submission in enumerate(submissions):
            if number == self.until:
                raise KeyboardInterrupt
            self.given.append(submission.name)
            yield Entry(submission.name, result(attempt(submission.name), 50))

    def kill(self) -> None:
        """Nobody to kill."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path, create=True) as opened:
        yield opened


def nothing(*_: object) -> None:
    """Hears and says nothing."""


def test_files_that_several_handed_in_are_marked_once(store: Store, tmp_path: Path) -> None:
    """Each member of a group has the Result, under the own name."""
    ours = [Hashed(attempt(name, content="s1"), tmp_path / "ours.zip") for name in ("s1", "s2")]
    alone = Hashed(attempt("s3"), tmp_path / "mine.zip")
    begin(store, [each.attempt for each in [*ours, alone]])
    desk, told = Desk([]), []
    assert mark_all(desk, store, [*ours, alone], nothing, lambda entry: told.append(entry.name))
    assert desk.given == ["s1", "s3"]
    assert told == ["s1", "s2", "s3"]
    names = {s.student.id: s.result and s.result.submission.name for s in store.course()}
    assert names == {"s1": "s1", "s2": "s2", "s3": "s3"}


def test_written_then_kept_then_told(store: Store, tmp_path: Path) -> None:
    """What is announced is in the store, and what is in the store has its feedback."""
    s1 = Hashed(attempt("s1"), tmp_path / "s1.zip")
    begin(store, [s1.attempt])
    seen: list[tuple[str, bool]] = []

    def note(what: str) -> Callable[..., None]:
        return lambda *_: seen.append((what, store.known(s1.attempt)))

    mark_all(Desk([]), store, [s1], note("written"), note("told"))
    assert seen == [("written", False), ("told", True)]


def test_an_interruption_keeps_what_is_done_and_ends_the_workers(
    store: Store, tmp_path: Path
) -> None:
    """The rest is left to do."""
    todo = [Hashed(attempt(name), tmp_path / name) for name in ("s1", "s2", "s3")]
    begin(store, [each.attempt for each in todo])
    desk = Desk([], until=2)
    assert not mark_all(desk, store, todo, nothing, nothing)
    assert desk.left
    assert still_to_do(store, todo) == todo[2:]


def test_a_hash_for_each_attempt_and_none_for_what_cannot_be_read(tmp_path: Path) -> None:
    """Equal files have equal hashes; a file that is gone is left for marking to say."""
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(b"the same")
    found = hashed(
        [
            HandedIn(replace(attempt(name), sha256=""), tmp_path / f"{name}.zip", remark=remark)
            for name, remark in (("a", "late by who knows"), ("b", ""), ("gone", ""))
        ],
        Limits(),
    )
    one, two, gone = (each.attempt for each in found)
    assert one.sha256 == two.sha256 != ""
    assert gone.sha256 == ""
    assert (one.remark, two.remark) == ("late by who knows", "")
