"""reference/submission.py: the reference as a student would hand it in."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from grader.assignment import Assignment
from grader.assignment_file import load_assignment
from reference.bugs.registry import BUGS
from reference.submission import solution_files

HW3 = load_assignment("hw3")


def imported(files: dict[str, str]) -> set[str]:
    """The top names of all that the files import."""
    names = set()
    for text in files.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
    return names


def sources(assignment: Assignment, bug: str | None = None) -> dict[str, str]:
    """The Python files."""
    files = solution_files(assignment, bug=bug)
    return {path: text for path, text in files.items() if path.endswith(".py")}


@pytest.mark.parametrize("bug", [None, "conv/pad_only_before"])
def test_it_needs_nothing_of_this_project(bug: str | None) -> None:
    """Behind the wall there is NumPy, the standard library, and the student's own files."""
    files = sources(HW3, bug)
    outside = imported(files) - {path.split("/")[0].removesuffix(".py") for path in files}
    assert outside <= {"numpy", *sys.stdlib_module_names}
    assert not outside & {"grader", "reference"}


def test_each_function_lies_where_the_assignment_expects_it(tmp_path: Path) -> None:
    """Also in an assignment whose files are called like ours, and one that names few of them."""
    files = {"solution.py": ["conv_forward"], "other_functions.py": ["train", "not_in_the_course"]}
    rules = HW3.model_copy(update={"files": files})
    for path, text in sources(rules).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    assert "conv_forward = " in (tmp_path / "solution.py").read_text()
    assert "train = " in (tmp_path / "other_functions.py").read_text()
    assert "not_in_the_course" not in (tmp_path / "other_functions.py").read_text()
    rest = (tmp_path / "other_functions_.py").read_text()
    assert all(f"{name} = " in rest for name in ("forward", "loss", "HYPERPARAMETERS"))


def test_a_bug_is_planted_by_its_id() -> None:
    """The files with a bug differ from those without in what chooses it, and have the tables."""
    plain, planted = sources(HW3), sources(HW3, "conv/pad_only_before")
    assert plain.keys() < planted.keys()
    changed = [path for path in plain if plain[path] != planted[path]]
    assert changed == ["solution/chosen.py"]
    assert "conv/pad_only_before" in planted["solution/chosen.py"]
    assert "conv/pad_only_before" in BUGS


def test_the_report_states_what_was_reached() -> None:
    """The accuracy is what it is given, and absent when nothing was measured."""
    assert "accuracy: 95.0 %\n" in solution_files(HW3, accuracy=0.95)["report.md"]
    assert "accuracy" not in solution_files(HW3)["report.md"]
