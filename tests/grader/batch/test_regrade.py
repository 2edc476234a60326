"""grader/batch/regrade.py: which results are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.stored_course import attempt, begin, result
from grader.batch.store import Store
from grader.errors import UnusableInput
from grader.result import Flag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("s1", "s2", "t1")
ATTEMPTS = [attempt(name) for name in NAMES]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three students: s2 has a flag, t1 lost its points in the first check."""
    with Store(tmp_path, create=True) as opened:
        begin(opened, ATTEMPTS)
        for each in ATTEMPTS:
            made = result(each, 50)
            first = made.parts[0].checks[0]
            lost = first.model_copy(
                update={"earned": 0.0 if each.student.id == "t1" else first.points}
            )
            part = made.parts[0].model_copy(update={"checks": [lost, *made.parts[0].checks[1:]]})
            flags = [Flag(kind="literal array", message="x")] if each.student.id == "s2" else []
            opened.add(
                each, made.model_copy(update={"parts": [part, *made.parts[1:]], "flags": flags})
            )
        yield opened


@pytest.mark.parametrize(
    ("words", "chosen"),
    [((), ()), (("all",), NAMES), (("flagged",), ("s2",)),
     (("lost:forward/scores",), ("t1",)), (("s*",), ("s1", "s2")), (("?1",), ("s1", "t1")),
     (("s1", "flagged"), ("s1", "s2")), (("name:s2",), ("s2",))],
)  # fmt: skip
def test_what_fits_is_due_again_and_counts_until_then(
    store: Store, words: tuple[str, ...], chosen: tuple[str, ...]
) -> None:
    """Words add up; whatever is due again keeps its mark until there is another."""
    todo = begin(store, ATTEMPTS, regrade=words)
    assert [each.student.id for each in todo] == list(chosen)
    assert [standing.final for standing in store.course()] == [50, 50, 50]
    tally = store.tally()
    assert (tally.done, tally.total) == (3 - len(chosen), 3)


def test_what_is_due_stays_due_after_a_kill(store: Store) -> None:
    """The next run without --regrade goes on with it."""
    begin(store, ATTEMPTS, regrade=["all"])
    store.add(ATTEMPTS[0], result(ATTEMPTS[0], 51))
    assert begin(store, ATTEMPTS) == ATTEMPTS[1:]


@pytest.mark.parametrize(
    ("word", "message"),
    [("nobody", "fits no submission"), ("x*", "fits no submission"),
     ("lost:nowhere", "no result has a check 'nowhere'")],
)  # fmt: skip
def test_a_word_that_fits_nothing_is_refused(store: Store, word: str, message: str) -> None:
    """A typing mistake is not taken for "nothing to do"; and the course stays as it was."""
    with pytest.raises(UnusableInput, match=message):
        begin(store, ATTEMPTS[:1], regrade=[word])
    assert len(list(store.course())) == 3


@pytest.mark.parametrize("word", ["flagged", "lost:forward/scores"])
def test_a_filter_that_is_right_may_find_nothing(tmp_path: Path, word: str) -> None:
    """Nobody is flagged, nobody lost points there: that is no mistake."""
    with Store(tmp_path, create=True) as store:
        begin(store, ATTEMPTS[:1])
        made = result(ATTEMPTS[0], 50)
        full = [
            part.model_copy(
                update={"checks": [c.model_copy(update={"earned": c.points}) for c in part.checks]}
            )
            for part in made.parts
        ]
        store.add(ATTEMPTS[0], made.model_copy(update={"parts": full}))
        assert begin(store, ATTEMPTS[:1], regrade=[word]) == []
