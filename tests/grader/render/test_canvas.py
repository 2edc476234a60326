"""grader/render/canvas.py: the file is read as Canvas's importer reads it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.exports import COURSE, canvas_gradebook
from grader.batch.roster_file import read_roster
from grader.render.canvas import write
from grader.standing import Student
from tests.grader.render.conftest import absent, course, standing

if TYPE_CHECKING:
    from grader.result import Result
    from grader.standing import Standing


def known(student: Student, result: Result | None) -> Standing:
    row = standing(student.id, result)
    return replace(row, student=student, attempt=replace(row.attempt, student=student))


def imported(file: Path) -> tuple[dict[int | str, str], str, str]:
    """What Canvas makes of it: marks by what finds the student, the column, the most points."""
    header, possible, *rows = csv.reader(io.StringIO(file.read_bytes().decode()))
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert header[2:5] == ["SIS User ID", "SIS Login ID", "Section"]
    assert "Points Possible" in possible[0]
    # Ruby's to_i: what does not begin with digits is no id.
    marks = {
        int(row[1]) if row[1].isdecimal() else row[2] or row[3] or row[0]: row[5] for row in rows
    }
    assert len(marks) == len(rows)
    return marks, header[5], possible[5]


def test_everybody_is_found_by_canvas_own_numbers(tmp_path: Path, result: Result) -> None:
    """With the gradebook that Canvas exported as roster, ids, sections and names go back to it."""
    (tmp_path / "roster.csv").write_bytes(canvas_gradebook())
    students = read_roster(tmp_path / "roster.csv").students
    write(course(*(known(student, result) for student in students)), tmp_path / "canvas.csv")
    marks, column, possible = imported(tmp_path / "canvas.csv")
    assert marks == {person.canvas: "50" for person in COURSE}
    assert (column, possible) == ("Homework 3", "80.5")
    text = (tmp_path / "canvas.csv").read_text(encoding="utf-8")
    assert '"García López, José",50102,s1043,s1043,Group A,50' in text
    assert not text.startswith("\ufeff")


def test_an_id_of_the_university_is_never_canvas_own(tmp_path: Path, result: Result) -> None:
    """The same number may be another user's in Canvas."""
    student = Student("50101", ids=(("university", "50101"),))
    write(course(known(student, result)), tmp_path / "canvas.csv")
    assert ",,50101,50101,," in (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def test_an_id_of_moodle_is_nobodys_in_canvas(tmp_path: Path, result: Result) -> None:
    """Canvas looks for the name, and asks."""
    student = Student("17", "Jane Doe", ids=(("moodle", "Participant 17"),))
    write(course(known(student, result)), tmp_path / "canvas.csv")
    assert "\nJane Doe,,,,," in (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def test_no_mark_is_no_row(tmp_path: Path, result: Result) -> None:
    """An empty cell would take away the mark that somebody entered; 0 would be a lie."""
    listed = [standing("s1", result), standing("s2", None, "the grader failed"), absent("s3")]
    write(course(*listed), tmp_path / "canvas.csv")
    assert list(imported(tmp_path / "canvas.csv")[0]) == ["s1"]
    assert "\ns1,,,,,50" in (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def test_what_counts_is_written(tmp_path: Path, result: Result) -> None:
    """Not what the submission earned: after lateness, with a point for decimals."""
    late = replace(standing("s1", result), penalty=10.25)
    write(course(late), tmp_path / "canvas.csv")
    assert imported(tmp_path / "canvas.csv")[0] == {"s1": "39.75"}


def test_a_name_is_no_formula(tmp_path: Path, result: Result) -> None:
    """For who opens the file in a spreadsheet program before importing it."""
    write(course(known(Student("s1", '=HYPERLINK("x")'), result)), tmp_path / "canvas.csv")
    assert "\n=" not in (tmp_path / "canvas.csv").read_text(encoding="utf-8")
