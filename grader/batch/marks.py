"""What the store has of each student's attempts, one student after another; no Results."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from grader.standing import Attempt, Student

_ROWS = """
SELECT s.id, s.name, s.email, s.section, s.ids, s.final, a.number, a.name, a.submitted_at,
       a.late_seconds, a.sha256, a.remark, a.id, a.told, r.id, r.earned, r.points, r.trouble,
       r.failed
FROM students s LEFT JOIN attempts a ON a.student = s.id AND a.present
LEFT JOIN results r ON r.marking = ? AND r.student = a.student AND r.sha256 = a.sha256
WHERE s.present {} ORDER BY s.id, a.number
"""
_ALL, _ONE = _ROWS.format(""), _ROWS.format("AND s.id = ?")


@dataclass(frozen=True)
class Mark:
    """An attempt and what it earned by itself; None where it could not be marked."""

    attempt: Attempt
    earned: float | None
    points: float | None
    row: int = 0
    """Of the attempt, in the store."""
    result: int | None = None
    """Of the Result, in the store; None where nothing was tried yet."""
    trouble: str | None = None
    failed: bool = False
    told: str | None = ""
    """What its feedback says beyond the Result, one text for equal words; None: to be written."""


@dataclass(frozen=True)
class Marks:
    """One student's."""

    student: Student
    final: float | None
    """What counted when it last changed, as the audit trail has it."""
    attempts: tuple[Mark, ...]
    """By number; none of somebody on the roster who handed in nothing."""

    @property
    def done(self) -> bool:
        """False while an attempt is still to be marked: it may be the one that counts."""
        return all(mark.result is not None for mark in self.attempts)


def read_marks(
    connection: sqlite3.Connection, marking: int, student: str | None = None
) -> Iterator[Marks]:
    """Of all students of the present folder and roster, by id; or of one of them.

    Args:
        connection: to the store.
        marking: the row in ``markings`` whose results count.
        student: an id; None for all.
    """
    query, values = (_ALL, [marking]) if student is None else (_ONE, [marking, student])
    rows = connection.execute(query, values)
    for _, own in groupby(rows, key=lambda row: row[0]):
        listed = list(own)
        key, name, email, section, ids, final = listed[0][:6]
        systems = tuple((system, known) for system, known in json.loads(ids))
        person = Student(key, name, email, section, systems)
        handed_in = (_mark(person, row[6:]) for row in listed if row[6] is not None)
        yield Marks(person, final, tuple(handed_in))


def _mark(student: Student, row: tuple[Any, ...]) -> Mark:
    number, name, at, late, sha256, remark, attempt, told, result, *marked, failed = row
    moment = None if at is None else datetime.fromisoformat(at)
    return Mark(
        Attempt(student, number, name, moment, late, sha256, remark),
        *(marked[0], marked[1], attempt, result, marked[2], bool(failed), told),
    )
