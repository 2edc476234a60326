"""grader/render/xlsx.py: the workbook is read back by openpyxl."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from fixtures.made_up_class import made_up_class
from grader.render.xlsx import write
from grader.standing import Adjustment, Attempt, Student
from tests.grader.render.conftest import absent, course, standing

if TYPE_CHECKING:
    from grader.result import Result
    from grader.standing import Standing


def book(folder: Path, *standings: Standing) -> Any:
    write(course(*standings), folder / "gradebook.xlsx")
    return load_workbook(folder / "gradebook.xlsx")


def rows(sheet: Any) -> list[dict[str, Any]]:
    header, *body = list(sheet.iter_rows(values_only=True))
    return [dict(zip(header, row, strict=True)) for row in body]


def test_numbers_are_numbers_and_times_are_times(tmp_path: Path, result: Result) -> None:
    """They can be added, sorted and compared without any conversion."""
    student = Student("s1", "José García", "j@x.edu", "A")
    at = datetime(2026, 11, 20, 22, 59, 5, tzinfo=UTC)
    made = Adjustment(2, "oral exam", "staff", at)
    row = replace(
        standing("s1", result),
        student=student,
        attempt=Attempt(student, 2, "s1-2", at, 3600, remark="looked at"),
        attempts=2,
        penalty=10.25,
        adjustments=(made,),
    )
    (told,) = rows(book(tmp_path, row)["Gradebook"])
    assert told["student"] == "s1"
    assert (told["name"], told["email"], told["section"]) == ("José García", "j@x.edu", "A")
    assert (told["submission"], told["attempt"], told["attempts"]) == ("s1-2", 2, 2)
    assert told["submitted (UTC)"] == datetime(2026, 11, 20, 22, 59, 5)  # noqa: DTZ001 (Excel's)
    assert told["seconds late"] == 3600
    assert (told["points"], told["of"], told["penalty"]) == (50, 80.5, 10.25)
    assert (told["adjustment"], told["final"]) == (2, 41.75)
    assert (told["forward"], told["layers"]) == (15, 12)
    assert told["adjusted because"] == "oral exam"
    assert told["problem"] == "looked at"
    assert told["sha256"] == "ab" * 32


def test_no_mark_is_an_empty_cell(tmp_path: Path, result: Result) -> None:
    """Not 0, which is a mark; the reason stands beside it."""
    failed = standing("s2", None, "the grader failed: out of disk")
    told = rows(book(tmp_path, standing("s1", result), failed, absent("s3"))["Gradebook"])
    assert [row["final"] for row in told] == [50, None, None]
    assert [row["attempts"] for row in told] == [1, 1, 0]
    assert told[1]["problem"] == "the grader failed: out of disk"
    assert told[2]["problem"]
    assert told[2]["submission"] is None


def test_the_header_stays_and_columns_can_be_read(tmp_path: Path, result: Result) -> None:
    """Frozen, filtered, wide enough; points with two decimals."""
    sheet = book(tmp_path, standing("s1", result))["Gradebook"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    header = [cell.value for cell in sheet[1]]
    assert all(cell.font.bold for cell in sheet[1])
    final = sheet.cell(2, header.index("final") + 1)
    assert final.number_format == "0.00"
    widths = [each.width for each in sheet.column_dimensions.values()]
    assert min(widths) >= 9


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-1", "#N/A", "=cmd|'/c calc'!A1"])
def test_text_is_never_a_formula(tmp_path: Path, result: Result, text: str) -> None:
    """It is a string for whoever reads the file, and stays one when somebody edits the cell."""
    row = standing("s1", result)
    row = replace(row, student=Student("s1", text))
    cell = book(tmp_path, row)["Gradebook"]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_no_control_character_spoils_the_file(tmp_path: Path, result: Result) -> None:
    """A spreadsheet program refuses a file with one of them in it."""
    row = replace(standing("s1", result), student=Student("s1", "a\x00\x0b\ud800\ufffe<&>b"))
    (told,) = rows(book(tmp_path, row)["Gradebook"])
    assert told["name"] == "a\N{REPLACEMENT CHARACTER}" + "\N{REPLACEMENT CHARACTER}" * 3 + "<&>b"


def test_the_checks_of_a_class(tmp_path: Path) -> None:
    """A row each, counted over all students; the counts add up to who was asked for it."""
    standings = list(made_up_class(40))
    sheet = rows(book(tmp_path, *standings)["Checks"])
    marked = next(each.result for each in standings if each.result is not None)
    assert [row["check"] for row in sheet] == [
        check.id for part in marked.parts for check in part.checks
    ]
    for row in sheet:
        parts = (row[name] for name in ("all points", "some", "none", "not written", "waiting"))
        assert sum(parts) == row["students"]
        assert 0 <= row["mean points"] <= row["points"]
        assert row["all points, share"] == pytest.approx(row["all points"] / row["students"])


def test_equal_standings_give_equal_bytes(tmp_path: Path, result: Result) -> None:
    """No time of writing is in the file, neither in the zip nor in the workbook's own words."""
    write(course(standing("s1", result)), tmp_path / "a.xlsx")
    write(course(standing("s1", result)), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        about = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[^<]*", about) == ["2000-01-01T00:00:00Z"] * 2
