"""Which wall the commands mark behind, and when they refuse; through the real grader."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade
from grader.errors import GraderFailure
from grader.sandbox import ForkServer

QUICK = ["--no-train", "--seed", "tests"]


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, [str(arg) for arg in args])


@pytest.mark.usefixtures("weak_wall")
def test_a_weak_wall_is_refused(good: Path) -> None:
    """Exit code 2, no marks, and where to read on; the public cases make no difference."""
    for options in (QUICK, ["--no-train", "--public"]):
        done = run(good, *options)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "cannot wall student code off: bubblewrap is not installed" in done.stderr
        assert "--insecure" in done.stderr
        assert "docs/security.md" in done.stderr


@pytest.mark.usefixtures("weak_wall")
def test_insecure_marks_and_says_so(good: Path, tmp_path: Path) -> None:
    """On the page, in the feedback and in the JSON."""
    handout = tmp_path / "feedback.md"
    done = run(good, *QUICK, "--insecure", "--markdown", handout)
    assert done.exit_code == 0, done.output
    assert "wall: basic (not secure)" in done.stdout.split("\n")[0]
    assert "wall: basic (not secure)." in handout.read_text("utf-8")
    assert json.loads(run(good, *QUICK, "--insecure", "--json").stdout)["wall"] == "basic"


@pytest.mark.usefixtures("weak_wall")
def test_a_batch_is_refused_before_it_begins(good: Path, tmp_path: Path) -> None:
    """No results folder is made, and no submission is opened."""
    out = tmp_path / "results"
    good.rename(_folder(tmp_path) / "s1")
    done = run("batch", tmp_path / "batch", "--out", out, *QUICK)
    assert done.exit_code == 2
    assert "cannot wall student code off" in done.stderr
    assert not out.exists()


@pytest.mark.slow
def test_an_insecure_batch_says_so_in_the_gradebook(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every process of the batch marks behind the pinned wall; rows and overview name it."""
    try:
        ForkServer.start(tier="basic").close()
    except GraderFailure as failure:
        pytest.skip(str(failure))
    monkeypatch.setenv("GOLDGRAD_WALL", "basic")
    out = tmp_path / "results"
    good.rename(_folder(tmp_path) / "s1")
    done = run("batch", tmp_path / "batch", "--out", out, "--insecure", *QUICK)
    assert done.exit_code == 0, done.output
    assert "wall: basic (not secure)" in done.stdout
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["wall"] for row in csv.DictReader(file)] == ["basic (not secure)"]


@pytest.mark.usefixtures("weak_wall")
def test_students_check_themselves_behind_any_wall(good: Path) -> None:
    """It is their own code; the page calls it what it is."""
    done = run("check", good)
    assert done.exit_code == 0, done.output
    assert "wall: basic (self-check, not secure)" in done.stdout


@pytest.mark.slow
def test_a_wall_that_cannot_be_had_is_a_failure(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pinned to bubblewrap's wall where there is no bubblewrap: exit code 3, never a weaker one."""
    monkeypatch.setenv("GOLDGRAD_WALL", "full")
    monkeypatch.setenv("PATH", str(tmp_path))
    for command in (["mark"], ["check"]):
        done = run(*command, good)
        assert done.exit_code == 3, done.output
        assert "full" in done.stderr


def test_a_misspelt_wall_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2; nothing is marked behind another wall than the one meant."""
    monkeypatch.setenv("GOLDGRAD_WALL", "strong")
    done = run(good, *QUICK)
    assert done.exit_code == 2
    assert "no wall called 'strong'" in done.stderr


def _folder(parent: Path) -> Path:
    folder = parent / "batch"
    folder.mkdir()
    return folder
