"""The list of a course's students, from whatever CSV the course has of them.

Understood by their headers: Canvas's gradebook and groups, Moodle's grading worksheet, gradebook
and participants, Gradescope's roster and scores, and lists made by hand. The same files often say
when a student handed in; that is read along.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grader.batch.table import Row, Table, read_table
from grader.batch.timestamps import parse_span, parse_time
from grader.errors import UnusableInput
from grader.standing import Student
from grader.untrusted import shown

KEY_COLUMNS = (
    *("student id", "student number", "sid", "matrikelnummer", "matriculation number"),
    *("id", "canvas user id", "identifier", "id number", "idnumber", "org defined id"),
    *("user id", "sis user id", "sis id", "student", "login", "login id", "sis login id"),
    *("username", "user name", "net id", "netid", "uid", "email", "email address", "e mail"),
    *("e mail adresse", "mail"),
)
"""What a student may be known by; the first that a file has is the student's id."""
_EMAIL = ("email", "email address", "e mail", "e mail adresse", "mail")
_FULL_NAME = ("name", "full name", "student name", "sortable name", "vollständiger name", "student")
_FIRST = ("first name", "given name", "vorname")
_LAST = ("last name", "surname", "family name", "nachname")
_GROUP = ("group", "group name")
_SYSTEMS = {
    "canvas user id": "canvas",
    "sis user id": "sis",
    "sis login id": "login",
    "login id": "login",
    "identifier": "moodle",
}
"""Columns whose ids a system takes back with the marks (Student.ids)."""
_SECTION = ("section", "sections", "section name", "group", "group name")
_TIME = ("submitted at", "submission time", "last modified (submission)")
_LATENESS = ("lateness (h:m:s)", "seconds late")
_DUE = ("due date", "due at", "extended due date")
# Names that mean something else in many a list of students.
_TIME_ALSO = (*_TIME, "submitted", "created at", "timestamp", "time")
_LATENESS_ALSO = (*_LATENESS, "lateness", "late seconds", "late")
_DUE_ALSO = (*_DUE, "due", "deadline")
_STAFF = {"instructor", "ta", "reader", "observer"}
"""Of Gradescope's roster, which lists them beside the students."""
_NOT_YET = {"-", "n/a", "none"}


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
    columns: frozenset[str]
    students: tuple[Student, ...]
    timings: Mapping[str, Timing]
    """By the student's id."""
    _keys: Mapping[str, Mapping[str, frozenset[int]]] = field(repr=False)
    _names: Mapping[str, frozenset[int]] = field(repr=False)
    _groups: Mapping[str, frozenset[int]] = field(repr=False)
    _known: Mapping[str, set[tuple[str, str]]] = field(repr=False)

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


def read_times(path: Path, zone: tzinfo = UTC) -> Roster:
    """A CSV file that says when each student handed in, or how late; else as ``read_roster``.

    Raises:
        UnusableInput: as there, or no column has times.
    """
    table = read_table(path)
    if not any(c in table.columns for c in (*_TIME_ALSO, *_LATENESS_ALSO, *_DUE_ALSO)):
        raise UnusableInput(
            f"{table.name} has no column of times",
            hint="call it submitted at (or lateness, in seconds or H:MM:SS; or due)",
        )
    return _roster(table, zone, (_TIME_ALSO, _DUE_ALSO, _LATENESS_ALSO))


def read_roster(path: Path, zone: tzinfo = UTC) -> Roster:
    """The students of a CSV file, in its order.

    Args:
        path: of the file.
        zone: of times in it that say none.

    Raises:
        UnusableInput: it cannot be read, no column says who a student is, a line has a student
            without an id, or an id belongs to two.
    """
    return _roster(read_table(path), zone, (_TIME, _DUE, _LATENESS))


def _roster(table: Table, zone: tzinfo, timed: tuple[tuple[str, ...], ...]) -> Roster:
    keys = [column for column in _key_columns(table) if column in table.columns]
    if not keys:
        found = ", ".join(shown(column, 40) for column in table.columns[:12])
        raise UnusableInput(
            f"{table.name} has no column that says who a student is; its columns are: {found}",
            hint="call a column id, student id, SID, login or email",
        )
    students: dict[str, Student] = {}
    timings: dict[str, Timing] = {}
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    groups: dict[str, set[str]] = defaultdict(set)
    for row in _rows(table):
        student = _student(row, keys, table)
        earlier = students.get(student.id.casefold())
        if earlier is not None:
            student = _same(earlier, student, row, table)
        students[student.id.casefold()] = student
        timing = _timing(row, zone, table, timed)
        if timing != Timing():
            timings[student.id] = timing
        known[student.id.casefold()] |= {(c, _key(c, row.cells[c])) for c in keys if c in row.cells}
        groups[student.id.casefold()] |= {squeezed(row.cells[c]) for c in _GROUP if c in row.cells}
    if not students:
        raise UnusableInput(f"{table.name} lists no student")
    return Roster(
        name=table.name,
        columns=frozenset(keys),
        students=tuple(students.values()),
        timings=timings,
        _keys=_index(students, known),
        _names=_name_index(students.values()),
        _groups=_group_index(students, groups),
        _known={student.id: known[identity] for identity, student in students.items()},
    )


def _key_columns(table: Table) -> Iterator[str]:
    # Canvas and some others call the name "student"; alone it is what the student is known by.
    others = [c for c in KEY_COLUMNS if c in table.columns and c != "student"]
    yield from others or KEY_COLUMNS


def _is_canvas_gradebook(table: Table) -> bool:
    return {"student", "id", "section"} <= set(table.columns)


def _rows(table: Table) -> Iterator[Row]:
    canvas = _is_canvas_gradebook(table)
    for row in table.rows:
        name = row.cells.get("student", "")
        if row.cells.get("role", "").casefold() in _STAFF:
            continue
        # It has a line of maxima, lines of remarks, and a student for tests without the SIS id.
        test = name.casefold() == "student, test" and "sis user id" not in row.cells
        if canvas and (not name or test or "points possible" in name.casefold()):
            continue
        yield row


def _student(row: Row, keys: list[str], table: Table) -> Student:
    identity = next((_key(c, row.cells[c]) for c in keys if c in row.cells), "")
    if not identity:
        raise UnusableInput(
            f"{table.name}:{row.line}: a student without an id",
            hint=f"fill in one of the columns {', '.join(keys)}, or delete the line",
        )
    return Student(
        id=shown(identity, 120),
        name=shown(_full_name(row), 200),
        email=shown(_first_of(row, _EMAIL), 200),
        section=shown(_first_of(row, _SECTION), 120),
        ids=tuple(_system_ids(row, table)),
    )


def _system_ids(row: Row, table: Table) -> Iterator[tuple[str, str]]:
    if _is_canvas_gradebook(table) and "id" in row.cells:
        yield "canvas", shown(row.cells["id"], 120)
    for column, system in _SYSTEMS.items():
        if column in row.cells:
            yield system, shown(row.cells[column], 120)


def _key(column: str, value: str) -> str:
    if column == "identifier":  # Moodle's: "Participant 1234567", in the site's language
        found = re.fullmatch(r"\D*?(\d+)", value)
        return found[1] if found else value
    return value


def _full_name(row: Row) -> str:
    whole = _first_of(row, _FULL_NAME)
    parts = [_first_of(row, _FIRST), _first_of(row, _LAST)]
    return whole or " ".join(part for part in parts if part)


def _first_of(row: Row, columns: Iterable[str]) -> str:
    return next((row.cells[column] for column in columns if column in row.cells), "")


def _same(earlier: Student, student: Student, row: Row, table: Table) -> Student:
    """One who is listed twice, as in two sections; not two who share an id."""
    if squeezed(earlier.name) != squeezed(student.name) or earlier.email != student.email:
        raise UnusableInput(
            f"{table.name}:{row.line}: the id {student.id} belongs to another student already",
            hint=f"they are {earlier.name or 'nameless'} and {student.name or 'nameless'}",
        )
    if f", {student.section}, " in f", {earlier.section}, ":
        return earlier
    sections = [part for part in (earlier.section, student.section) if part]
    return replace(earlier, section=", ".join(sections))


def _timing(row: Row, zone: tzinfo, table: Table, timed: tuple[tuple[str, ...], ...]) -> Timing:
    submitted, due, late = (_first_of(row, columns) for columns in timed)
    try:
        return Timing(
            submitted_at=None if _absent(submitted) else parse_time(submitted, zone),
            due=None if _absent(due) else parse_time(due, zone),
            late_seconds=None if _absent(late) else parse_span(late),
        )
    except ValueError as error:
        raise UnusableInput(
            f"{table.name}:{row.line}: {shown(error, 200)}",
            hint="write times as 2026-11-20T23:59:00+01:00",
        ) from error


def _absent(text: str) -> bool:
    return not text or text.casefold() in _NOT_YET


def _index(
    students: Mapping[str, Student], known: Mapping[str, set[tuple[str, str]]]
) -> dict[str, dict[str, frozenset[int]]]:
    index: dict[str, dict[str, frozenset[int]]] = defaultdict(dict)
    for number, identity in enumerate(students):
        for column, value in known[identity]:
            plain = value.strip().casefold()
            index[column][plain] = index[column].get(plain, frozenset()) | {number}
    return index


def _group_index(
    students: Iterable[str], groups: Mapping[str, set[str]]
) -> dict[str, frozenset[int]]:
    index: dict[str, frozenset[int]] = {}
    for number, identity in enumerate(students):
        for name in groups[identity] - {""}:
            index[name] = index.get(name, frozenset()) | {number}
    return index


def _name_index(students: Iterable[Student]) -> dict[str, frozenset[int]]:
    index: dict[str, frozenset[int]] = {}
    for number, student in enumerate(students):
        words = re.split(r"[\s,]+", student.name.strip())
        turned = {squeezed("".join(words[at:] + words[:at])) for at in range(len(words))}
        for name in turned - {""}:
            index[name] = index.get(name, frozenset()) | {number}
    return index
