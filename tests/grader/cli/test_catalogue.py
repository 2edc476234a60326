"""grader/cli/catalogue.py: instructors find what they can pick."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade
from reference.problems.catalogue import AREAS, CATALOGUE


def run(*args: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(grade, ["catalogue", *args])


def test_every_problem_is_listed() -> None:
    """A line each, under its area; the JSON has the same ones."""
    lines = run().stdout.splitlines()
    assert {line.split()[0] for line in lines if line[:2] == "  " and line[2:3].strip()} >= {
        *CATALOGUE
    }
    assert {line for line in lines if line in AREAS} == {area for area in AREAS if AREAS[area]}
    assert [p["name"] for p in json.loads(run("--json").stdout)] == [*CATALOGUE]


def test_an_area_alone() -> None:
    """Its own problems and no others."""
    assert [p["name"] for p in json.loads(run("pooling", "--json").stdout)] == [
        plan.name for plan in AREAS["pooling"]
    ]


def test_one_in_full() -> None:
    """How it is called, what chooses among its cases, and what can be pasted into the YAML."""
    text = run("conv_forward").stdout
    for words in (
        "conv_forward  convolution forward (convolution)",
        "call: conv_forward(x, w, b, conv_param)",
        "outputs: out",
        "-> ValueError",
        "kind: values, problem: conv_forward}",
    ):
        assert words in text
    told = json.loads(run("conv_backward", "--json").stdout)
    assert told["gradients"] == ["dx", "dw", "db"]
    assert all(len(bug["message"]) > 9 for bug in told["bugs"])


@pytest.mark.parametrize(
    ("name", "hint"), [("conv_forwrad", "did you mean conv_forward"), ("zzz", "lists all")]
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    """Exit code 2, and where to look."""
    result = run(name)
    assert result.exit_code == 2
    assert hint in result.output


def test_a_student_kit_has_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the solution's; students are told so."""
    monkeypatch.setattr("grader.cli.catalogue.find_oracle", lambda: None)
    result = run()
    assert result.exit_code == 2
    assert "not installed here" in result.output
