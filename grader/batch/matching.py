"""Who on the roster an upload belongs to. What is not certain is said, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.batch.layouts import moodle
from grader.batch.layouts.upload import Person
from grader.batch.roster import Roster
from grader.standing import Student
from grader.untrusted import shown

_SHORTEST_INSIDE = 3
"""An id this short, as "3", stands inside many a file name by chance ("hw 3")."""
_LONGEST_RUN = 6
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Match:
    """One student, or why there is none."""

    student: Student | None
    by: Literal["id", "email", "name", "file name"] | None = None
    problem: str = ""
    """What a person should know; beside a student it is a doubt, not a refusal."""


def match_group(person: Person, roster: Roster) -> tuple[Student, ...]:
    """The members of the group that an export calls by its name; none where it is a student's.

    Of a group's submission the systems write the group's name, with the group's own id (Moodle) or
    a member's (Canvas).
    """
    return () if roster.by_name(person.name) else tuple(roster.by_group(person.name))


def match_person(person: Person, roster: Roster, columns: Sequence[str]) -> Match:
    """The student whom an export means.

    By the id in those of the roster's columns that hold this system's ids; where the roster has
    none of them or the id is not there, by email, then by name. The name is what the system wrote,
    not what the student called a file.

    Args:
        person: as the export calls them.
        roster: of the course.
        columns: in which the export's ids stand.
    """
    ways: tuple[tuple[Literal["id", "email", "name"], list[Student]], ...] = (
        ("id", roster.by_key(person.id, columns)),
        ("email", roster.by_key(person.email) if person.email else []),
        ("name", roster.by_name(person.name)),
    )
    for by, found in ways:
        if len(found) == 1:
            return _checked(person, found[0], by, roster, columns)
        if found:
            return Match(None, problem=f"{_called(person)}: {_any_of(found)}")
    return Match(None, problem=f"{_called(person)} is not on the roster")


def _checked(
    person: Person,
    student: Student,
    by: Literal["id", "email", "name"],
    roster: Roster,
    columns: Sequence[str],
) -> Match:
    if by != "id" or not person.name or not student.name or student in roster.by_name(person.name):
        return Match(student, by)
    theirs = f"{_called(person)}: on the roster that id is {shown(student.name, 80)}"
    if columns == moodle.COLUMNS:
        # Teams have ids of their own, which may be another participant's.
        return Match(None, problem=f"{theirs}, so it was not used")
    return Match(student, by, problem=f"{theirs}; they get the mark")


def match_file(stem: str, roster: Roster) -> Match:
    """The student whose id, login, email or full name a file's name is, or holds.

    Inside a name it counts only between characters that are neither letter nor digit: "s1042" is in
    "hw3_s1042-final" and not in "s10421".
    """
    exact = roster.by_key(stem)
    if len(exact) == 1:
        return Match(exact[0], "file name")
    by_key = _whole_runs(stem, roster)
    found = exact or list({each.id: each for each in by_key}.values())
    if len(found) == 1:
        return Match(found[0], "file name" if by_key[found[0]] else "name")
    if found:
        return Match(None, problem=f"{shown(stem, 80)}: {_any_of(found)}")
    return Match(None, problem=f"{shown(stem, 80)} names nobody on the roster")


def _whole_runs(stem: str, roster: Roster) -> dict[Student, bool]:
    """Everybody whose id or name stands there, and whether it is by an id.

    What stands inside a longer id or name does not count: "doe" in "j.doe" or in "Jane Doe".
    """
    found: dict[tuple[int, int], tuple[bool, list[Student]]] = {}
    for start, end in _runs(stem):
        run = stem[start:end]
        by_id, by_name = roster.by_key(run), _by_name(run, stem, roster)
        if by_id or by_name:
            found[start, end] = (bool(by_id), by_id or by_name)
    whole: dict[Student, bool] = {}
    for (start, end), (by_key, students) in found.items():
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in found):
            whole |= {student: by_key or whole.get(student, False) for student in students}
    return whole


def _by_name(run: str, stem: str, roster: Roster) -> list[Student]:
    found = roster.by_name(run)
    # One who has a single name shares it with many a file.
    return found if run == stem else [each for each in found if len(each.name.split()) > 1]


def _runs(stem: str) -> Iterator[tuple[int, int]]:
    """Where every run of neighbouring words is, with what is between them: "j", "j.doe", "doe"."""
    words = list(_WORD.finditer(stem))
    for first in range(len(words)):
        for last in range(first, min(len(words), first + _LONGEST_RUN)):
            start, end = words[first].start(), words[last].end()
            # A Chinese name may have two letters.
            if end - start >= (_SHORTEST_INSIDE if stem[start:end].isascii() else 2):
                yield start, end


def _called(person: Person) -> str:
    return shown(f"{person.name} ({person.id})" if person.name else person.id, 120)


def _any_of(found: Sequence[Student]) -> str:
    names = [f"{each.id} {each.name}".strip() for each in found[:3]]
    return f"could be {' or '.join(names)}" + (", or others" if len(found) > 3 else "")
