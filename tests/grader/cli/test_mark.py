"""grader/cli/mark.py: `grade PATH`, through the real grader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader import result as results
from grader.cli.group import grade

QUICK = ["--no-train", "--seed", "tests"]


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, [str(arg) for arg in args])


def test_the_score_and_each_lost_point(wrong: Path) -> None:
    """A folder, the word "mark" left out: table, bug, help; exit code 0 whatever the score."""
    done = run(wrong, *QUICK)
    assert done.exit_code == 0, done.output
    assert "Backward               16 / 20" in done.output
    assert "FAIL backward/l2" in done.output
    assert "whose gradient is 2 * reg * W" in " ".join(done.output.split())
    assert "two_layer_net.py:" in done.output
    assert "public cases" not in done.output


def test_outputs_are_for_their_audience(wrong: Path, tmp_path: Path) -> None:
    """JSON is for staff and Markdown for the student, unless --for says otherwise."""
    handout, full = tmp_path / "student.md", tmp_path / "staff.md"
    finding = _l2_finding(run("mark", wrong, "--json", "--markdown", handout, *QUICK))
    assert finding.numbers is not None
    assert "how much:" not in handout.read_text("utf-8")
    assert handout.read_text("utf-8").startswith("# hw3: Two-layer network in NumPy")

    run(wrong, "--markdown", full, "--for", "staff", *QUICK)
    assert f"how much: {finding.numbers.split('[')[0]}" in full.read_text("utf-8")

    student = _l2_finding(run(wrong, "--json", "--for", "student", *QUICK))
    assert student == finding.model_copy(update={"numbers": None, "student_text": None})


def _l2_finding(done: Result) -> results.Finding:
    assert done.exit_code == 0, done.output
    result = results.Result.model_validate(json.loads(done.stdout))
    return result.check("backward/l2").findings[0]


def test_public_cases_are_said_to_be_public(good: Path) -> None:
    """Marks from cases that students have are announced as such."""
    done = run(good, "--public", "--no-train")
    assert "marked with the public cases" in done.output


def test_a_kit_without_the_reference_marks_with_public_cases(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No oracle installed: `grade PATH` still works, and says what was used."""
    monkeypatch.setattr("grader.cli.mark.find_oracle", lambda: None)
    monkeypatch.setattr("grader.marking.find_oracle", lambda: None)
    done = run(good, "--no-train")
    assert done.exit_code == 0, done.output
    assert "marked with the public cases" in done.output


def test_what_is_no_submission_is_refused(tmp_path: Path) -> None:
    """notes.pdf: exit code 2, expected kinds named, nothing on stdout."""
    notes = tmp_path / "notes.pdf"
    notes.write_bytes(b"%PDF-1.4")
    done = run(notes, *QUICK)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "is not a submission: expected a .zip, a folder or a .ipynb" in done.stderr


def test_a_broken_zip_is_a_result_of_zero_points(tmp_path: Path) -> None:
    """A student's bad upload is never an error of the command."""
    bad = tmp_path / "s1.zip"
    bad.write_bytes(b"not a zip")
    done = run(bad, *QUICK)
    assert done.exit_code == 0, done.output
    assert "0 / 100" in done.stdout
    assert "Not marked: s1.zip" in done.stdout
    assert "backward/l2" not in done.stdout


def test_unwritable_markdown_is_explained(good: Path, tmp_path: Path) -> None:
    """The folder does not exist: exit code 2, a sentence."""
    done = run(good, "--markdown", tmp_path / "none/x.md", *QUICK)
    assert done.exit_code == 2
    assert "cannot write" in done.stderr


def test_a_folder_called_like_a_command(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grade ./batch` marks the folder; `grade batch` is the command."""
    template.rename(tmp_path / "batch")
    monkeypatch.chdir(tmp_path)
    done = run("./batch", *QUICK)
    assert done.exit_code == 0, done.output
    assert "todo conv/forward" in done.stdout
    command = run("batch", *QUICK)
    assert command.exit_code == 2
    assert "Missing argument 'DIR'" in command.stderr


def test_a_zip_of_a_terabyte_gets_its_result_at_once(tmp_path: Path) -> None:
    """It takes no room on the disk; reading it, if only for a digest, would take an hour."""
    huge = tmp_path / "s1042.zip"
    with huge.open("wb") as stream:
        stream.truncate(1 << 40)
    done = run(huge, *QUICK)
    assert done.exit_code == 0, done.output
    assert "1099.5 GB, more than the 20 MB allowed" in " ".join(done.output.split())
