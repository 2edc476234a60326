"""Reads the students' standings from the store, one after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from grader.batch.audit import adjustments
from grader.batch.policy import Mark, Policy
from grader.batch.schema import connect, unusable
from grader.batch.stored_result import restored
from grader.standing import Attempt, Standing, Student

_ROWS = """
SELECT s.id, s.name, s.email, s.section, a.number, a.name, a.submitted_at, a.late_seconds, a.sha256,
       r.id, r.earned, r.points, r.trouble, r.failed
FROM attempts a JOIN students s ON s.id = a.student
LEFT JOIN results r ON r.marking = ? AND r.student = a.student AND r.sha256 = a.sha256
WHERE a.present ORDER BY a.student, a.number
"""


class _Row(NamedTuple):
    id: str
    full_name: str
    email: str
    section: str
    number: int
    name: str
    submitted_at: str | None
    late_seconds: int
    sha256: str
    result: int | None
    earned: float | None
    points: float | None
    trouble: str | None
    failed: int | None

    def mark(self) -> Mark:
        at = None if self.submitted_at is None else datetime.fromisoformat(self.submitted_at)
        student = Student(self.id, self.full_name, self.email, self.section)
        attempt = Attempt(student, self.number, self.name, at, self.late_seconds, self.sha256)
        return Mark(attempt, self.earned, self.points)


def read_standings(file: Path, marking: int, policy: Policy) -> Iterator[Standing]:
    """Each student's standing, by id; whoever has an attempt that is not done yet is left out.

    One Result at a time is in memory. A connection of its own sees one state throughout, whatever
    is written meanwhile.

    Args:
        file: the database.
        marking: the row in ``markings`` whose results count.
        policy: which attempt counts, and what lateness costs.

    Raises:
        GraderFailure: the database is damaged.
    """
    try:
        with closing(connect(file, create=False)) as connection:
            connection.execute("BEGIN")
            rows = map(_Row._make, connection.execute(_ROWS, [marking]))
            for _, own in groupby(rows, key=lambda row: row.id):
                standing = _standing(connection, list(own), policy)
                if standing is not None:
                    yield standing
    except sqlite3.Error as error:
        raise unusable(file, error) from error


def _standing(
    connection: sqlite3.Connection, rows: Sequence[_Row], policy: Policy
) -> Standing | None:
    if any(row.result is None for row in rows):
        # The attempt that is still to be marked may be the one that counts.
        return None
    marks = [row.mark() for row in rows]
    index = policy.counted(marks)
    row, mark = rows[index], marks[index]
    (document,) = connection.execute(
        "SELECT document FROM results WHERE id = ?", [row.result]
    ).fetchone()
    made = adjustments(connection, row.id)
    return Standing(
        student=mark.attempt.student,
        attempt=mark.attempt,
        attempts=len(rows),
        result=None if document is None else restored(document, mark.attempt),
        trouble=row.trouble,
        failed=bool(row.failed),
        penalty=0.0 if mark.earned is None else min(mark.earned, policy.penalty(mark)),
        adjustments=tuple(each.adjustment for each in made if each.revoked is None),
    )
