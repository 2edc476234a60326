"""A batch as a table for spreadsheets: one row a student, one column a part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.render.wording import points, wall_label
from grader.standing import Course, Row
from grader.untrusted import shown

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_BEFORE = ("student", "name", "section", "submission", "attempt", "submitted", "late")
_SCORES = ("points", "of", "penalty", "adjustment", "final")
_AFTER = ("flags", "problem", "adjusted because", "wall", "sha256")


def write(course: Course, path: Path) -> None:
    """Write gradebook.csv.

    It begins with a byte-order mark, without which spreadsheet programs read names outside ASCII
    wrongly.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(csv_lines(course))


def csv_lines(course: Course) -> Iterator[str]:
    """The gradebook as CSV (RFC 4180), line by line.

    ``points`` is what the submission earned; ``final`` is what counts: points − penalty +
    adjustment. ``late`` is in seconds after the deadline.
    """
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    parts = [column.id for column in course.columns]
    for cells in (
        [[*_BEFORE, *_SCORES, *parts, *_AFTER]],
        (_row(each, parts) for each in course.rows()),
    ):
        for row in cells:
            writer.writerow(row)
            yield line.getvalue()
            line.seek(0)
            line.truncate()


def amended(old: Path, new: Path, course: Course, rows: Iterable[Row]) -> bool:
    """Write a gradebook as it was, with the rows of some students in the place of theirs.

    Args:
        old: what ``write`` or this wrote.
        new: where to write.
        course: whose gradebook it is.
        rows: the rows that have changed.

    Returns:
        Whether each of them had its place; else what was written is no gradebook.
    """
    parts = [column.id for column in course.columns]
    lines: dict[str, str] = {}
    line = io.StringIO()
    for number, row in enumerate(rows, 1):
        csv.writer(line, lineterminator="\r\n").writerow(_row(row, parts))
        lines[_whose(line.getvalue())] = line.getvalue()
        line.seek(0)
        line.truncate()
        if len(lines) < number:
            return False
    # A cell has no line breaks: a row is a line.
    with (
        old.open(encoding="utf-8-sig", newline="") as before,
        new.open("w", encoding="utf-8-sig", newline="") as after,
    ):
        after.write(before.readline())  # the columns' names; somebody may be called "student"
        after.writelines(lines.pop(_whose(each), each) for each in before)
    return not lines


def _whose(line: str) -> str:
    """The first cell."""
    return next(csv.reader([line]))[0] if line.startswith('"') else line.partition(",")[0]


def cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    line = shown(text, 500)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _row(row: Row, parts: list[str]) -> list[str]:
    student, attempt = row.student, row.attempt
    at = attempt.submitted_at
    before = [
        *(cell(student.id), cell(student.name), cell(student.section)),
        cell(row.name) if row.handed_in else "",
        f"{attempt.number} of {row.attempts}" if row.handed_in else "",
        "" if at is None else at.isoformat(timespec="seconds"),
        str(attempt.late_seconds) if attempt.late_seconds > 0 else "",
    ]
    scores = [
        *(_points(row.earned), _points(row.points)),
        points(row.penalty) if row.penalty else "",
        points(row.adjusted) if row.adjustments else "",
        _points(row.final),
    ]
    reasons = cell("; ".join(each.reason for each in row.adjustments))
    result = row.result
    if result is None:
        trouble = cell("; ".join(filter(None, [row.trouble or "not marked", attempt.remark])))
        return [*before, *scores, *("" for _ in parts), "", trouble, reasons, "", ""]
    earned = result.earned_by_part
    return [
        *before,
        *scores,
        *(_points(earned.get(part)) for part in parts),
        cell("; ".join(result.flags)),
        cell("; ".join(filter(None, [result.problem or row.trouble, attempt.remark]))),
        reasons,
        wall_label(result.wall),
        result.sha256,
    ]


def _points(value: float | None) -> str:
    return "" if value is None else points(value)
