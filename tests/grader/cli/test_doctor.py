"""grader/cli/doctor.py: `grade doctor`, with a real fork server."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade
from grader.secret import secret_seed

pytestmark = pytest.mark.slow  # tries and times every wall


def run(*args: str) -> Result:
    return CliRunner().invoke(grade, ["doctor", *args])


def test_the_page_and_the_exit_code_agree() -> None:
    """0 where marks are given, 1 where they are refused; the page ends in the same verdict."""
    done = run()
    refused = "refuse to mark here without --insecure" in done.stdout
    assert done.exit_code == (1 if refused else 0), done.output
    assert refused == ("wall: basic (not secure)" in done.stdout)
    assert "median of 20" in done.stdout


@pytest.mark.usefixtures("weak_wall")
def test_json_says_the_same_and_never_the_seed() -> None:
    """Fit to be put into a bug report."""
    seed = secret_seed().hex()
    done = run("--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["accepted"] is False
    assert told["wall"]["tier"] == "basic"
    assert told["seed"]["private"] is True
    assert seed not in done.stdout


@pytest.mark.usefixtures("weak_wall")
def test_a_student_kit_only_needs_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reference the basic wall is good enough, and is said to be."""
    monkeypatch.setattr("grader.checkup.find_oracle", lambda: None)
    done = run()
    assert done.exit_code == 0, done.output
    assert "not installed: a student kit" in done.stdout
    assert "seed" not in done.stdout
    assert done.stdout.endswith("`grade check` works here.\n")


def test_a_pin_that_is_no_tier_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, as for every argument that cannot be used."""
    monkeypatch.setenv("GOLDGRAD_WALL", "best")
    done = run()
    assert done.exit_code == 2
    assert "one of: full, kernel, basic" in done.stderr


def test_an_unknown_assignment_is_refused() -> None:
    """There is nothing to examine for."""
    assert run("--assignment", "hw99").exit_code == 2
