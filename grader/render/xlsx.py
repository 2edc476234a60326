"""gradebook.xlsx: the gradebook with numbers as numbers, and how the class did in each check.

Written cell by cell by openpyxl, so that a class of any size fits into memory. Text is never a
formula, whatever it begins with: its cells are marked as text, and as quoted, so that they stay
text when somebody edits them. Equal standings give equal bytes: the times in the file are fixed.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from grader.render.class_summary import CheckTally, ClassSummary
from grader.render.wording import wall_label
from grader.standing import Course, Row
from grader.untrusted import shown

Value = str | float | datetime | None

_LONGEST = 500
_EPOCH = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(r"(<dcterms:(\w+)[^>]*>)[^<]*(</dcterms:\2>)")
_POINTS, _COUNT, _SHARE, _TIME = "0.00", "0", "0 %", "yyyy-mm-dd hh:mm:ss"
_FORMATS = {"points": _POINTS, "count": _COUNT, "share": _SHARE, "time": _TIME}
_WIDTHS = {"text": 16, "long": 40, "points": 10, "count": 9, "share": 9, "time": 19}

_BEFORE = (
    *(("student", "text"), ("name", "long"), ("email", "long"), ("section", "text")),
    *(("submission", "text"), ("attempt", "count"), ("attempts", "count")),
    *(("submitted (UTC)", "time"), ("seconds late", "count")),
    *(("points", "points"), ("of", "points"), ("penalty", "points")),
    *(("adjustment", "points"), ("final", "points")),
)
_AFTER = (
    *(("flags", "long"), ("problem", "long"), ("adjusted because", "long"), ("wall", "text")),
    ("sha256", "text"),
)
_CHECKS = (
    *(("check", "text"), ("title", "long"), ("part", "long"), ("points", "points")),
    *(("students", "count"), ("all points", "count"), ("some", "count"), ("none", "count")),
    *(("not written", "count"), ("waiting", "count"), ("all points, share", "share")),
    ("mean points", "points"),
)


def write(course: Course, path: Path) -> None:
    """Write the workbook: the sheets Gradebook, a row a student, and Checks, a row a check."""
    book = Workbook(write_only=True)
    summary = ClassSummary()
    parts = [(column.id, "points") for column in course.columns]
    sheet = _Sheet(book, "Gradebook", [*_BEFORE, *parts, *_AFTER])
    for row in course.rows():
        summary.add(row)
        sheet.add(_gradebook_row(row, [name for name, _ in parts]))
    checks = _Sheet(book, "Checks", _CHECKS)
    for tally in summary.checks.values():
        checks.add(_check_row(tally))
    with _FixedZip(path, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def _gradebook_row(row: Row, parts: Iterable[str]) -> list[Value]:
    student, attempt, result = row.student, row.attempt, row.result
    handed_in = row.handed_in
    at = attempt.submitted_at
    earned = {} if result is None else result.earned_by_part
    # A person reads why there is no mark, and what is known of the time.
    trouble = row.trouble or (None if result is not None else "not marked")
    problem = (result.problem if result is not None else None) or trouble
    return [
        *(student.id, student.name, student.email, student.section),
        *((row.name, attempt.number, row.attempts) if handed_in else (None, None, 0)),
        None if at is None else at.replace(tzinfo=None),  # Excel knows no zones
        attempt.late_seconds or None,
        *(row.earned, row.points, row.penalty or None),
        *(row.adjusted if row.adjustments else None, row.final),
        *(earned.get(part) for part in parts),
        None if result is None else "; ".join(result.flags),
        "; ".join(filter(None, [problem, attempt.remark])),
        "; ".join(each.reason for each in row.adjustments),
        None if result is None else wall_label(result.wall),
        None if result is None else result.sha256,
    ]


def _check_row(tally: CheckTally) -> list[Value]:
    check = tally.check
    return [
        *(check.id, check.title, tally.part, check.points),
        *(tally.run, tally.full, tally.partly, tally.nothing, tally.unwritten, tally.waiting),
        *((tally.pass_rate, tally.earned / tally.run) if tally.run else (None, None)),
    ]


class _Sheet:
    """One sheet with a header that stays in sight."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[tuple[str, str]]) -> None:
        self._sheet: Any = book.create_sheet(title)
        self._kinds = [kind for _, kind in columns]
        # A cell is written when its row is: one for each column and style serves all rows.
        self._texts = [self._text("") for _ in columns]
        self._numbers = [self._number(kind) for kind in self._kinds]
        for number, kind in enumerate(self._kinds, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[kind]
        self._sheet.freeze_panes = "B2"
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
        self._sheet.append([self._heading(name) for name, _ in columns])

    def add(self, values: Sequence[Value]) -> None:
        """One row; None and "" leave a cell empty."""
        cells = zip(values, self._texts, self._numbers, strict=True)
        self._sheet.append([self._cell(*each) for each in cells])

    def _heading(self, name: str) -> Any:
        cell = self._text(name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def _cell(self, value: Value, text: Any, number: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return _filled(text, value)
        number.value = value
        return number

    def _text(self, text: str) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell.quotePrefix = True
        return _filled(cell, text)

    def _number(self, kind: str) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell.number_format = _FORMATS.get(kind, "General")
        return cell


def _filled(cell: Any, text: str) -> Any:
    cell.value = shown(text, _LONGEST)
    cell.data_type = "s"  # whatever openpyxl takes it for
    return cell


class _FixedZip(zipfile.ZipFile):
    """A zip whose bytes do not tell when it was written."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = str(getattr(zinfo_or_arcname, "filename", zinfo_or_arcname))
        if name == "docProps/core.xml":
            text = data.decode("utf-8") if isinstance(data, bytes) else data
            data = _MODIFIED.sub(r"\g<1>2000-01-01T00:00:00Z\g<3>", text)
        super().writestr(_entry(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: Any,
        arcname: Any = None,
        compress_type: int | None = None,  # noqa: ARG002 - as ZipFile's
        compresslevel: int | None = None,  # noqa: ARG002 - as ZipFile's
    ) -> None:
        entry = _entry(str(arcname or filename))
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
