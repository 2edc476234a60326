"""grader/batch/claims.py: which attempt is which, in whatever order they are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grader.batch.claims import Claim, numbered
from grader.batch.layouts.upload import Person, Upload
from grader.batch.roster import Timing
from grader.standing import Student

START = datetime(2026, 11, 20, tzinfo=UTC)
LATE = Timing(submitted_at=START, due=START, late_seconds=60)


def claim(name: str, *, order: int = 0, at: datetime | None = None) -> Claim:
    upload = Upload((Person("s1"),), ((name, Path(name)),), (order, name), at)
    return Claim(Student("s1"), upload, LATE, "s1")


def names(claims: list[Claim]) -> list[str]:
    return [each.upload.files[0][0] for _, each in numbered(claims)[0]]


@given(st.lists(st.integers(0, 10**6), unique=True, min_size=1), st.randoms())
def test_by_time_however_they_are_found(seconds: list[int], chance: object) -> None:
    """The numbers run from 1 in the order of time, and nothing needs to be said."""
    claims = [claim(f"{n:07}", at=START + timedelta(seconds=n)) for n in seconds]
    chance.shuffle(claims)  # type: ignore[attr-defined]  # random.Random
    found, note = numbered(claims)
    assert [number for number, _ in found] == list(range(1, len(seconds) + 1))
    assert names(claims) == [f"{n:07}" for n in sorted(seconds)]
    assert note == ""


@given(st.permutations(["hw", "hw-2", "HW-3", "hw-10", "hw-10b", "hw-11"]))
def test_by_name_numbers_count_as_numbers(found: list[str]) -> None:
    """Without case; and a person is told that there was nothing better to go by."""
    assert names([claim(name) for name in found]) == [
        *("hw", "hw-2", "HW-3", "hw-10", "hw-10b", "hw-11"),
    ]
    assert "going by the names" in numbered([claim(name) for name in found])[1]


@given(st.permutations([3, 20, 100]))
def test_by_the_systems_own_numbers(found: list[int]) -> None:
    """Canvas numbers files as they come; the names do not matter then."""
    claims = [claim(f"z{200 - n}", order=n) for n in found]
    assert names(claims) == ["z197", "z180", "z100"]
    assert numbered(claims)[1] == ""


def test_equal_times_are_no_order() -> None:
    """Two uploads within one minute of a worksheet: the names decide, and that is said."""
    found, note = numbered([claim("b", at=START), claim("a", at=START)])
    assert [each.upload.files[0][0] for _, each in found] == ["a", "b"]
    assert "going by the names" in note


@given(st.integers(1, 6))
def test_what_a_list_says_is_said_of_the_last(number: int) -> None:
    """A course system lists one time a student, of the last attempt; an extension is for all."""
    found, _ = numbered([claim(str(n), at=START + timedelta(hours=n)) for n in range(number)])
    assert [each.timing for _, each in found] == [Timing(due=START)] * (number - 1) + [LATE]
