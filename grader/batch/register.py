"""Who is in the course, and what was handed in: the students and attempts of the present folder."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from grader.errors import UnusableInput
from grader.standing import Attempt, Student


def register(
    connection: sqlite3.Connection, attempts: Iterable[Attempt], missing: Iterable[Student]
) -> dict[str, str]:
    """Make these the present folder; who and what is not among them is kept, but absent.

    Args:
        connection: within a transaction.
        attempts: all of the folder.
        missing: students on the roster who handed in nothing.

    Returns:
        Of students whose lateness is another than before: what it was and is.
    """
    connection.execute("UPDATE attempts SET present = 0 WHERE present")
    connection.execute("UPDATE students SET present = 0 WHERE present")
    moved: dict[str, str] = {}
    for student in missing:
        _put_student(connection, student)
    for attempt in attempts:
        _put_student(connection, attempt.student)
        before = connection.execute(
            "SELECT late_seconds FROM attempts WHERE student = ? AND number = ?",
            [attempt.student.id, attempt.number],
        ).fetchone()
        if before is not None and before[0] != attempt.late_seconds:
            lateness = f"{_duration(before[0])} -> {_duration(attempt.late_seconds)}"
            moved[attempt.student.id] = f"{attempt.name} counts as late: {lateness}"
        _put_attempt(connection, attempt)
    return moved


def find_student(connection: sqlite3.Connection, word: str) -> str:
    """The id of the student with this id, or with a submission or an address of this name.

    Raises:
        UnusableInput: nobody, or several.
    """
    found = connection.execute("SELECT id FROM students WHERE id = ?", [word]).fetchall()
    if not found:
        found = connection.execute(
            "SELECT student FROM attempts WHERE name = ? AND present"
            " UNION SELECT id FROM students WHERE email = ? AND email <> ''",
            [word, word],
        ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        raise UnusableInput(f"{word!r} names several students: {', '.join(i for (i,) in found)}")
    ids = [row[0] for row in connection.execute("SELECT id FROM students")]
    close = difflib.get_close_matches(word, ids, n=1)
    raise UnusableInput(
        f"there is no student {word!r} in these results",
        hint=f"did you mean {close[0]!r}?"
        if close
        else "gradebook.csv has everybody's id, name and submission",
    )


def _put_student(connection: sqlite3.Connection, student: Student) -> None:
    connection.execute(
        "INSERT INTO students (id, name, email, section, ids, present) VALUES (?, ?, ?, ?, ?, 1)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,"
        " section = excluded.section, ids = excluded.ids, present = 1",
        [*(student.id, student.name, student.email, student.section), json.dumps(student.ids)],
    )


def _put_attempt(connection: sqlite3.Connection, attempt: Attempt) -> None:
    at = attempt.submitted_at
    connection.execute(
        # Another submission under this number: its feedback is not what lies there.
        "INSERT INTO attempts (student, number, name, submitted_at, late_seconds, sha256, remark,"
        " present) VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (student, number) DO UPDATE"
        " SET told = CASE WHEN name = excluded.name AND sha256 = excluded.sha256 THEN told END,"
        " name = excluded.name, submitted_at = excluded.submitted_at,"
        " late_seconds = excluded.late_seconds, sha256 = excluded.sha256,"
        " remark = excluded.remark, present = 1",
        [
            *(attempt.student.id, attempt.number, attempt.name),
            None if at is None else at.isoformat(),
            *(attempt.late_seconds, attempt.sha256, attempt.remark),
        ],
    )


def _duration(seconds: int) -> str:
    return str(timedelta(seconds=seconds)) if seconds > 0 else "in time"
