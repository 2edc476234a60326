"""Points that people give and take: the table of them, revoked ones included."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from grader.errors import UnusableInput
from grader.score import rounded
from grader.standing import Adjustment

_ADJUSTMENTS = (
    "SELECT id, student, points, reason, author, made_at, revoked_by, revoked_why"
    " FROM adjustments {} ORDER BY id"
)
_OF_ALL, _OF_ONE = _ADJUSTMENTS.format(""), _ADJUSTMENTS.format("WHERE student = ?")


@dataclass(frozen=True)
class Numbered:
    """An adjustment with the number that it is revoked by."""

    number: int
    student: str
    adjustment: Adjustment
    revoked_by: str | None = None
    """Who took it back; None where it stands."""
    revoked_why: str | None = None


def adjustments(connection: sqlite3.Connection, student: str | None = None) -> Iterator[Numbered]:
    """All adjustments in the order in which they were made, also the revoked ones."""
    query, values = (_OF_ALL, []) if student is None else (_OF_ONE, [student])
    for number, owner, points, reason, author, made_at, *revoked in connection.execute(
        query, values
    ):
        made = Adjustment(points, reason, author, datetime.fromisoformat(made_at))
        yield Numbered(number, owner, made, *revoked)


def in_force(connection: sqlite3.Connection, student: str) -> tuple[Adjustment, ...]:
    """Those of one student that were not revoked."""
    found = adjustments(connection, student)
    return tuple(each.adjustment for each in found if each.revoked_by is None)


def total(made: tuple[Adjustment, ...]) -> float | None:
    """Their sum; None where there are none, which is not the same as 0."""
    return rounded(sum(each.points for each in made)) if made else None


def insert(connection: sqlite3.Connection, student: str, made: Adjustment) -> int:
    """Keep one; returns its number."""
    (number,) = connection.execute(
        "INSERT INTO adjustments (student, points, reason, author, made_at)"
        " VALUES (?, ?, ?, ?, ?) RETURNING id",
        [
            *(student, made.points, made.reason, made.author),
            made.made_at.isoformat(timespec="seconds"),
        ],
    ).fetchone()
    return int(number)


def take_back(
    connection: sqlite3.Connection, number: int, author: str, why: str, at: datetime
) -> Numbered:
    """Mark one as revoked; it stays on record.

    Raises:
        UnusableInput: there is none of this number, or it was revoked before.
    """
    found = [each for each in adjustments(connection) if each.number == number]
    if not found:
        raise UnusableInput(
            f"there is no adjustment {number}", hint="grade adjust RESULTS --list shows them"
        )
    if found[0].revoked_by is not None:
        raise UnusableInput(f"adjustment {number} was revoked already, by {found[0].revoked_by}")
    connection.execute(
        "UPDATE adjustments SET revoked_at = ?, revoked_by = ?, revoked_why = ? WHERE id = ?",
        [at.isoformat(timespec="seconds"), author, why, number],
    )
    return found[0]
