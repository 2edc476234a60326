"""Writes into the audit trail when what an attempt has earned becomes something else."""

from __future__ import annotations

import sqlite3

from grader.batch.audit import Change, now, record
from grader.result import Result
from grader.standing import Attempt

_AGAIN = "an earlier result of this submission counts again"


def record_mark(connection: sqlite3.Connection, attempt: Attempt, result: Result, who: str) -> None:
    """The attempt was marked: keep its score, and a line in the trail if it is another one."""
    where = [attempt.student.id, attempt.number]
    old, old_sha256 = connection.execute(
        "SELECT score, score_sha256 FROM attempts WHERE student = ? AND number = ?", where
    ).fetchone()
    sha256 = result.submission.sha256
    connection.execute(
        "UPDATE attempts SET sha256 = ?, score = ?, score_sha256 = ?"
        " WHERE student = ? AND number = ?",
        [sha256, result.earned, sha256, *where],
    )
    if old == result.earned:
        return
    why = "marked again"
    if old is None:
        why = "marked"
    elif old_sha256 != sha256:
        why = "the submission changed"
    student, name = attempt.student.id, attempt.name
    record(connection, Change(now(), who, student, name, "marked", old, result.earned, why))


def record_returns(connection: sqlite3.Connection, marking: int, who: str) -> None:
    """Scores change without marking when a run goes back to earlier cases or uploads."""
    returned = connection.execute(
        "SELECT a.id, a.student, a.name, a.score, r.earned, r.sha256 FROM attempts a"
        " JOIN results r ON r.marking = ? AND r.student = a.student AND r.sha256 = a.sha256"
        " WHERE a.present AND r.document IS NOT NULL AND r.earned IS NOT a.score",
        [marking],
    ).fetchall()
    at = now()
    for number, student, name, old, new, sha256 in returned:
        connection.execute(
            "UPDATE attempts SET score = ?, score_sha256 = ? WHERE id = ?", [new, sha256, number]
        )
        record(connection, Change(at, who, student, name, "marked", old, new, _AGAIN))
