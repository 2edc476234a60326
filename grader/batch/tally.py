"""How far the marking of the present folder has come."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

_PROGRESS = """
SELECT count(r.id), count(*) FROM attempts a LEFT JOIN results r ON r.marking = ?
AND r.student = a.student AND r.sha256 = a.sha256
AND (NOT r.stale OR r.document IS NULL OR r.trouble IS NOT NULL) WHERE a.present
"""
_FAILED = """
SELECT count(*) FROM attempts a JOIN results r ON r.marking = ? AND r.student = a.student
AND r.sha256 = a.sha256 WHERE a.present AND r.failed
"""
_ABSENT = "SELECT count(*) FROM attempts WHERE NOT present"
_MARKED_WITH = "SELECT visibility, trained OR dataset_sha256 = '' FROM markings WHERE id = ?"


@dataclass(frozen=True)
class Tally:
    """Numbers of attempts."""

    done: int
    """Of the present folder, those that are done."""
    total: int
    """All of the present folder."""
    failed: int
    """Of the present folder, those on which the grader itself failed."""
    absent: int
    """Of earlier runs, those that the present folder does not hold."""
    public: bool
    """Whether they are marked with the public cases."""
    trained: bool
    """Whether with the training checks, or there are none."""

    @property
    def provisos(self) -> list[str]:
        """Why the marks of the present folder may not be the final ones; empty when they may."""
        reasons = []
        if self.public:
            reasons.append("these marks were made with the public cases, which students have")
        if not self.trained:
            reasons.append("these marks were made without the training checks")
        if self.done < self.total:
            reasons.append(f"only {self.done} of {self.total} submissions are marked yet")
        return reasons


def read_tally(connection: sqlite3.Connection, marking: int | None) -> Tally:
    """The tally of what is marked with a row of ``markings``; None where there is none yet."""
    visibility, trained = connection.execute(_MARKED_WITH, [marking]).fetchone() or ("hidden", True)
    done, total = connection.execute(_PROGRESS, [marking]).fetchone()
    (failed,) = connection.execute(_FAILED, [marking]).fetchone()
    (absent,) = connection.execute(_ABSENT).fetchone()
    return Tally(done, total, failed, absent, visibility == "public", bool(trained))
