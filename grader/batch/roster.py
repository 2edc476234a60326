"""A course's students, and how to find one by whatever a file or a course system calls them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from grader.standing import Student


@dataclass(frozen=True)
class Timing:
    """What a file says of when somebody handed in."""

    submitted_at: datetime | None = None
    due: datetime | None = None
    """A deadline of the student's own."""
    late_seconds: int | None = None
    """As the course system counts it, with its extensions."""


@dataclass(frozen=True)
class Roster:
    """Students, and how to find one by what a file name or an export calls them."""

    name: str
    students: tuple[Student, ...]
    timings: Mapping[str, Timing]
    """By the student's id."""
    _known: Mapping[str, frozenset[tuple[str, str]]] = field(repr=False)
    _keys: Mapping[str, Mapping[str, frozenset[int]]] = field(repr=False)
    _names: Mapping[str, frozenset[int]] = field(repr=False)
    _groups: Mapping[str, frozenset[int]] = field(repr=False)

    @classmethod
    def of(
        cls,
        name: str,
        students: Sequence[Student],
        timings: Mapping[str, Timing],
        known: Mapping[str, Iterable[tuple[str, str]]],
        groups: Mapping[str, Iterable[str]],
    ) -> Self:
        """A roster that finds these students.

        Args:
            name: of the file, for messages.
            students: in its order, each once.
            timings: by the student's id, of those of whom something is known.
            known: by the student's id the columns with ids, and what stands there.
            groups: by the student's id, what the groups are called.
        """
        keys: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        names: dict[str, set[int]] = defaultdict(set)
        members: dict[str, set[int]] = defaultdict(set)
        for number, student in enumerate(students):
            for column, value in known.get(student.id, ()):
                keys[column][value.strip().casefold()].add(number)
            for turned in _turned(student.name):
                names[turned].add(number)
            for group in groups.get(student.id, ()):
                members[squeezed(group)].add(number)
        return cls(
            *(name, tuple(students), timings),
            {each.id: frozenset(known.get(each.id, ())) for each in students},
            {column: _frozen(values) for column, values in keys.items()},
            *(_frozen(names), _frozen(members)),
        )

    def by_key(self, key: str, columns: Sequence[str] | None = None) -> list[Student]:
        """All students that are called ``key`` in one of these columns, or in any, without case."""
        plain = key.strip().casefold()
        found: set[int] = set()
        for column, students in self._keys.items():
            if columns is None or column in columns:
                found |= students.get(plain, frozenset())
        return [self.students[index] for index in sorted(found)]

    def keys_of(self, student: Student) -> set[str]:
        """All that a student of this roster is known by, without case, and their address."""
        if student.id not in self._known:
            return set()
        return {value.casefold() for _, value in self._known[student.id]} | {student.email}

    def by_name(self, name: str) -> list[Student]:
        """All students of this name, whichever of its parts comes first; "" is nobody's."""
        found = self._names.get(squeezed(name), frozenset())
        return [self.students[index] for index in sorted(found)]

    def by_group(self, name: str) -> list[Student]:
        """The members of the group of this name; "" is no group's."""
        found = self._groups.get(squeezed(name), frozenset())
        return [self.students[index] for index in sorted(found)]


def squeezed(name: str) -> str:
    """A name's letters and digits alone: "Doe, Jané" and "doejane" are one."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in decomposed if char.isalnum())


def _turned(name: str) -> set[str]:
    """A name beginning with any of its words: "Jane Doe" and "Doe, Jane"; none for no name."""
    words = re.split(r"[\s,]+", name.strip())
    return {squeezed("".join(words[at:] + words[:at])) for at in range(len(words))} - {""}


def _frozen(index: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {key: frozenset(numbers) for key, numbers in index.items() if key}
