"""A Result in the store: a document, and beside it the rows that questions are asked of."""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import UTC, datetime

from grader.brief import brief_of
from grader.result import Result
from grader.standing import Attempt


def document(result: Result) -> bytes:
    """The Result as compressed JSON, exactly: NaN and infinities stay what they are."""
    return zlib.compress(json.dumps(result.model_dump(), ensure_ascii=False).encode())


def restored(data: bytes, attempt: Attempt) -> Result:
    """The Result of a document, under the name that the attempt has now."""
    result = Result.model_validate_json(zlib.decompress(data))
    if result.submission.name == attempt.name:
        return result
    info = result.submission.model_copy(update={"name": attempt.name})
    return result.model_copy(update={"submission": info})


def put_result(connection: sqlite3.Connection, marking: int, student: str, result: Result) -> None:
    """Insert a Result, or replace the one of the same submission; within a transaction."""
    brief = brief_of(result)
    row = {
        "marking": marking,
        "student": student,
        "sha256": result.submission.sha256,
        "earned": result.earned,
        "points": result.points,
        "problem": result.problem,
        "flags": len(result.flags),
        "wall": result.wall,
        "wall_seconds": result.timing.total,
        "cpu_seconds": result.timing.student_cpu,
        "versions": json.dumps(result.versions, sort_keys=True),
        "marked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trouble": None,
        "failed": 0,
        "stale": 0,
        "document": document(result),
        "brief": brief.to_json(),
        "shape": _shape(connection, brief.shape.to_json()),
    }
    names = list(row)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    (number,) = connection.execute(
        f"INSERT INTO results ({', '.join(names)})"  # noqa: S608 - our own column names
        f" VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT (marking, student, sha256) DO UPDATE SET {updates} RETURNING id",
        list(row.values()),
    ).fetchone()
    _put_checks(connection, number, result)


def _shape(connection: sqlite3.Connection, text: str) -> int:
    found = connection.execute("SELECT id FROM shapes WHERE document = ?", [text]).fetchone()
    if found is None:
        insert = "INSERT INTO shapes (document) VALUES (?) RETURNING id"
        found = connection.execute(insert, [text]).fetchone()
    return int(found[0])


def _put_checks(connection: sqlite3.Connection, number: int, result: Result) -> None:
    checks = [(part.id, check) for part in result.parts for check in part.checks]
    found = [(check.id, f.bug) for _, check in checks for f in check.findings if f.bug is not None]
    connection.execute("DELETE FROM checks WHERE result = ?", [number])
    connection.execute("DELETE FROM named_bugs WHERE result = ?", [number])
    connection.executemany(
        "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, position, part, check.id, check.status.value, check.points, check.earned)
            for position, (part, check) in enumerate(checks)
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO named_bugs VALUES (?, ?, ?)",
        [(number, bug.id, check) for check, bug in found],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO bugs VALUES (?, ?, ?)",
        [(bug.id, bug.message, bug.help) for _, bug in found],
    )
