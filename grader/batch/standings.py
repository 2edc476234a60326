"""Reads the students' standings from the store, one after another."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from grader.batch.adjustments import in_force
from grader.batch.gathered import file_name
from grader.batch.marks import Mark, Marks, read_marks
from grader.batch.rules import CourseRules
from grader.batch.schema import connect, unusable
from grader.batch.stored_result import restored
from grader.brief import Brief, Shape
from grader.result import NamedBug, Result
from grader.standing import NOT_HANDED_IN, Adjustment, Attempt, Row, Standing, Student


class _Counted(NamedTuple):
    """The attempt that counts, of one student."""

    mark: Mark | None
    """None of somebody who handed in nothing."""
    attempt: Attempt
    attempts: int
    penalty: float
    adjustments: tuple[Adjustment, ...]


class Due(NamedTuple):
    """Feedback to be written."""

    row: int
    """Of the attempt, in the store."""
    told: str
    """What it then says beyond the Result."""
    standing: Standing


_StandingT = TypeVar("_StandingT", Standing, Row)


def read_standings(
    file: Path, marking: int, rules: CourseRules, student: str | None = None
) -> Iterator[Standing]:
    """Each student's standing, by id; whoever has an attempt that is not done yet is left out.

    One Result at a time is in memory. A connection of its own sees one state throughout, whatever
    is written meanwhile.

    Args:
        file: the database.
        marking: the row in ``markings`` whose results count.
        rules: which attempt counts, and what lateness costs.
        student: an id; None for all.

    Raises:
        GraderFailure: the database is damaged.
    """
    return _read(file, marking, rules, _whole, student)


def read_rows(
    file: Path, marking: int, rules: CourseRules, student: str | None = None
) -> Iterator[Row]:
    """The same in brief, at a tenth of the cost; see ``read_standings``."""
    return _read(file, marking, rules, _in_brief, student)


def read_due(
    file: Path,
    marking: int,
    rules: CourseRules,
    is_there: Callable[[str], bool],
    student: str | None = None,
) -> Iterator[Due]:
    """The attempts whose feedback is not what it should be.

    It is when it was written for the present Result, says the lateness and the adjustments if the
    attempt is the one that counts, and nothing of them if it is not.

    Args:
        file: the database.
        marking: the row in ``markings`` whose results count.
        rules: which attempt counts, and what lateness costs.
        is_there: whether there is any feedback for a submission of this name.
        student: an id; None for all.

    Raises:
        GraderFailure: the database is damaged.
    """
    try:
        with closing(connect(file, create=False)) as connection:
            connection.execute("BEGIN")
            for marks in read_marks(connection, marking, student):
                if marks.done and marks.attempts:
                    yield from _due(connection, marks, rules, is_there)
    except sqlite3.Error as error:
        raise unusable(file, error) from error


def _due(
    connection: sqlite3.Connection,
    marks: Marks,
    rules: CourseRules,
    is_there: Callable[[str], bool],
) -> Iterator[Due]:
    counts = rules.counted(marks.attempts)
    for index, mark in enumerate(marks.attempts):
        penalty, made = 0.0, tuple[Adjustment, ...]()
        if index == counts:
            penalty, made = rules.penalty(mark), in_force(connection, marks.student.id)
        told = ""
        if penalty or made:
            told = json.dumps([penalty, [[each.points, each.reason] for each in made]])
        if mark.told == told and is_there(mark.attempt.name):
            continue
        counted = _Counted(mark, mark.attempt, len(marks.attempts), penalty, made)
        yield Due(mark.row, told, _whole(connection)(counted))


def _read(
    file: Path,
    marking: int,
    rules: CourseRules,
    reader: Callable[[sqlite3.Connection], Callable[[_Counted], _StandingT]],
    student: str | None = None,
) -> Iterator[_StandingT]:
    try:
        with closing(connect(file, create=False)) as connection:
            connection.execute("BEGIN")
            read = reader(connection)
            for marks in read_marks(connection, marking, student):
                if marks.done:
                    yield read(_counted(connection, marks, rules))
    except sqlite3.Error as error:
        raise unusable(file, error) from error


def _counted(connection: sqlite3.Connection, marks: Marks, rules: CourseRules) -> _Counted:
    made = in_force(connection, marks.student.id)
    if not marks.attempts:
        return _Counted(None, _nothing(marks.student), 0, 0.0, made)
    mark = marks.attempts[rules.counted(marks.attempts)]
    return _Counted(mark, mark.attempt, len(marks.attempts), rules.penalty(mark), made)


def _nothing(student: Student) -> Attempt:
    return Attempt(student, 0, file_name(student.id))


def _whole(connection: sqlite3.Connection) -> Callable[[_Counted], Standing]:
    def standing(counted: _Counted) -> Standing:
        return Standing(
            *(counted.attempt.student, counted.attempt, counted.attempts),
            _result(connection, counted.mark),
            *(_trouble(counted.mark), counted.mark is not None and counted.mark.failed),
            *(counted.penalty, counted.adjustments),
        )

    return standing


def _trouble(mark: Mark | None) -> str | None:
    return NOT_HANDED_IN if mark is None else mark.trouble


def _result(connection: sqlite3.Connection, mark: Mark | None) -> Result | None:
    if mark is None:
        return None
    select = "SELECT document FROM results WHERE id = ?"
    (document,) = connection.execute(select, [mark.result]).fetchone()
    return None if document is None else restored(document, mark.attempt)


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
        brief = None
        if counted.mark is not None:
            select = "SELECT brief, shape FROM results WHERE id = ?"
            text, shape = connection.execute(select, [counted.mark.result]).fetchone()
            if text is not None:
                brief = Brief.from_json(text, shapes[shape], bugs.__getitem__)
        return Row(
            *(counted.attempt.student, counted.attempt, counted.attempts, brief),
            *(_trouble(counted.mark), counted.mark is not None and counted.mark.failed),
            *(counted.penalty, counted.adjustments),
        )

    return standing
