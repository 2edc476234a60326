"""grader/kit.py: the kit works, and holds nothing of the solution."""

from __future__ import annotations

import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.group import grade
from grader.errors import UnusableInput
from grader.kit import Kit, build_kit

ROOT = Path(__file__).parents[3]
GOOD = ROOT / "fixtures/submissions/good"
SHORTEST_TELLING_LINE = 25
STRING_ALONE = re.compile(r"""^[fr]*(["']).*\1[,)]*$""")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return build_kit(tmp_path_factory.mktemp("kit") / "hw3-kit")


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, zips and bundles in it opened, too."""
    for file in sorted(path.rglob("*")):
        if file.is_file():
            yield from opened(str(file.relative_to(path)), file.read_bytes())


def opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from opened(f"{name}!{inner}", archive.read(inner))


def telling_lines() -> Iterator[str]:
    """The solution's lines that would tell something: long, code, and found nowhere in grader/.

    Headers (def, class, import) are the public interface; a string alone on its line is a bug's
    message, which students are meant to read. So are the stubs.
    """
    harness = "\n".join(file.read_text("utf-8") for file in (ROOT / "grader").rglob("*.py"))
    lines = {
        line
        for file in (ROOT / "reference").rglob("*.py")
        if file.parent.name != "stubs"
        for raw in file.read_text("utf-8").split("\n")
        if len(line := raw.strip()) >= SHORTEST_TELLING_LINE
        and not line.startswith(("def ", "class ", "from ", "import ", "@"))
        and not STRING_ALONE.match(line)
    }
    return (line for line in sorted(lines) if line not in harness)


def found_in(text: str, lines: Iterable[str]) -> set[str]:
    """The lines that stand anywhere in a text, which is gone through once for all of them."""
    beginning = SHORTEST_TELLING_LINE
    by_beginning: dict[str, list[str]] = {}
    for line in lines:
        by_beginning.setdefault(line[:beginning], []).append(line)
    return {
        line
        for at in range(len(text) - beginning + 1)
        for line in by_beginning.get(text[at : at + beginning], ())
        if text.startswith(line, at)
    }


@pytest.mark.slow
def test_no_line_of_the_solution_or_its_bugs_is_in_the_kit(kit: Kit) -> None:
    """Not in the wheel, not in the bundle inside it, not in the template, not in the zip."""
    lines = list(telling_lines())
    assert len(lines) > 500, "the scan would prove nothing"
    files = dict(contents(kit.folder.parent))
    assert any(name.endswith("manifest.json") for name in files)
    assert any("grader/worker/" in name for name in files)
    # The same files lie in the folder, in the zip and in the wheel.
    text = "\n".join(content.decode("utf-8", "replace") for content in {*files.values()})
    assert found_in(text, lines) == set()


def test_a_planted_line_would_be_found(kit: Kit, tmp_path: Path) -> None:
    """The scan above can fail: one line of the solution inside a wheel is found."""
    planted = next(itertools.islice(telling_lines(), 100, None))
    copy = tmp_path / kit.wheel.name
    shutil.copyfile(kit.wheel, copy)
    with zipfile.ZipFile(copy, "a") as wheel:
        wheel.writestr("grader/extra.py", f"    {planted}\n")
    text = "\n".join(content.decode("utf-8", "replace") for _, content in contents(tmp_path))
    assert found_in(text, [planted]) == {planted}


def test_the_wheel_registers_no_oracle_and_holds_only_the_public_bundle(kit: Kit) -> None:
    """No reference, no door to it, no hidden case."""
    with zipfile.ZipFile(kit.wheel) as wheel:
        names = wheel.namelist()
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "oracle" not in wheel.read(entry_points).decode()
    assert not [name for name in names if name.startswith("reference")]
    assert [name for name in names if name.endswith(".npz")] == [
        "grader/_shipped/bundles/hw3.public.npz"
    ]
    assert not [name for name in names if "__pycache__" in name]
    assert "+kit-" in kit.wheel.name


def test_the_zip_is_the_folder(kit: Kit) -> None:
    """What is uploaded is what was looked at."""
    with zipfile.ZipFile(kit.archive) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (kit.folder.parent / name).read_bytes()
        count = len(archive.namelist())
    assert count == sum(path.is_file() for path in kit.folder.rglob("*"))
    readme = (kit.folder / "README.md").read_text("utf-8")
    assert "pip install ./goldgrad-*.whl" in readme
    assert kit.wheel.name in readme


def test_nothing_is_overwritten(kit: Kit) -> None:
    """A folder with something in it is left alone."""
    with pytest.raises(UnusableInput, match="is not empty"):
        build_kit(kit.folder)


def test_an_instructors_own_assignment_becomes_the_kits_default(tmp_path: Path) -> None:
    """The wheel's only built-in assignment is the one the kit was made for."""
    text = (ROOT / "fixtures/assignments/windows.yaml").read_text("utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("assignment: windows", "assignment: ml2027"))
    done = build_kit(tmp_path / "out", own)
    with zipfile.ZipFile(done.wheel) as wheel:
        names = wheel.namelist()
    assert [name for name in names if name.endswith(".yaml")] == ["grader/assignments/ml2027.yaml"]
    assert "grader/_shipped/bundles/ml2027.public.npz" in names


def test_a_kit_cannot_make_kits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reference: who can, and no traceback."""
    monkeypatch.setattr("grader.kit.find_oracle", lambda: None)
    with pytest.raises(UnusableInput, match="this is a student kit"):
        build_kit(tmp_path / "x")


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    """Folder, zip, wheel, and what students type."""
    result = CliRunner().invoke(grade, ["kit", "-o", str(tmp_path / "handout")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "handout.zip").is_file()
    for words in ("handout.zip", "without the reference", "pip install"):
        assert words in result.output


@pytest.mark.slow
def test_a_student_installs_the_kit_and_checks_the_good_sample(kit: Kit, tmp_path: Path) -> None:
    """In an empty environment: pip install, grade check is clean, and no reference is there."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=True, symlinks=os.name != "nt")
    bin_folder = home / ("Scripts" if os.name == "nt" else "bin")
    python, command = bin_folder / "python", bin_folder / "grade"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "GOLDGRAD_", "VIRTUAL_ENV"))
    }

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(arg) for arg in args],
            capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
        )  # fmt: skip

    installed = run(python, "-m", "pip", "install", "--quiet", kit.wheel)
    assert installed.returncode == 0, installed.stderr
    assert run(python, "-c", "import reference").returncode == 1
    assert sys.prefix not in run(python, "-c", "import grader; print(grader.__file__)").stdout

    checked = run(command, "check", GOOD, "--train")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "FAIL" not in checked.stdout
    assert "self-check, public cases" in checked.stdout

    begun = run(command, "init", "mine")
    assert begun.returncode == 0, begun.stderr
    unwritten = run(command, "check", "mine")
    assert unwritten.returncode == 1
    assert "not written yet" in unwritten.stdout

    marked = run(command, GOOD)
    assert marked.returncode == 0, marked.stderr
    assert "marked with the public cases" in marked.stdout
    for course_command in (["kit"], ["gradescope", "build"]):
        refused = run(command, *course_command)
        assert refused.returncode == 2
        assert "where the reference solution is installed" in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_a_composed_assignment_s_kit_holds_its_own_template(tmp_path: Path) -> None:
    """In the folder and in the wheel, where `grade init` finds it; nothing is trained."""
    made = build_kit(tmp_path / "kit", ROOT / "fixtures/assignments/windows.yaml")
    homework = sorted(path.name for path in (made.folder / "homework").iterdir())
    assert homework == ["README.md", "conv.py", "pool.py", "test_homework.py"]
    with zipfile.ZipFile(made.wheel) as wheel:
        shipped = {
            Path(name).name for name in wheel.namelist() if "_shipped/student_template" in name
        }
    assert shipped == set(homework)
    assert "--train" not in (made.folder / "README.md").read_text("utf-8")
