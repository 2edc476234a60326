"""grader/cli/init.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.assignment_file import load_assignment
from grader.cli.group import grade
from grader.shipped import shipped

ROOT = Path(__file__).parents[3]


def test_the_template_arrives_and_the_next_step_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All files of the template, byte for byte, and what to type next."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(grade, ["init", "my hw"])
    assert result.exit_code == 0, result.output
    template = shipped("student_template")
    for name in ("two_layer_net.py", "layers.py", "train.py", "report.md"):
        assert (tmp_path / "my hw" / name).read_bytes() == (template / name).read_bytes()
    assert not list((tmp_path / "my hw").rglob("__pycache__"))
    assert "cd 'my hw'" in result.output
    assert "grade check" in result.output


def test_what_it_writes_knows_the_assignment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """README and the test button of a homework of one's own do not check another one."""
    rules = ROOT / "fixtures/assignments/windows.yaml"
    (tmp_path / "my rules.yaml").write_bytes(rules.read_bytes())
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(grade, ["init", "hw", "--assignment", "my rules.yaml"])
    assert result.exit_code == 0, result.output
    told = "grade check --assignment '../my rules.yaml'"
    assert told in result.output
    assert told in (tmp_path / "hw/README.md").read_text("utf-8")


@pytest.mark.slow
def test_the_test_button_of_a_composed_homework_runs_its_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is pressed."""
    rules = ROOT / "fixtures/assignments/windows.yaml"
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(grade, ["init", "hw", "--assignment", str(rules)])
    button = tmp_path / "hw/test_homework.py"
    spec = importlib.util.spec_from_file_location("button", button)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checks = {name for name, *_ in module.run_checks()}
    assert checks == {check.id for check in load_assignment(rules).checks()}


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second `grade init` in the same folder would wipe out the homework: it refuses."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.py").write_text("my work")
    result = CliRunner().invoke(grade, ["init", "."])
    assert result.exit_code == 2
    assert "already holds layers.py; nothing was changed" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["layers.py"]
    assert (tmp_path / "layers.py").read_text() == "my work"


def test_this_folder_needs_no_cd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`grade init .` does not tell to change into the folder one is in."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(grade, ["init", "."])
    assert result.exit_code == 0
    assert "cd " not in result.output


def test_a_file_in_the_way_is_explained(tmp_path: Path) -> None:
    """The folder's name is taken by a file."""
    (tmp_path / "hw").write_text("")
    result = CliRunner().invoke(grade, ["init", str(tmp_path / "hw" / "x")])
    assert result.exit_code == 2
    assert "cannot make" in result.output
