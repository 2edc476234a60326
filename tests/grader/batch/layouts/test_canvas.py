"""grader/batch/layouts/canvas.py: what Canvas calls files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.layouts.canvas import is_canvas, read_canvas
from grader.batch.layouts.upload import Person

Make = Callable[..., list[Path]]


@pytest.mark.parametrize(
    ("name", "user", "called", "own", "late"),
    [
        ("doejane_501_9001_hw3.zip", "501", "doejane", "hw3.zip", False),
        ("doejane_LATE_501_9001_hw3.zip", "501", "doejane", "hw3.zip", True),
        ("doejane_501_9001_my_hw_3_7.zip", "501", "doejane", "my_hw_3_7.zip", False),
        ("doe_jane_501_9001_12_34_5.zip", "501", "doe_jane", "12_34_5.zip", False),
        ("李小龍_501_9001_作業.zip", "501", "李小龍", "作業.zip", False),
        ("late_501_9001_hw3.zip", "501", "late", "hw3.zip", False),
        ("_501_9001_hw3.zip", "501", "", "hw3.zip", False),
        ("doejane_501_text.html", "501", "doejane", "text.html", False),
        ("doejane_LATE_501_link.html", "501", "doejane", "link.html", True),
        ("anon_a1B2c_9001_hw3.zip", "anon_a1B2c", "", "hw3.zip", False),
        ("LATE_anon_a1B2c_9001_hw3.zip", "anon_a1B2c", "", "hw3.zip", True),
        ("anon_50101_9001_hw3.zip", "anon_50101", "", "hw3.zip", False),
    ],
)
def test_every_part_of_a_name(
    laid_out: Make, name: str, user: str, called: str, own: str, late: bool
) -> None:
    """Name, lateness, user and the file's own name, with underscores and digits anywhere."""
    (upload,) = read_canvas(laid_out(name)).uploads
    assert upload.people[0].id == user
    assert upload.people[0].name == called
    assert [file for file, _ in upload.files] == [own]
    assert upload.late is late


def test_only_a_users_number_goes_back_to_canvas(laid_out: Make) -> None:
    """An anonymous id of digits is nobody's number."""
    people = {
        upload.people[0].id: upload.people[0].ids
        for upload in read_canvas(laid_out("a_501_1_x.zip", "anon_502_2_x.zip")).uploads
    }
    assert people == {"501": (("canvas", "501"),), "anon_502": ()}


def test_several_files_are_one_submission(laid_out: Make, files_of: Callable[..., object]) -> None:
    """Code and report, uploaded side by side, have one user and two file numbers."""
    entries = laid_out("doejane_501_9001_hw3.zip", "doejane_501_9002_report.pdf")
    uploads = read_canvas(entries).uploads
    assert len(uploads) == 1
    assert files_of(uploads) == {"501": ["hw3.zip", "report.pdf"]}


def test_the_same_file_again_is_another_attempt(laid_out: Make) -> None:
    """Canvas counts them; the first has no number, and the order is that of the numbers."""
    entries = laid_out(
        "doejane_501_9010_hw3-10.zip", "doejane_501_9001_hw3.zip", "doejane_501_9002_hw3-2.zip"
    )
    uploads = read_canvas(entries).uploads
    assert [upload.files[0][0] for upload in sorted(uploads, key=lambda each: each.order)] == [
        *("hw3.zip", "hw3-2.zip", "hw3-10.zip"),
    ]


def test_a_report_belongs_to_every_version_of_the_code(laid_out: Make) -> None:
    """Whichever attempt counts, nobody loses the marks of what was uploaded once."""
    uploads = read_canvas(
        laid_out(
            *("a_501_1_hw3.zip", "a_501_4_hw3-1.zip", "a_501_9_hw3-2.zip", "a_501_2_report.pdf"),
            *("a_501_3_notes.txt", "a_501_5_notes-1.txt"),
        )
    ).uploads
    assert [sorted(name for name, _ in each.files) for each in uploads] == [
        ["hw3.zip", "notes.txt", "report.pdf"],
        ["hw3-1.zip", "notes-1.txt", "report.pdf"],
        ["hw3-2.zip", "notes-1.txt", "report.pdf"],
    ]
    assert [each.order[0] for each in uploads] == [3, 5, 9]


def test_a_number_that_the_student_chose_is_no_attempt(laid_out: Make) -> None:
    """hw-3.zip beside report-1.pdf is one submission of two files."""
    uploads = read_canvas(laid_out("a_501_1_hw-3.zip", "a_501_2_report-1.pdf")).uploads
    assert [len(upload.files) for upload in uploads] == [2]


@pytest.mark.parametrize(
    "names",
    [
        ("smith_2026_11_hw.zip", "jones_2026_11_hw.zip"),
        ("s1.zip", "s2.zip", "s3.zip", "s4.zip", "doejane_501_9001_hw3.zip"),
        ("hw_3_1_smith.zip", "ab_3_1_jones.zip"),
        (),
    ],
)
def test_other_folders_are_not_canvas(laid_out: Make, names: tuple[str, ...]) -> None:
    """Names that fit by chance do not hold together: one number with many names."""
    assert not is_canvas(laid_out(*names))


def test_canvas_is_recognised_beside_a_stray_file(laid_out: Make) -> None:
    """The teacher's roster in the same folder, and what the system left."""
    names = [f"student{n}_{500 + n}_{9000 + n}_hw3.zip" for n in range(5)]
    assert is_canvas(laid_out(*names, "roster.csv", ".DS_Store"))
    assert [path.name for path in read_canvas(laid_out(*names)).left] == ["roster.csv"]


def test_a_person_is_who_canvas_says(laid_out: Make) -> None:
    """Number and name, and the number in Canvas's own name for it."""
    (upload,) = read_canvas(laid_out("doejane_501_9001_hw3.zip")).uploads
    assert upload.people == (Person("501", "doejane", ids=(("canvas", "501"),)),)
