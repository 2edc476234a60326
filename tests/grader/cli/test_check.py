"""grader/cli/check.py: the student's self-check."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade
from grader.result import Result as Marked


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, ["check", *map(str, args)])


def test_all_right_ends_with_0(good: Path) -> None:
    """Nothing to mend, and what to run next."""
    done = run(good)
    assert done.exit_code == 0, done.output
    assert "self-check, public cases" in done.stdout
    assert "FAIL" not in done.stdout
    assert "grade check --train" in done.stdout
    assert "stand-in" not in done.stdout


def test_a_mistake_ends_with_1_and_is_explained_with_numbers(wrong: Path) -> None:
    """Public cases hide nothing: the first mistake with place, numbers, bug and help."""
    done = run(wrong)
    assert done.exit_code == 1
    assert "The first thing to mend\n  backward/l2" in done.stdout
    for words in ("worst at", "--> two_layer_net.py:", "bug:", "help:"):
        assert words in done.stdout


def test_the_template_says_what_to_write_first(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the homework's folder, without arguments."""
    monkeypatch.chdir(template)
    done = run()
    assert done.exit_code == 1
    assert "The next thing to write\n  forward/scores" in done.stdout


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    """A first run: exit code 2 and `grade init`."""
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "there is no Python file and no notebook" in done.stderr
    assert "grade init" in done.stderr


def test_a_folder_whose_code_lies_deep_is_not_empty(good: Path, tmp_path: Path) -> None:
    """What `grade` marks, `grade check` checks; an environment beside it is no homework."""
    shutil.copytree(good, tmp_path / "course/week 3/homework")
    assert run(tmp_path / "course").exit_code == 0
    (tmp_path / "new/.venv/lib").mkdir(parents=True)
    (tmp_path / "new/.venv/lib/site.py").touch()
    assert "grade init" in run(tmp_path / "new").stderr


def test_the_homework_of_another_assignment_is_noticed(tmp_path: Path) -> None:
    """Where nothing that is asked for is there, that is said, not only each missing function."""
    (tmp_path / "layers.py").write_text("def affine_forward(x, w, b):\n    return x, None\n")
    assert "is it another assignment's homework" in " ".join(run(tmp_path).stdout.split())
    (tmp_path / "net.py").write_text("def predict(params, X):\n    return None\n")
    assert "is it another assignment's homework" not in " ".join(run(tmp_path).stdout.split())


def test_json_for_editors(template: Path) -> None:
    """--json prints the same Result that `grade PATH` makes, and ends alike."""
    done = run(template, "--json")
    assert done.exit_code == 1
    result = Marked.model_validate(json.loads(done.stdout))
    assert result.bundle is not None
    assert result.bundle.visibility == "public"
    assert not any(check.hidden for part in result.parts for check in part.checks)


@pytest.mark.slow
def test_train_runs_the_training_checks(good: Path) -> None:
    """--train: no check is left out, and the data that was used is named."""
    done = run(good, "--train")
    assert done.exit_code == 0, done.output
    assert "skip" not in done.stdout
    assert "stand-in dataset" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="interrupts a process by a POSIX signal")
@pytest.mark.slow
def test_watch_checks_again_after_a_save_and_ends_with_ctrl_c(good: Path) -> None:
    """Right, then broken by a save, then Ctrl-C: two checks, exit code 130."""
    python = [sys.executable, "-X", "faulthandler", "-c", "from grader.cli import main; main()"]
    process = subprocess.Popen(
        [*python, "check", "--watch", good],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # With the stack of whatever does not end.
    watchdog = threading.Timer(60, process.send_signal, [signal.SIGABRT])
    watchdog.start()
    try:
        assert process.stdout is not None
        first = _until(process.stdout, "waiting for changes")
        file = good / "layers.py"
        file.write_text(file.read_text("utf-8") + "\nthis is no Python\n", "utf-8")
        second = _until(process.stdout, "waiting for changes")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        code = process.wait()
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    assert "FAIL" not in first
    assert "layers.py cannot be loaded" in second
    assert code == 130, rest
    assert "Traceback" not in rest


def _until(stream: object, words: str) -> str:
    lines = []
    for line in stream:  # type: ignore[attr-defined]  # a text stream
        lines.append(line)
        if words in line:
            break
    return "".join(lines)
