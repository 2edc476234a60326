"""The store of a course's results: ``results.sqlite`` in the results folder.

What is added is committed before ``add`` returns. Nothing that was marked is ever deleted: a result
that does not belong to the present folder, cases or rules is kept beside those that do, and counts
again as soon as they come back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.batch import adjustments, audit, rendered
from grader.batch.key import Key
from grader.batch.register import find_student, register
from grader.batch.regrade import make_stale
from grader.batch.rules import CourseRules
from grader.batch.schema import FILE, connect, unusable
from grader.batch.scores import Scores
from grader.batch.settings import Settings
from grader.batch.standings import Due, read_due, read_rows, read_standings
from grader.batch.stored_result import put_result
from grader.batch.tally import Tally, read_tally
from grader.errors import UnusableInput
from grader.result import Result
from grader.standing import Adjustment, Attempt, Column, Course, Row, Standing, Student


class Store:
    """A results folder's database; a context manager.

    Args:
        folder: the results folder.
        create: whether to make the database where there is none.
        who: stands in the audit trail as who had the submissions marked.

    Raises:
        UnusableInput: there is no database, or it is not ours.
        GraderFailure: it is damaged, or the disk is full. Every method may raise this.
    """

    def __init__(self, folder: Path, *, create: bool = False, who: str = "grade batch") -> None:
        self.file = folder / FILE
        self._who = who
        self._connection = connect(self.file, create=create)
        self._settings = Settings(self._connection)
        self._marking = self._settings.marking

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it happens, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # Where the disk is full, SQLite has rolled back by itself already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise unusable(self.file, error) from error

    @property
    def has_begun(self) -> bool:
        """Whether a run ever began in it."""
        return self._marking is not None

    def is_marked_with(self, key: Key) -> bool:
        """Whether the results that count now were marked with this."""
        return self._marking is not None and self._settings.marking_of(key.digest) == self._marking

    def begin(  # noqa: PLR0913 - what a run is made of; the last four by name
        self,
        key: Key,
        title: str,
        columns: Sequence[Column],
        attempts: Sequence[Attempt],
        *,
        rules: CourseRules | None = None,
        missing: Iterable[Student] = (),
        regrade: Sequence[str] = (),
        when_others_count: Callable[[], None] = lambda: None,
    ) -> None:
        """Start a run: from now on these attempts are the course, and only what key names counts.

        Args:
            key: what is marked with.
            title: of the assignment.
            columns: the gradebook's.
            attempts: all of the folder, with their hashes.
            rules: for lateness and attempts; None for those of a course that states none.
            missing: students on the roster who handed in nothing.
            regrade: see grader/batch/regrade.py.
            when_others_count: called when other results will count than before, after everything
                that could refuse the run.

        Raises:
            UnusableInput: the folder holds another assignment's results, or ``regrade`` fits none.
        """
        before = self._marking
        try:
            with self.change() as connection:
                self._refuse_another(key)
                same = self.is_marked_with(key)
                self._marking = self._settings.use(key, title, columns)
                rendered.forget(self._settings)
                new_rule = self._settings.follow(rules or CourseRules(), self._who)
                moved = register(connection, attempts, missing)
                make_stale(connection, self._marking, regrade)
                self._scores().settle_all(moved, new_rule=new_rule)
                if not same:
                    when_others_count()
        except BaseException:
            self._marking = before
            raise

    def known(self, attempt: Attempt) -> bool:
        """Whether there is nothing left to do for it."""
        found = self._connection.execute(
            "SELECT 1 FROM results WHERE marking = ? AND student = ? AND sha256 = ?"
            " AND document IS NOT NULL AND NOT stale",
            [self._marking, attempt.student.id, attempt.sha256],
        ).fetchone()
        return found is not None and attempt.sha256 != ""

    def add(
        self,
        attempt: Attempt,
        result: Result | None,
        trouble: str | None = None,
        *,
        failed: bool = False,
    ) -> None:
        """Keep what came of an attempt; committed on return.

        A submission that was exchanged since it was hashed is kept under what was marked. Without
        a Result an earlier one stays what it was, and the attempt is tried again by the next run.
        """
        assert self._marking is not None  # noqa: S101 - for mypy: a run has begun
        with self.change() as connection:
            if result is None:
                connection.execute(
                    "INSERT INTO results (marking, student, sha256, trouble, failed, flags, stale,"
                    " marked_at) VALUES (?, ?, ?, ?, ?, 0, 1, ?) ON CONFLICT DO UPDATE"
                    " SET trouble = excluded.trouble, failed = excluded.failed, stale = 1",
                    [
                        *(self._marking, attempt.student.id, attempt.sha256),
                        *(trouble, failed, audit.now().isoformat()),
                    ],
                )
                self._scores().no_mark(attempt, trouble or "no reason is known")
                return
            put_result(connection, self._marking, attempt.student.id, result)
            self._scores().mark(attempt, result)

    def tally(self) -> Tally:
        """How far the present folder is marked."""
        return read_tally(self._connection, self._marking)

    def course(self, rules: CourseRules | None = None) -> Course:
        """What every output is made of; whoever is not done yet is left out.

        Args:
            rules: for lateness and attempts; None for those of the last run.

        Raises:
            UnusableInput: nothing was ever marked into it.
        """
        marking = self._marking
        if marking is None:
            raise UnusableInput(f"{self.file.parent} holds no results yet")
        assignment, title, columns = self._connection.execute(
            "SELECT assignment, title, columns FROM markings WHERE id = ?", [marking]
        ).fetchone()
        rule = rules or self._settings.rules
        return Course(
            assignment,
            title,
            tuple(Column(**column) for column in json.loads(columns)),
            lambda: read_standings(self.file, marking, rule),
            lambda: read_rows(self.file, marking, rule),
        )

    def standing(self, student: str) -> Standing | None:
        """Where one student stands, by id; None where the student is not done, or not there."""
        if self._marking is None:
            return None
        return next(read_standings(self.file, self._marking, self._settings.rules, student), None)

    def rows(self, students: Iterable[str]) -> Iterator[Row]:
        """The rows of a gradebook of some students, by id; none of whoever is in no gradebook."""
        marking = self._marking
        if marking is None:
            return iter(())
        rules = self._settings.rules
        return (row for each in students for row in read_rows(self.file, marking, rules, each))

    def number_of_students(self) -> int:
        """How many the present folder and its roster have."""
        (number,) = self._connection.execute(
            "SELECT count(*) FROM students WHERE present"
        ).fetchone()
        return int(number)

    def feedback_due(
        self, is_there: Callable[[str], bool], student: str | None = None
    ) -> Iterator[Due]:
        """The attempts whose feedback is not what it should be (grader/batch/standings.py)."""
        if self._marking is None:
            return iter(())
        return read_due(self.file, self._marking, self._settings.rules, is_there, student)

    def feedback_written(self, written: Iterable[tuple[int, str]]) -> None:
        """Keep what the feedback of attempts now says: a Due's ``row`` and ``told``."""
        with self.change() as connection:
            connection.executemany(
                "UPDATE attempts SET told = ? WHERE id = ?",
                ((told, row) for row, told in written),
            )

    def gradebook_written(self, gradebook: Path, change: int) -> None:
        """Keep that a gradebook says all up to a change, the ``last_change`` before it was read."""
        with self.change():
            rendered.note(self._settings, gradebook, change)

    def gradebook_behind(self, gradebook: Path) -> rendered.Behind | None:
        """What a gradebook does not say yet; None where that is not known."""
        return rendered.behind(self._settings, gradebook)

    def find_student(self, word: str) -> str:
        """The id of the student with this id, or with a submission or an address of this name.

        Raises:
            UnusableInput: nobody, or several.
        """
        return find_student(self._connection, word)

    def adjust(self, student: str, points: float, reason: str, author: str) -> int:
        """Give a student points, or take them; returns the adjustment's number."""
        made = Adjustment(points, reason, author, audit.now())
        with self.change():
            return self._scores().adjust(self.find_student(student), made)

    def revoke(self, number: int, author: str, why: str) -> str:
        """Take an adjustment back; returns the student's id."""
        with self.change():
            return self._scores().revoke(number, author, why)

    def adjustments(self, student: str | None = None) -> Iterator[adjustments.Numbered]:
        """All adjustments, also revoked ones; of one student, by id."""
        return adjustments.adjustments(self._connection, student)

    def last_change(self) -> int:
        """A number that grows with every line of the audit trail."""
        (number,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()
        return int(number)

    def changes(self, student: str | None = None) -> Iterator[audit.Change]:
        """The audit trail; what concerns one student, by id."""
        return audit.changes(self._connection, student)

    def _scores(self) -> Scores:
        if self._marking is None:
            raise UnusableInput(f"{self.file.parent} holds no results yet")
        return Scores(self._connection, self._marking, self._settings.rules, self._who)

    def _refuse_another(self, key: Key) -> None:
        other = self._settings.other_assignment(key)
        if other is not None:
            raise UnusableInput(
                f"{self.file.parent} holds the results of {other}, not of {key.assignment}",
                hint="give each assignment a results folder of its own: --out DIR",
            )
