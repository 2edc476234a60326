"""Reads the list of a course's students, from whatever CSV the course has of them.

Understood by their headers: Canvas's gradebook and groups, Moodle's grading worksheet, gradebook
and participants, Gradescope's roster and scores, and lists made by hand. The same files often say
when a student handed in; that is read along.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

from grader.batch.roster import Roster, Timing, squeezed
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
        groups[student.id.casefold()] |= {row.cells[c] for c in _GROUP if c in row.cells}
    if not students:
        raise UnusableInput(f"{table.name} lists no student")
    return Roster.of(
        table.name,
        tuple(students.values()),
        timings,
        {student.id: known[key] for key, student in students.items()},
        {student.id: groups[key] for key, student in students.items()},
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
    systems = tuple(_system_ids(row, table))
    return Student(
        id=shown(identity, 120),
        name=shown(_full_name(row), 200),
        email=shown(_first_of(row, _EMAIL), 200),
        section=shown(_first_of(row, _SECTION), 120),
        ids=systems or (("university", shown(identity, 120)),),
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
