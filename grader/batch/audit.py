"""The trail of every change of a score: who, when, from what to what, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

_COLUMNS = "at, who, student, attempt, what, old, new, final_old, final_new, why"
_CHANGES = f"SELECT {_COLUMNS} FROM changes {{}} ORDER BY id"  # noqa: S608 - the line above
_OF_ALL = _CHANGES.format("")
_OF_ONE = _CHANGES.format("WHERE student IN (?, '')")

What = Literal["marked", "not marked", "adjusted", "revoked", "late", "attempts", "rule"]
"""What was done: "late" and "attempts", that the folder now tells other times or attempts."""


@dataclass(frozen=True)
class Change:
    """One line of the trail."""

    at: datetime
    who: str
    student: str
    """"" where it concerns everybody: the rule for lateness and attempts."""
    attempt: str
    """The submission's name; "" where it concerns all attempts."""
    what: What
    why: str
    old: float | None = None
    """Of a mark: what the attempt had earned; of an adjustment: the sum of all before it."""
    new: float | None = None
    final_old: float | None = None
    """What counted of the student before; None for no mark."""
    final_new: float | None = None


def record(connection: sqlite3.Connection, change: Change) -> None:
    """Add a line to the trail; within the transaction that makes the change."""
    connection.execute(
        f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own column names
        [
            *(change.at.isoformat(timespec="seconds"), change.who, change.student),
            *(change.attempt, change.what, change.old, change.new),
            *(change.final_old, change.final_new, change.why),
        ],
    )


def now() -> datetime:
    """The time, as it is recorded."""
    return datetime.now(UTC).replace(microsecond=0)


def changes(connection: sqlite3.Connection, student: str | None = None) -> Iterator[Change]:
    """The trail in the order of time: all of it, or what concerns one student."""
    query, values = (_OF_ALL, []) if student is None else (_OF_ONE, [student])
    for at, who, owner, attempt, what, old, new, final_old, final_new, why in connection.execute(
        query, values
    ):
        yield Change(
            *(datetime.fromisoformat(at), who, owner, attempt, what, why),
            *(old, new, final_old, final_new),
        )
