"""Which results to make anew: the words after `--regrade`, as a question to the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from grader.errors import UnusableInput

_FLAGGED = "r.flags > 0 OR r.problem IS NOT NULL"
_LOST = "EXISTS (SELECT 1 FROM checks c WHERE c.result = r.id AND c.id = ? AND c.earned < c.points)"
_NAMED = "a.name GLOB ? OR a.student GLOB ?"


def make_stale(connection: sqlite3.Connection, marking: int, words: Sequence[str]) -> int:
    """Mark results as due again; they are kept and count until they are replaced.

    Args:
        connection: within a transaction.
        marking: the results' row in ``markings``.
        words: "all"; "flagged" (something for a person to look at); "lost:CHECK" (points were
            lost there); else a student's or a submission's name, where * and ? stand for others
            ("name:all" for somebody who is called so).

    Returns:
        How many results.

    Raises:
        UnusableInput: a word fits no result.
    """
    found: set[int] = set()
    for word in words:
        condition, values = _condition(word)
        rows = connection.execute(
            "SELECT r.id FROM attempts a JOIN results r"  # noqa: S608 - one of our conditions
            " ON r.student = a.student AND r.sha256 = a.sha256"
            f" WHERE a.present AND r.marking = ? AND r.document IS NOT NULL AND ({condition})",
            [marking, *values],
        ).fetchall()
        if not rows and condition == _NAMED and not _is_present(connection, values):
            raise UnusableInput(
                f"--regrade {word!r} fits no submission of this folder",
                hint="all, flagged, lost:CHECK, or a name (with * and ?)",
            )
        if not rows and condition == _LOST and not _is_check(connection, values[0]):
            raise UnusableInput(f"--regrade {word!r}: no result has a check {values[0]!r}")
        found.update(number for (number,) in rows)
    connection.executemany("UPDATE results SET stale = 1 WHERE id = ?", [(n,) for n in found])
    return len(found)


def _condition(word: str) -> tuple[str, list[str]]:
    kind, colon, rest = word.partition(":")
    if word == "all":
        return "1", []
    if word == "flagged":
        return _FLAGGED, []
    if colon and kind == "lost":
        return _LOST, [rest]
    name = rest if colon and kind == "name" else word
    return _NAMED, [name, name]


def _is_present(connection: sqlite3.Connection, values: Sequence[str]) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM attempts a WHERE a.present AND ({_NAMED}) LIMIT 1",  # noqa: S608 - ours
        values,
    ).fetchone()
    return found is not None


def _is_check(connection: sqlite3.Connection, check: str) -> bool:
    found = connection.execute("SELECT 1 FROM checks WHERE id = ? LIMIT 1", [check]).fetchone()
    return found is not None
