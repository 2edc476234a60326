"""grader/cli/validate.py: exit codes and output of `grade validate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.assignment_file import BUILT_IN
from grader.cli.group import grade

TEXT = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, ["validate", *map(str, args)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an instructor's own assignment is."""
    return tmp_path / "assignment.yaml"


def test_a_wrong_file_is_unusable(file: Path) -> None:
    """Exit code 2; every mistake with its line and column, on stderr."""
    text = TEXT.replace("\npoints: 100", "\npionts: 100").replace("output_kb: 64", "output_kb: x")
    file.write_text(text, encoding="utf-8")
    done = run(file)
    assert (done.exit_code, done.stdout) == (2, "")
    line = text.split("\n").index("pionts: 100") + 1
    assert f"assignment.yaml:{line}:1: pionts: unknown key; did you mean 'points'?" in done.stderr
    assert "limits.output_kb: Input should be a valid integer" in done.stderr


@pytest.mark.slow
def test_rules_that_cannot_work_are_not_proven(file: Path) -> None:
    """Exit code 1, on stdout what is to be mended; as JSON for programs."""
    file.write_text(TEXT.replace("cases: [overlap]", "cases: [overlaps]"), encoding="utf-8")
    done = run(file, "--public")
    assert done.exit_code == 1
    assert "Not proven" in done.stdout
    assert done.stdout.count("help: did you mean 'overlap'?") == 2
    told = json.loads(run(file, "--public", "--json").stdout)
    assert (told["proven"], told["claims"]["rules"]) == (False, False)


def test_a_missing_file_says_what_to_give() -> None:
    """As for every other command."""
    done = run("nowhere.yaml")
    assert done.exit_code == 2
    assert "cannot read the assignment nowhere.yaml" in done.stderr
    assert "hw3" in done.stderr
