"""Everything that changes a score, each with its line in the audit trail.

A score is what an attempt has earned, and what counts of a student in the end. Both are kept as
they were last seen, beside the Results; where the next look finds something else, that is a change.
All of it happens within the transaction that causes it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.batch.adjustments import in_force, insert, take_back, total
from grader.batch.audit import Change, now, record
from grader.batch.marks import Marks, read_marks
from grader.batch.rules import CourseRules
from grader.result import Result
from grader.standing import Adjustment, Attempt, final_points

_AGAIN = "an earlier result of this submission counts again"
_COMPARED = {
    "assignment_sha256": "by changed rules of the assignment",
    "bundle_sha256": "with other cases",
    "visibility": "with other cases",
    "dataset_sha256": "on another dataset",
    "trained": "with the training checks, or without",
    "version": "by another version of goldgrad",
}


@dataclass(frozen=True)
class Scores:
    """The scores of one run."""

    connection: sqlite3.Connection
    marking: int
    """The row in ``markings`` whose results count."""
    rules: CourseRules
    who: str
    """Who had the submissions marked."""

    def mark(self, attempt: Attempt, result: Result) -> None:
        """An attempt was marked, and the Result is in the store."""
        old, old_sha256, old_marking = self._last(attempt)
        sha256 = result.submission.sha256
        self._keep(attempt, sha256, result.earned)
        final = self._settle(attempt.student.id)
        if old == result.earned and final[0] == final[1]:
            return
        why = "marked"
        if old is not None and old_sha256 != sha256:
            why = "the submission changed"
        elif old is not None:
            why = f"marked again{self._difference(old_marking)}"
        student, name = attempt.student.id, attempt.name
        line = Change(now(), self.who, student, name, "marked", why, old, result.earned, *final)
        record(self.connection, line)

    def no_mark(self, attempt: Attempt, trouble: str) -> None:
        """An attempt could not be marked; an earlier attempt's points may have counted so far."""
        self.connection.execute(
            # It says that nothing was marked; but an earlier Result may count still.
            "UPDATE attempts SET told = NULL WHERE student = ? AND number = ?",
            [attempt.student.id, attempt.number],
        )
        final = self._settle(attempt.student.id)
        if final[0] != final[1]:
            where = (attempt.student.id, attempt.name)
            line = Change(now(), self.who, *where, "not marked", trouble, None, None, *final)
            record(self.connection, line)

    def adjust(self, student: str, made: Adjustment) -> int:
        """Give or take points; returns the adjustment's number."""
        old = total(in_force(self.connection, student)) or 0.0
        number = insert(self.connection, student, made)
        new = total(in_force(self.connection, student)) or 0.0
        final = self._settle(student)
        who, why = made.author, made.reason
        record(
            self.connection,
            Change(made.made_at, who, student, "", "adjusted", why, old, new, *final),
        )
        return number

    def revoke(self, number: int, author: str, why: str) -> str:
        """Take an adjustment back; returns the student's id."""
        at = now()
        taken = take_back(self.connection, number, author, why, at)
        student, made = taken.student, taken.adjustment
        new = total(in_force(self.connection, student)) or 0.0
        final = self._settle(student)
        line = Change(*(at, author, student, "", "revoked", why, new + made.points, new), *final)
        record(self.connection, line)
        return student

    def settle_all(self, moved: Mapping[str, str], *, new_rule: bool) -> None:
        """Scores also change without marking, when a run finds another folder or other rules.

        Args:
            moved: of students whose lateness is another one, from what to what.
            new_rule: whether the rule for lateness and attempts is another one.
        """
        returned = self._returned()
        # Gathered before anything is written: a table that is read must not change meanwhile.
        changed = {}
        for marks in read_marks(self.connection, self.marking):
            new = self._final(marks) if marks.done else marks.final
            if new != marks.final or marks.student.id in returned:
                changed[marks.student.id] = (marks.final, new)
        for student, final in changed.items():
            self._keep_final(student, final[1])
            lines = returned.get(student, [])
            if lines:
                *lines, last = lines
                lines.append(replace(last, final_old=final[0], final_new=final[1]))
            else:
                base = Change(now(), self.who, student, "", "attempts", "other attempts are there")
                if student in moved:
                    base = replace(base, what="late", why=moved[student])
                elif new_rule:
                    base = replace(base, what="rule", why="the rule changed")
                lines = [replace(base, final_old=final[0], final_new=final[1])]
            for line in lines:
                record(self.connection, line)

    def _returned(self) -> dict[str, list[Change]]:
        """Attempts that now have another Result, which was in the store already."""
        found = self.connection.execute(
            "SELECT a.student, a.number, a.name, a.score, r.earned, r.sha256 FROM attempts a"
            " JOIN results r ON r.marking = ? AND r.student = a.student AND r.sha256 = a.sha256"
            " WHERE a.present AND r.document IS NOT NULL AND r.earned IS NOT a.score",
            [self.marking],
        ).fetchall()
        lines: dict[str, list[Change]] = defaultdict(list)
        for student, number, name, old, new, sha256 in found:
            self.connection.execute(
                "UPDATE attempts SET score = ?, score_sha256 = ?, score_marking = ?, told = NULL"
                " WHERE student = ? AND number = ?",
                [new, sha256, self.marking, student, number],
            )
            line = Change(now(), self.who, student, name, "marked", _AGAIN, old, new)
            lines[student].append(line)
        return lines

    def _last(self, attempt: Attempt) -> tuple[float | None, str | None, int | None]:
        """What the attempt had earned when it was last marked, of which hash, with what."""
        row: tuple[float | None, str | None, int | None] = self.connection.execute(
            "SELECT score, score_sha256, score_marking FROM attempts"
            " WHERE student = ? AND number = ?",
            [attempt.student.id, attempt.number],
        ).fetchone()
        return row

    def _keep(self, attempt: Attempt, sha256: str, earned: float) -> None:
        self.connection.execute(
            "UPDATE attempts SET sha256 = ?, score = ?, score_sha256 = ?, score_marking = ?,"
            " told = '' WHERE student = ? AND number = ?",
            [sha256, earned, sha256, self.marking, attempt.student.id, attempt.number],
        )

    def _keep_final(self, student: str, final: float | None) -> None:
        self.connection.execute("UPDATE students SET final = ? WHERE id = ?", [final, student])

    def _settle(self, student: str) -> tuple[float | None, float | None]:
        """What counted of a student, and what does now."""
        marks = next(read_marks(self.connection, self.marking, student), None)
        if marks is None:  # neither in the present folder nor on its roster
            return None, None
        new = self._final(marks) if marks.done else marks.final
        if new != marks.final:
            self._keep_final(student, new)
        return marks.final, new

    def _final(self, marks: Marks) -> float | None:
        adjusted = total(in_force(self.connection, marks.student.id))
        if not marks.attempts:
            return final_points(None, 0.0, adjusted)
        mark = marks.attempts[self.rules.counted(marks.attempts)]
        return final_points(mark.earned, self.rules.penalty(mark), adjusted)

    def _difference(self, before: int | None) -> str:
        """In what the marking differs from an earlier one: ", with other cases"."""
        if before is None or before == self.marking:
            return ""
        query = f"SELECT {', '.join(_COMPARED)} FROM markings WHERE id = ?"  # noqa: S608 - our own names
        rows = [
            self.connection.execute(query, [number]).fetchone() for number in (before, self.marking)
        ]
        words = [
            word for old, new, word in zip(*rows, _COMPARED.values(), strict=True) if old != new
        ]
        return "".join(f", {word}" for word in dict.fromkeys(words))
