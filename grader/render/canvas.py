"""canvas.csv: marks as Canvas imports them (Grades > Import).

The format is what ``lib/gradebook_importer.rb`` of Canvas reads: the columns Student, ID, SIS User
ID, SIS Login ID and Section in this order, then one for each assignment, and a row of points
possible. A student is found by ID, else by one of the SIS columns, else by the name; what is not
found is asked about before anything is changed. The column is an assignment's by its title, or by
"title (number)" as Canvas itself writes it.

Whoever has no mark is left out: Canvas reads an empty cell as a mark that was taken away.
"""

from __future__ import annotations

import csv
from pathlib import Path

from grader.render.gradebook import cell
from grader.render.wording import points
from grader.standing import Course, Row, Student

_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write(course: Course, path: Path) -> None:
    """Write the import file: UTF-8 without a mark, a row for each student with a mark."""
    possible = sum(column.points for column in course.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*_COLUMNS, cell(course.title)])
        writer.writerow(["    Points Possible", *[""] * (len(_COLUMNS) - 1), points(possible)])
        writer.writerows(_row(row, row.final) for row in course.rows() if row.final is not None)


def _row(row: Row, final: float) -> list[str]:
    student = row.student
    return [
        cell(student.name or student.id),
        *(cell(known) for known in _ids(student)),
        cell(student.section),
        points(final),
    ]


def _ids(student: Student) -> tuple[str, str, str]:
    own = student.known_as("canvas"), student.known_as("sis"), student.known_as("login")
    if any(own):
        return own
    # Of a list of the course's own: the SIS id or the login. Never in Canvas's column, where the
    # same number may be another user. Of somebody who is on no list nothing is claimed.
    university = student.known_as("university")
    return "", university, university
