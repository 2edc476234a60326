"""grader/render/moodle.py: the file is read as Moodle's importer reads it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.exports import COURSE, moodle_worksheet
from grader.batch.roster_file import read_roster
from grader.render.moodle import write
from grader.standing import Adjustment, Student
from tests.grader.render.conftest import absent, course, make, standing

if TYPE_CHECKING:
    from grader.result import Result
    from grader.standing import Standing


def known(student: Student, result: Result | None) -> Standing:
    row = standing(student.id, result)
    return replace(row, student=student, attempt=replace(row.attempt, student=student))


def imported(file: Path) -> dict[int, tuple[float, str]]:
    """Grade and comment by the participant's number; what has none is passed over."""
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode())))
    assert all(row["Last modified (grade)"] == "-" for row in rows)
    return {
        int(row["Identifier"].removeprefix("Participant ")): (
            float(row["Grade"]),
            row["Feedback comments"],
        )
        for row in rows
        if row["Identifier"]
    }


def test_the_worksheet_goes_back_with_grades(tmp_path: Path, result: Result) -> None:
    """Moodle's own identifiers, in English like all else there; grade and comment beside them."""
    (tmp_path / "roster.csv").write_bytes(moodle_worksheet())
    students = read_roster(tmp_path / "roster.csv").students
    write(course(*(known(student, result) for student in students)), tmp_path / "moodle.csv")
    marks = imported(tmp_path / "moodle.csv")
    assert {number: grade for number, (grade, _) in marks.items()} == {
        person.moodle: 50 for person in COURSE
    }
    german = Student("17", ids=(("moodle", "Teilnehmer/in 17"),))
    write(course(known(german, result)), tmp_path / "moodle.csv")
    assert "\nParticipant 17," in (tmp_path / "moodle.csv").read_text(encoding="utf-8")


def test_a_comment_says_how_the_mark_came_about(tmp_path: Path, result: Result) -> None:
    """The parts, lateness and adjustments, as HTML that is only text."""
    made = Adjustment(2, "oral <exam> & more", "staff", datetime(2026, 11, 20, tzinfo=UTC))
    student = Student("17", ids=(("moodle", "Participant 17"),))
    row = replace(known(student, result), penalty=10.0, adjustments=(made,))
    write(course(row), tmp_path / "moodle.csv")
    grade, comment = imported(tmp_path / "moodle.csv")[17]
    assert grade == 42
    assert comment.split("<br>") == [
        *("42 / 80.5", "Forward: 15 / 15", "Backward: 10 / 20", "Training: 15 / 15"),
        *("Written report: 8 / 10", "Convolution, pooling: 12 / 20.5"),
        "deductions: −10",
        *("earned: 50", "handed in late: −10"),
        *("+2: oral &lt;exam&gt; &amp; more", "final: 42"),
    ]


def test_why_nothing_could_be_marked_is_told(tmp_path: Path) -> None:
    """A submission that cannot be opened earned nothing, and the student reads why."""
    row = known(
        Student("17", ids=(("moodle", "Participant 17"),)),
        make([], points=100, problem="the zip is cut off", flags=[]),
    )
    write(course(row), tmp_path / "moodle.csv")
    assert imported(tmp_path / "moodle.csv")[17] == (0.0, "0 / 100<br>the zip is cut off")


def test_no_mark_is_no_row(tmp_path: Path, result: Result) -> None:
    """An empty comment would wipe out one that somebody wrote in Moodle."""
    rows = [standing("s1", result), standing("s2", None, "the grader failed"), absent("s3")]
    write(course(*rows), tmp_path / "moodle.csv")
    text = (tmp_path / "moodle.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2


def test_without_moodles_number_the_address_is_left(tmp_path: Path, result: Result) -> None:
    """For the gradebook's import, which finds students by it; the worksheet passes the row over."""
    write(course(known(Student("s1", "Jane Doe", "j@x.edu"), result)), tmp_path / "moodle.csv")
    assert imported(tmp_path / "moodle.csv") == {}
    assert "\n,Jane Doe,j@x.edu,50," in (tmp_path / "moodle.csv").read_text(encoding="utf-8")
