"""Points that people give and take, and the trail of every change of a score."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.errors import UnusableInput
from grader.score import rounded
from grader.standing import Adjustment

_CHANGES = "SELECT at, who, student, attempt, what, old, new, why FROM changes {} ORDER BY id"
_ADJUSTMENTS = (
    "SELECT id, student, points, reason, author, made_at, revoked_by, revoked_why"
    " FROM adjustments {} ORDER BY id"
)
_ONE = "WHERE student = ?"


@dataclass(frozen=True)
class Change:
    """One line of the trail."""

    at: datetime
    who: str
    student: str
    """"" where it concerns everybody: the rule for lateness."""
    attempt: str
    """The submission's name; "" where it concerns all attempts."""
    what: str
    """"marked", "adjusted", "revoked" or "rule"."""
    old: float | None
    """Of a mark: what the attempt had earned; of an adjustment: the sum of all before it."""
    new: float | None
    why: str


@dataclass(frozen=True)
class Numbered:
    """An adjustment with the number that it is revoked by."""

    number: int
    student: str
    adjustment: Adjustment
    revoked: str | None = None
    """By whom and why, where it was."""


def record(connection: sqlite3.Connection, change: Change) -> None:
    """Add a line to the trail; within the transaction that makes the change."""
    connection.execute(
        "INSERT INTO changes (at, who, student, attempt, what, old, new, why)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(change.at.isoformat(timespec="seconds"), change.who, change.student),
            *(change.attempt, change.what, change.old, change.new, change.why),
        ],
    )


def now() -> datetime:
    """The time, as it is recorded."""
    return datetime.now(UTC).replace(microsecond=0)


def changes(connection: sqlite3.Connection, student: str | None = None) -> Iterator[Change]:
    """The trail in the order of time, of one student or of all."""
    where, values = ("WHERE student = ?", [student]) if student is not None else ("", [])
    rows = connection.execute(
        f"SELECT at, who, student, attempt, what, old, new, why FROM changes {where} ORDER BY id",  # noqa: S608 - one of two texts above
        values,
    )
    for at, *rest in rows:
        yield Change(datetime.fromisoformat(at), *rest)


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
        hint=f"did you mean {close[0]!r}?" if close else None,
    )


def adjust(connection: sqlite3.Connection, student: str, adjustment: Adjustment) -> int:
    """Give or take points; it outlives every regrade.

    Returns:
        The adjustment's number.
    """
    before = _sum(connection, student)
    (number,) = connection.execute(
        "INSERT INTO adjustments (student, points, reason, author, made_at)"
        " VALUES (?, ?, ?, ?, ?) RETURNING id",
        [
            *(student, adjustment.points, adjustment.reason, adjustment.author),
            adjustment.made_at.isoformat(timespec="seconds"),
        ],
    ).fetchone()
    after = _sum(connection, student)
    record(
        connection,
        Change(
            *(adjustment.made_at, adjustment.author, student, "", "adjusted", before, after),
            adjustment.reason,
        ),
    )
    return int(number)


def revoke(connection: sqlite3.Connection, number: int, author: str, why: str) -> str:
    """Take an adjustment back; it stays on record.

    Returns:
        The student's id.

    Raises:
        UnusableInput: there is none of this number, or it was revoked before.
    """
    found = connection.execute(
        "SELECT student, revoked_by FROM adjustments WHERE id = ?", [number]
    ).fetchone()
    if found is None:
        raise UnusableInput(
            f"there is no adjustment {number}", hint="grade adjust RESULTS --list shows them"
        )
    student, revoked_by = found
    if revoked_by is not None:
        raise UnusableInput(f"adjustment {number} was revoked already, by {revoked_by}")
    before, at = _sum(connection, student), now()
    connection.execute(
        "UPDATE adjustments SET revoked_at = ?, revoked_by = ?, revoked_why = ? WHERE id = ?",
        [at.isoformat(timespec="seconds"), author, why, number],
    )
    after = _sum(connection, student)
    record(connection, Change(at, author, student, "", "revoked", before, after, why))
    return str(student)


def adjustments(connection: sqlite3.Connection, student: str | None = None) -> Iterator[Numbered]:
    """All adjustments in the order in which they were made, also the revoked ones."""
    query = _ADJUSTMENTS.format(_ONE if student is not None else "")
    rows = connection.execute(query, [] if student is None else [student])
    for number, owner, points, reason, author, made_at, revoked_by, revoked_why in rows:
        made = Adjustment(points, reason, author, datetime.fromisoformat(made_at))
        revoked = None if revoked_by is None else f"by {revoked_by}: {revoked_why}"
        yield Numbered(number, owner, made, revoked)


def _sum(connection: sqlite3.Connection, student: str) -> float:
    valid = [each for each in adjustments(connection, student) if each.revoked is None]
    return rounded(sum(each.adjustment.points for each in valid))
