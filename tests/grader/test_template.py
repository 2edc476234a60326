"""grader/template.py: what students start from, composed for what an instructor picked."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.assignment import Assignment
from grader.assignment_file import load_assignment
from grader.cli.group import grade
from grader.errors import BadAssignment
from grader.grading import grade as mark
from grader.marking import prepare
from grader.oracle import find_oracle
from grader.sandbox import ForkServer
from grader.shipped import shipped
from grader.template import starting_files, write_files

WINDOWS = Path(__file__).parents[2] / "fixtures/assignments/windows.yaml"


def _composed(files: dict[str, list[str]], names: dict[str, str] | None = None) -> dict[str, str]:
    rules = load_assignment(WINDOWS)
    rules = rules.model_copy(update={"files": files, "names": names or {}})
    return {path: text.decode() for path, text in starting_files(rules, find_oracle()).items()}


def test_the_homework_keeps_its_own_template() -> None:
    """hw3's, and a copy's under another name, is the one written by hand, byte for byte."""
    copy = load_assignment("hw3").model_copy(update={"assignment": "ours", "points": 100.0})
    files = starting_files(copy, find_oracle())
    assert "report.md" in files
    for name, content in files.items():
        assert (shipped("student_template") / name).read_bytes() == content


def test_a_composed_one_has_the_files_that_were_asked_for(tmp_path: Path) -> None:
    """Its functions where the assignment wants them, unwritten, and `grade check` runs there."""
    result = CliRunner().invoke(grade, ["init", str(tmp_path / "hw"), "--assignment", str(WINDOWS)])
    assert result.exit_code == 0, result.output
    found = sorted(path.name for path in (tmp_path / "hw").iterdir())
    assert found == ["README.md", "conv.py", "pool.py", "test_homework.py"]
    tree = ast.parse((tmp_path / "hw/pool.py").read_text("utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == ["max_pool_forward", "max_pool_backward"]
    assert ast.get_docstring(tree)
    readme = (tmp_path / "hw/README.md").read_text("utf-8")
    assert "| `pool.py` | `max_pool_forward`, `max_pool_backward` |" in readme


def test_it_earns_nothing_and_every_function_is_to_be_written(
    tmp_path: Path, server: ForkServer
) -> None:
    """Handed in as it is, it says what to do and costs no false praise."""
    marking = prepare(WINDOWS, visibility="hidden", seed="tests")
    write_files(tmp_path / "hw", starting_files(marking.assignment, marking.oracle))
    result = mark(tmp_path / "hw", marking, server=server)
    assert result.earned == 0
    statuses = {check.status.value for part in result.parts for check in part.checks}
    assert statuses <= {"todo", "wait"}


def test_students_names_are_used_throughout() -> None:
    """A renamed function is called so in its own stub and where another's text speaks of it."""
    files = _composed(
        {"cs231n/layers.py": ["conv_forward_naive", "conv_backward"]},
        {"conv_forward": "conv_forward_naive"},
    )
    text = files["cs231n/layers.py"]
    assert "def conv_forward_naive(x, w, b, conv_param):" in text
    assert "cache: what conv_forward_naive returned." in text
    assert "conv_forward " not in text.replace("conv_forward_naive", "")


def test_functions_of_several_areas_in_one_file() -> None:
    """What each area says first stands at the top; what is imported is imported once."""
    text = _composed({"all.py": ["max_pool_forward", "conv_forward"]})["all.py"]
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.splitlines() == ["Max and average pooling.", "", "Convolution."]
    assert text.count("import numpy as np") == 1


def test_a_function_that_is_not_there_is_named() -> None:
    """A misspelt name in files: is the instructor's to mend, with the nearest one told."""
    with pytest.raises(BadAssignment, match=r"conv\.py: there is no function .conv_f") as error:
        _composed({"conv.py": ["conv_foward"]})
    assert error.value.hint == "did you mean 'conv_forward'?"


def test_in_a_kit_the_template_is_made_already() -> None:
    """Without the solution, what was shipped is given out as it is."""
    rules: Assignment = load_assignment(WINDOWS)
    assert "two_layer_net.py" in starting_files(rules, None)
