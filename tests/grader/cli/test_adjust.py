"""grader/cli/adjust.py: points that a person gives or takes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from fixtures.stored_course import filled
from grader.batch.lock import held
from grader.batch.store import Store
from grader.cli.group import grade
from grader.render.exports import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result as Ended


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of results; without the class page, which takes a second to draw."""
    monkeypatch.setitem(FORMATS, "class", replace(FORMATS["class"], after_batch=False))
    filled(tmp_path / "results", {"s1": 70, "s2": 50}).__exit__(None, None, None)
    return tmp_path / "results"


def run(*words: Any) -> Ended:
    return CliRunner().invoke(grade, [str(word) for word in words])


def final(results: Path, student: str) -> str:
    text = (results / "gradebook.csv").read_text("utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    return rows[student]["final"]


def test_points_stand_at_once_in_the_gradebook_and_the_feedback(results: Path) -> None:
    """The command says what was given, what counts now, and which files say so."""
    done = run("adjust", results, "s1", "2.5", "--reason", "the handout was wrong",
               "--author", "ada")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "+2.5  by ada: the handout was wrong\ns1 has 72.5 points now\n" in done.output
    assert f"  {results}/gradebook.csv\n" in done.output.replace("\\", "/")
    assert final(results, "s1") == "72.5"
    assert "the handout was wrong" in (results / "feedback/s1.md").read_text("utf-8")


def test_in_a_large_course_what_takes_long_is_left_to_export(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the command that writes it is named."""
    run("export", results, "--to", "canvas", "--to", "moodle")
    run("adjust", results, "s1", "1", "--reason", "x")
    monkeypatch.setattr("grader.batch.folder._MANY", 1)
    done = run("adjust", results, "s1", "1", "--reason", "x")
    assert "so many students: canvas.csv, moodle.csv\n" in done.stderr
    assert f"grade export {results} --to canvas --to moodle\n" in done.stderr
    assert final(results, "s1") == "72"


def test_a_negative_number_is_no_option(results: Path) -> None:
    """-10 takes ten points."""
    done = run("adjust", results, "s2", "-10", "--reason", "copied")
    assert done.exit_code == 0, done.output
    assert final(results, "s2") == "40"


def test_an_adjustment_is_listed_and_taken_back(results: Path) -> None:
    """By its number; it stays on the list, with who took it back and why."""
    run("adjust", results, "s1", "5", "--reason", "a", "--author", "ada")
    run("adjust", results, "s2", "-3", "--reason", "b", "--author", "bob")
    done = run("adjust", results, "--revoke", "1", "--reason", "by mistake", "--author", "eve")
    assert done.exit_code == 0, done.output
    assert final(results, "s1") == "70"
    listed = run("adjust", results, "--list").output.splitlines()
    assert listed[0].startswith("  1  ")
    assert listed[0].endswith("s1  +5  by ada: a  (revoked by eve: by mistake)")
    assert listed[1].endswith("s2  -3  by bob: b")
    assert run("adjust", results, "s2", "--list").output.splitlines() == listed[1:]


def test_json_is_a_line_for_each(results: Path) -> None:
    """For programs; what a person reads goes elsewhere."""
    done = run("adjust", results, "s1", "5", "--reason", "a", "--author", "ada", "--json")
    made = json.loads(done.stdout)
    assert (made["number"], made["student"], made["points"]) == (1, "s1", 5)
    (again,) = run("adjust", results, "--list", "--json").stdout.splitlines()
    assert json.loads(again) == made
    taken = json.loads(run("adjust", results, "--revoke", "1", "--reason", "x", "--json").stdout)
    assert taken["revoked_why"] == "x"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["s1"], "name a STUDENT and the POINTS to give"),
        (["s1", "5"], "say why"),
        (["s1", "5", "--reason", "  "], "say why"),
        (["s1", "nan", "--reason", "x"], "is no number of points"),
        (["s1", "1e9", "--reason", "x"], "is no number of points"),
        (["s1", "0", "--reason", "x"], "0 points would change nothing"),
        (["s1", "1.234", "--reason", "x"], "points have two decimals"),
        (["s1", "five", "--reason", "x"], "not a valid float"),
        (["s9", "5", "--reason", "x"], "no student 's9'"),
        (["s1", "5", "--list"], "--list only shows"),
        (["s1", "--revoke", "1", "--reason", "x"], "--revoke N takes no STUDENT"),
        (["--revoke", "1"], "say why"),
        (["--revoke", "1", "--reason", "x"], "there is no adjustment 1"),
        (["s1", "5", "--reson", "x"], "unexpected extra argument"),
    ],
)
def test_what_is_meant_wrongly_changes_nothing(
    results: Path, words: list[str], message: str
) -> None:
    """Exit code 2, what to do, and no line in the trail."""
    done = run("adjust", results, *words)
    assert done.exit_code == 2
    assert message in done.output
    with Store(results) as store:
        assert store.last_change() == 2
        assert not list(store.adjustments())


@pytest.mark.slow
def test_while_a_batch_is_at_work_points_are_kept_all_the_same(results: Path) -> None:
    """The files are the batch's to write, at its end; and the command says so."""
    with held(results):
        done = run("adjust", results, "s1", "5", "--reason", "a")
    assert done.exit_code == 0
    assert "s1 has 75 points now" in done.output
    assert "a batch is at work there" in done.output
    assert not (results / "gradebook.csv").exists()


def test_a_reason_is_shown_and_never_obeyed(results: Path) -> None:
    """Neither a terminal nor a spreadsheet nor a browser takes it for a command."""
    done = run("adjust", results, "s1", "5", "--reason", "=cmd|' /C calc'!A0 \x1b[2J<b>x</b>")
    assert "\x1b" not in done.output
    text = (results / "gradebook.csv").read_text("utf-8-sig")
    assert "'=cmd|" in text
    assert "\x1b" not in text
    assert "<b>x</b>" not in (results / "feedback/s1.html").read_text("utf-8")


def test_a_folder_without_results_is_explained(tmp_path: Path) -> None:
    """The wrong folder was named."""
    done = run("adjust", tmp_path, "s1", "5", "--reason", "x")
    assert done.exit_code == 2
    assert "holds no results" in done.output
