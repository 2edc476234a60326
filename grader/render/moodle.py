"""moodle.csv: marks as Moodle imports them, as an assignment's worksheet or into the gradebook.

"Upload grading worksheet" (``mod/assign/feedback/offline/importgradeslib.php`` of Moodle) needs the
columns Identifier, Grade and Last modified (grade), and takes Feedback comments. It finds a student
by the number in "Participant 1234567" and passes over rows without. All these words are those of
the language that Moodle is shown in: here English. The same file serves Grades > Import > CSV,
mapped by the address.

Whoever has no mark is left out, so that no comment that stands in Moodle is wiped out.
"""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

from grader.render.feedback import how_counted
from grader.render.gradebook import cell
from grader.render.wording import fraction, points
from grader.standing import Course, Row

_COLUMNS = (
    *("Identifier", "Full name", "Email address", "Grade", "Maximum Grade"),
    *("Last modified (grade)", "Feedback comments"),
)


def write(course: Course, path: Path) -> None:
    """Write the worksheet: UTF-8 without a mark, a row for each student with a mark."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        possible = points(sum(column.points for column in course.columns))
        for row in course.rows():
            if row.final is not None:
                writer.writerow(
                    [
                        _identifier(row.student.known_as("moodle")),
                        cell(row.student.name),
                        cell(row.student.email),
                        *(points(row.final), possible),
                        "-",  # Moodle's own word for never
                        "<br>".join(html.escape(line) for line in _comment(row, row.final)),
                    ]
                )


def _identifier(known: str) -> str:
    number = re.search(r"\d+$", known)
    return f"Participant {number[0]}" if number else ""


def _comment(row: Row, final: float) -> list[str]:
    """What the student reads beside the mark; Moodle takes it as HTML."""
    if row.result is None:
        return [points(final), *how_counted(row)]
    parts = zip(row.result.shape.parts, row.result.parts, strict=True)
    why = [f"{part.title}: {fraction(earned, part.points)}" for part, earned in parts]
    deducted = sum(row.result.parts) - row.result.earned
    if deducted >= 0.005:
        why.append(f"deductions: −{points(deducted)}")
    if row.result.problem is not None:
        why = [row.result.problem]
    # A number first: no spreadsheet takes that for a formula.
    return [fraction(final, row.result.points), *why, *how_counted(row)]
