"""Reads the students' standings from the store, one after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeVar

from grader.batch.audit import adjustments
from grader.batch.policy import Mark, Policy
from grader.batch.schema import connect, unusable
from grader.batch.stored_result import restored
from grader.brief import Brief, Shape
from grader.result import NamedBug
from grader.standing import Adjustment, Attempt, Row, Standing, Student

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


class _Counted(NamedTuple):
    """The attempt that counts, of one student."""

    row: _Row
    attempt: Attempt
    attempts: int
    penalty: float
    adjustments: tuple[Adjustment, ...]


_StandingT = TypeVar("_StandingT", Standing, Row)


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
    return _read(file, marking, policy, _whole)


def read_rows(file: Path, marking: int, policy: Policy) -> Iterator[Row]:
    """The same in brief, at a tenth of the cost; see ``read_standings``."""
    return _read(file, marking, policy, _in_brief)


def _read(
    file: Path,
    marking: int,
    policy: Policy,
    reader: Callable[[sqlite3.Connection], Callable[[_Counted], _StandingT]],
) -> Iterator[_StandingT]:
    try:
        with closing(connect(file, create=False)) as connection:
            connection.execute("BEGIN")
            read = reader(connection)
            rows = map(_Row._make, connection.execute(_ROWS, [marking]))
            for _, own in groupby(rows, key=lambda row: row.id):
                counted = _counted(connection, list(own), policy)
                if counted is not None:
                    yield read(counted)
    except sqlite3.Error as error:
        raise unusable(file, error) from error


def _counted(
    connection: sqlite3.Connection, rows: Sequence[_Row], policy: Policy
) -> _Counted | None:
    if any(row.result is None for row in rows):
        # The attempt that is still to be marked may be the one that counts.
        return None
    marks = [row.mark() for row in rows]
    index = policy.counted(marks)
    row, mark = rows[index], marks[index]
    made = adjustments(connection, row.id)
    return _Counted(
        *(row, mark.attempt, len(rows)),
        penalty=0.0 if mark.earned is None else min(mark.earned, policy.penalty(mark)),
        adjustments=tuple(each.adjustment for each in made if each.revoked is None),
    )


def _whole(connection: sqlite3.Connection) -> Callable[[_Counted], Standing]:
    def standing(counted: _Counted) -> Standing:
        row, attempt = counted.row, counted.attempt
        select = "SELECT document FROM results WHERE id = ?"
        (document,) = connection.execute(select, [row.result]).fetchone()
        result = None if document is None else restored(document, attempt)
        return Standing(
            *(attempt.student, attempt, counted.attempts, result, row.trouble, bool(row.failed)),
            *(counted.penalty, counted.adjustments),
        )

    return standing


def _in_brief(connection: sqlite3.Connection) -> Callable[[_Counted], Row]:
    shapes = {
        number: Shape.from_json(document)
        for number, document in connection.execute("SELECT id, document FROM shapes")
    }
    bugs = {
        name: NamedBug(id=name, message=message, help=advice)
        for name, message, advice in connection.execute("SELECT id, message, help FROM bugs")
    }

    def standing(counted: _Counted) -> Row:
        row, attempt = counted.row, counted.attempt
        select = "SELECT brief, shape FROM results WHERE id = ?"
        text, shape = connection.execute(select, [row.result]).fetchone()
        brief = None if text is None else Brief.from_json(text, shapes[shape], bugs.__getitem__)
        return Row(
            *(attempt.student, attempt, counted.attempts, brief, row.trouble, bool(row.failed)),
            *(counted.penalty, counted.adjustments),
        )

    return standing
