"""What students start from: complete, documented, and kind while nothing is written yet."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fixtures.samples import TEMPLATE, load_samples
from grader.assignment_file import load_assignment

FUNCTIONS = [
    (file, name)
    for file, names in load_assignment("hw3").files.items()
    for name in names
    if name.islower()
]


def _function(file: str, name: str) -> ast.FunctionDef:
    tree = ast.parse((TEMPLATE / file).read_text(encoding="utf-8"))
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)


@pytest.mark.parametrize(("file", "name"), FUNCTIONS)
def test_every_function_is_there_documented_and_unwritten(file: str, name: str) -> None:
    """Each function of the assignment has a docstring that explains every argument, and no body."""
    function = _function(file, name)
    docstring = ast.get_docstring(function) or ""
    assert "Returns:" in docstring
    for argument in function.args.args:
        assert f"\n    {argument.arg}: " in docstring.partition("Args:")[2]
    body = function.body[1:]
    assert len(body) == 1
    assert isinstance(body[0], ast.Raise)
    assert ast.unparse(body[0]).startswith("raise NotImplementedError(")


@pytest.mark.parametrize(("file", "name"), FUNCTIONS)
def test_array_arguments_and_results_have_shapes(file: str, name: str) -> None:
    """A docstring gives a shape in (N, D) form for what goes in or comes out."""
    assert "(N," in (ast.get_docstring(_function(file, name)) or "") or name == "init_params"


def test_the_report_claims_nothing_yet() -> None:
    """The front matter of report.md has the keys to fill in, all empty."""
    front_matter = yaml.safe_load((TEMPLATE / "report.md").read_text().split("---")[1])
    assert list(front_matter) == [
        "loss",
        "accuracy",
        "hidden_neurons",
        "batch_size",
        "learning_rate",
    ]
    assert not any(front_matter.values())


@pytest.mark.parametrize(
    ("argument", "words"),
    [("no_such_file.txt", "is not here"), ("standin.txt", "write two_layer_net.py first")],
)
def test_train_py_says_kindly_what_is_missing(tmp_path: Path, argument: str, words: str) -> None:
    """Running the untouched train.py ends in one sentence, not in a traceback."""
    shutil.copytree(TEMPLATE, tmp_path, dirs_exist_ok=True)
    shutil.copy(TEMPLATE.parent / "fixtures/data/standin.txt", tmp_path)
    run = subprocess.run(
        [sys.executable, "train.py", argument],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def _run_homework_tests(folder: Path, **environment: str) -> dict[str, str]:
    """``pytest test_homework.py`` in a folder: test id -> outcome."""
    shutil.copy(TEMPLATE / "test_homework.py", folder)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-q", "--rootdir", str(folder), "-p", "no:xdist"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    outcomes = {}
    for line in run.stdout.splitlines():
        outcome, _, rest = line.partition(" ")
        if outcome in {"PASSED", "FAILED"} and "test_homework[" in rest:
            outcomes[rest.split("test_homework[")[1].split("]")[0]] = outcome
    assert outcomes or "skipped" in run.stdout, run.stdout + run.stderr
    return outcomes


@pytest.mark.slow
def test_the_editors_test_button_shows_one_test_a_check(tmp_path: Path) -> None:
    """With a mistake in one function, that check's test fails and the others pass."""
    folder = load_samples()["bug_pool_overlap"].write_folder(tmp_path)
    outcomes = _run_homework_tests(folder)
    assert outcomes["max_pool/backward/overlap"] == "FAILED"
    assert outcomes["conv/backward"] == "PASSED"
    assert list(outcomes.values()).count("FAILED") == 1


@pytest.mark.slow
def test_the_test_button_skips_what_is_not_written(tmp_path: Path) -> None:
    """On the untouched template no test fails."""
    folder = load_samples()["template"].write_folder(tmp_path)
    assert _run_homework_tests(folder) == {}


@pytest.mark.slow
def test_the_test_button_skips_without_goldgrad(tmp_path: Path) -> None:
    """Where no `grade` command is installed, the test says so and skips."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    folder = load_samples()["template"].write_folder(tmp_path)
    shutil.copy(TEMPLATE / "test_homework.py", folder)
    code = (
        "import sys, pytest; sys.executable = sys.argv[1]; "
        "raise SystemExit(pytest.main(['-rs', '-p', 'no:cacheprovider']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(python)],
        cwd=folder,
        env={**os.environ, "PATH": str(python.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "goldgrad is not installed" in run.stdout
