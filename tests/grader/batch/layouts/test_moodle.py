"""grader/batch/layouts/moodle.py: what Moodle calls folders and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.layouts.moodle import is_moodle, read_moodle
from grader.batch.layouts.upload import Person

Make = Callable[..., list[Path]]


@pytest.mark.parametrize("tail", ["", "_"])
def test_a_folder_for_each_participant(laid_out: Make, tail: str) -> None:
    """Of old and new versions; the zip in it is the submission."""
    entries = laid_out(
        f"Jane Doe_17_assignsubmission_file{tail}/hw3.zip",
        f"Mary Ann O'Brien-Smith_18_assignsubmission_file{tail}/code/layers.py",
    )
    assert is_moodle(entries)
    uploads = read_moodle(entries).uploads
    assert [upload.people for upload in uploads] == [
        (Person("17", "Jane Doe", ids=(("moodle", "Participant 17"),)),),
        (Person("18", "Mary Ann O'Brien-Smith", ids=(("moodle", "Participant 18"),)),),
    ]
    assert [name for upload in uploads for name, _ in upload.files] == ["hw3.zip", "code"]


def test_files_without_folders(laid_out: Make, files_of: Callable[..., object]) -> None:
    """The names hold what the folders held, where the teacher asked for no folders."""
    entries = laid_out(
        "Jane Doe_17_assignsubmission_file_my_hw_3.zip",
        "Jane Doe_17_assignsubmission_file_report.pdf",
        "李 小龍_18_assignsubmission_file_作業.zip",
    )
    assert files_of(read_moodle(entries).uploads) == {
        "17": ["my_hw_3.zip", "report.pdf"],
        "18": ["作業.zip"],
    }


def test_text_and_files_of_one_participant_belong_together(
    laid_out: Make, files_of: Callable[..., object]
) -> None:
    """Moodle makes a folder for each kind of submission."""
    entries = laid_out(
        "Jane Doe_17_assignsubmission_file/hw3.zip",
        "Jane Doe_17_assignsubmission_onlinetext/onlinetext.html",
    )
    uploads = read_moodle(entries).uploads
    assert len(uploads) == 1
    assert files_of(uploads) == {"17": ["hw3.zip", "onlinetext.html"]}


def test_loose_files_of_one_folder_stay_in_it(laid_out: Make) -> None:
    """They import each other; the folder is opened as it lies."""
    entries = laid_out(
        "Jane Doe_17_assignsubmission_file/layers.py", "Jane Doe_17_assignsubmission_file/report.md"
    )
    (upload,) = read_moodle(entries).uploads
    assert [path for _, path in upload.files] == entries


def test_in_blind_marking_nobody_has_a_name(laid_out: Make) -> None:
    """All are called the same, in the site's language."""
    entries = laid_out(
        "Teilnehmer_17_assignsubmission_file/a.zip", "Teilnehmer_18_assignsubmission_file/b.zip"
    )
    assert [upload.people[0].name for upload in read_moodle(entries).uploads] == ["", ""]


def test_a_team_without_a_number(laid_out: Make) -> None:
    """Moodle's "Default group"; its name is all that there is."""
    (upload,) = read_moodle(laid_out("Default group_assignsubmission_file/hw3.zip")).uploads
    assert upload.people == (Person("Default group", "Default group"),)


def test_an_empty_folder_is_said(laid_out: Make) -> None:
    """Somebody waits for a mark, and there is nothing to mark."""
    found = read_moodle(laid_out("Jane Doe_17_assignsubmission_file/"))
    assert found.uploads == ()
    assert found.notes == ("Jane Doe_17_assignsubmission_file is empty",)


def test_what_is_not_moodles_is_left(laid_out: Make) -> None:
    """A roster beside the folders."""
    entries = laid_out("Jane Doe_17_assignsubmission_file/hw3.zip", "roster.csv")
    assert [path.name for path in read_moodle(entries).left] == ["roster.csv"]


def test_plain_zips_are_not_moodles(laid_out: Make) -> None:
    """Whatever students call their files, they do not call them that."""
    assert not is_moodle(laid_out("s1.zip", "s1_assignment_file.zip", "17_submission_file/"))
