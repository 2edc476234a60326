"""grader/cli/group.py and grader/cli/endings.py: finding commands, and ending well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from grader import __version__
from grader.cli.documented import Documented
from grader.cli.endings import exit_code_of
from grader.cli.group import COMMANDS, grade
from grader.errors import GraderFailure, UnusableInput


def test_help_imports_no_heavy_library() -> None:
    """`grade --help` is immediate because it imports click and nothing else of weight."""
    script = (
        "import sys; from grader.cli.group import grade\n"
        "try: grade.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pydantic', 'rich', 'requests', 'yaml', 'tabulate', 'nbformat'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "HEAVY []" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_the_list_says_and_has_examples(name: str) -> None:
    """The summary in `grade --help` is the command's own first sentence."""
    command = grade.get_command(click.Context(grade), name)
    assert isinstance(command, Documented)
    assert (command.help or "").split("\n")[0] == COMMANDS[name].summary
    result = CliRunner().invoke(grade, [name, "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert all(line.startswith("grade ") for line, _ in command.examples)
    assert max(map(len, result.output.split("\n"))) <= 80


def test_the_list_holds_every_command() -> None:
    """A command file that is not listed would be dead code."""
    folder = Path(__file__).parents[3] / "grader/cli"
    with_command = {p.stem for p in folder.glob("*.py") if "\ndef command(" in p.read_text()}
    assert with_command == set(COMMANDS)


def test_no_arguments_is_help() -> None:
    """`grade` alone shows what there is."""
    result = CliRunner().invoke(grade, [])
    assert result.exit_code == 0
    assert "For students" in result.output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chekc"], "did you mean 'grade check'?"),
        (["check", "--trian"], "No such option '--trian'"),
        (["no_such_file.zip"], "'no_such_file.zip' does not exist"),
        (["homework.py", "b.zip"], "unexpected extra argument"),
        (["homework.py", "--seed", ""], "'--seed': the text is empty"),
        (["golden", "--hidden", "--seed", " "], "'--seed': the text is empty"),
        (["init"], "Missing argument 'DIR'"),
        (["batch", "no_such_folder"], "cannot read the folder"),
        (["check", "--assignment", "hw99"], "cannot read the assignment hw99"),
    ],
)
def test_unusable_arguments_end_in_2_with_one_message_and_a_hint(
    args: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong and what to do, on stderr, without a traceback."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "homework.py").write_text("")
    result = CliRunner().invoke(grade, args)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, *rest = result.stderr.strip().split("\n")
    assert first.startswith("grade: ")
    assert message.lower() in first.lower()
    assert len(rest) <= 1
    assert all(line.startswith("help: ") for line in rest)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UnusableInput("no good", hint="try another"), 2, "grade: no good\nhelp: try another\n"),
        (GraderFailure("broken"), 3, "grade: broken\n"),
        (click.FileError("x.txt", "gone"), 2, "grade: Could not open file 'x.txt': gone\n"),
        (KeyboardInterrupt(), 130, "grade: interrupted\n"),
        (RecursionError("deep"), 3, "this is a bug in goldgrad; rerun with --verbose"),
        (ZeroDivisionError("oh\x1b[31m"), 3, "ZeroDivisionError: oh\N{REPLACEMENT CHARACTER}[31m"),
    ],
)
def test_every_exception_becomes_an_exit_code(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a command raises: one code, one message, no traceback, no escape sequences."""

    def explode() -> None:
        raise error

    assert exit_code_of(explode, ["explode"]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert "\x1b" not in told


def test_verbose_shows_the_traceback_of_our_own_bugs(capsys: pytest.CaptureFixture[str]) -> None:
    """Only who asks for it sees it."""

    def explode() -> None:
        raise RuntimeError("inside")

    assert exit_code_of(explode, ["x.zip", "--verbose"]) == 3
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "rerun" not in told


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`grade schema | head -1`: no complaint about a broken pipe."""
    done = subprocess.run(
        f'"{sys.executable}" -c "from grader.cli import main; main()" schema | head -c 1',
        shell=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout == "{"
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.slow
def test_closed_streams_are_no_error(closed: str, template: Path) -> None:
    """A job that is started without stdout or stderr ends as any other, here with code 1."""
    done = subprocess.run(
        f'"{sys.executable}" -c "from grader.cli import main; main()" check "{template}" {closed}',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    assert (done.stdout == "") == (" >&-" in f" {closed}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_to_be_one() -> None:
    """Output that cannot be written: one sentence, exit code 3, and not called a bug."""
    done = subprocess.run(
        f'"{sys.executable}" -c "from grader.cli import main; main()" schema > /dev/full',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr == "grade: cannot write the output: No space left on device\n"


def test_the_console_script() -> None:
    """`grade` as installed: its output and its exit code are the process's own."""
    command = [sys.executable, "-c", "from grader.cli import main; main()"]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == f"goldgrad, version {__version__}\n"
    wrong = subprocess.run([*command, "chekc"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("grade: ")
