"""grader/gradescope/build.py: what is in the zip, and what is not."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from fixtures.gradescope_contract import is_without_score
from grader.assignment_file import load_assignment
from grader.bundle_file import bundle_from_bytes, bundle_sha256
from grader.cli.group import grade
from grader.errors import UnusableInput
from grader.gradescope.build import Autograder, build_autograder
from grader.gradescope.run import FAILED
from grader.late import LateRule
from grader.secret import derived
from tests.grader.gradescope.conftest import SEED

pytestmark = pytest.mark.slow  # builds archives with wheels

MODES = {"setup.sh": 0o755, "run_autograder": 0o755, "requirements.txt": 0o644}


def contents(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file in a zip, and those in zips in it."""
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from contents(archive.read(inner), f"{name}/{inner}")


def read(small: Autograder, name: str) -> bytes:
    with zipfile.ZipFile(small.path) as archive:
        return archive.read(name)


def test_the_scripts_are_executable_at_the_root_and_the_rest_is_private(small: Autograder) -> None:
    """As Gradescope wants it; the zip itself is its owner's alone."""
    with zipfile.ZipFile(small.path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
    assert {name for name in entries if not name.endswith(".whl")} == {
        *MODES, "assignment.yaml", "hidden.npz", "settings.json",
    }  # fmt: skip
    for name, entry in entries.items():
        mode = entry.external_attr >> 16
        assert stat.S_ISREG(mode)
        assert stat.S_IMODE(mode) == MODES.get(name, 0o600), name
        assert entry.create_system == 3
    assert stat.S_IMODE(small.path.stat().st_mode) == 0o600


def test_equal_inputs_give_equal_bytes(small: Autograder, tmp_path: Path) -> None:
    """So that an instructor sees whether anything has changed."""
    again = build_autograder(tmp_path / "b.zip", small.path.parent / "small.yaml", seed=SEED)
    assert again.path.read_bytes() == small.path.read_bytes()


def test_the_secret_seed_is_not_in_it(small: Autograder) -> None:
    """Neither as text nor in hexadecimal, in no file; the hidden cases drawn from it are."""
    files = dict(contents(small.path.read_bytes()))
    assert len(files) > 100, "the search would prove nothing"
    for content in files.values():
        assert SEED.encode() not in content
        assert SEED.encode().hex().encode() not in content.lower()
    bundle = bundle_from_bytes(files["/hidden.npz"])
    assert bundle.visibility == "hidden"
    settings = json.loads(files["/settings.json"])
    assert bundle_sha256(bundle) == settings["bundle"]
    # What is drawn there is what `grade` draws here.
    assert settings["training_key"] == derived(SEED.encode(), "training", "small").hex()
    assert set(bundle.problems) == {"avg_pool_forward", "max_pool_forward"}


def test_the_wheel_brings_the_oracle_that_measures_training(small: Autograder) -> None:
    """The solution, the door to it, the stand-in data and the template."""
    files = dict(contents(small.path.read_bytes()))
    (points,) = (text for name, text in files.items() if name.endswith("entry_points.txt"))
    assert b"[goldgrad.oracle]\nreference = reference.oracle:ReferenceOracle" in points
    names = {name.partition(".whl/")[2] for name in files}
    assert {
        "reference/oracle.py",
        "grader/gradescope/run.py",
        "grader/_shipped/data/standin.txt",
        "grader/_shipped/student_template/report.md",
    } <= names


def test_requirements_are_what_is_installed_here(small: Autograder) -> None:
    """Exact versions, of what marking needs and nothing that only a course needs."""
    lines = read(small, "requirements.txt").decode().splitlines()
    pins = dict(line.split("==") for line in lines)
    assert pins["numpy"] == version("numpy")
    assert pins["pydantic-core"] == version("pydantic-core"), "what is required is pinned, too"
    for_courses = {"hatchling", "jinja2", "matplotlib", "openpyxl", "packaging"}
    assert not {"goldgrad", *for_courses} & set(pins)
    assert [line.partition("==")[0] for line in lines] == sorted(pins)


def test_the_scripts_are_whole(small: Autograder) -> None:
    """No placeholder is left, bash can read them, and the last resort is a proper answer."""
    for name in ("setup.sh", "run_autograder"):
        text = read(small, name).decode()
        assert not re.search(r"@[A-Z_]+@", text)
        assert text.startswith("#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    runner = read(small, "run_autograder").decode()
    fallback = runner.partition("<<'END'\n")[2].partition("END\n")[0]
    assert is_without_score(fallback)
    assert json.loads(fallback)["output"] == FAILED
    assert "timeout --kill-after=5 580 " in runner


def test_where_gradescope_gives_less_or_goes_its_own_way_is_said(small: Autograder) -> None:
    """Memory here; hw3's training does not fit into half a core and ten minutes; lateness."""
    (memory,) = small.concerns
    assert "allows 100000 MB of memory" in memory
    hw3 = load_assignment("hw3").model_copy(update={"late": LateRule(per_day=10)})
    train, memory, late = replace(small, assignment=hw3).concerns
    assert "all its runs need 10 min on half a core" in train
    assert "allows 1024 MB of memory" in memory
    assert "set Gradescope's own" in late


def test_nothing_is_written_where_it_cannot_be_built(
    small: Autograder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not there; no reference solution. What was there stays."""
    with pytest.raises(UnusableInput, match="there is no folder"):
        build_autograder(tmp_path / "no/a.zip", small.path.parent / "small.yaml", seed=SEED)
    out = tmp_path / "a.zip"
    out.write_bytes(b"mine")
    monkeypatch.setattr("grader.gradescope.build.find_oracle", lambda: None)
    with pytest.raises(UnusableInput, match="where the reference solution is installed"):
        build_autograder(out, "hw3")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.zip", b"mine")]


def test_the_command_says_what_it_wrote_and_what_to_do(small: Autograder, tmp_path: Path) -> None:
    """The zip, what is in it (such as one's own data), who must not see it, where it goes."""
    out, data = tmp_path / "autograder.zip", tmp_path / "mine.txt"
    data.write_bytes((Path(__file__).parents[3] / "fixtures/data/standin.txt").read_bytes())
    yaml = small.path.parent / "small.yaml"
    command = ["gradescope", "build", yaml, "-o", out, "--dataset", data, "--minutes", 5]
    done = CliRunner().invoke(grade, [*map(str, command), "--seed", SEED])
    assert done.exit_code == 0, done.output
    for words in (
        f"{out} (",
        "for small: A small one",
        "without your secret seed",
        "training data: yours, in the zip",
        "keep it to yourself",
        "5 minutes",
        "note: the assignment allows 100000 MB",
    ):
        assert words in done.output
    assert max(map(len, done.output.replace(str(out), "").split("\n"))) <= 80
    with zipfile.ZipFile(out) as archive:
        assert archive.read("dataset.txt") == data.read_bytes()
        assert b"timeout --kill-after=5 280 " in archive.read("run_autograder")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.yaml"], "cannot read the assignment nothing.yaml"),
        (["--minutes", "41"], "41 is not in the range"),
        (["--seed", " "], "the text is empty"),
    ],
)
def test_what_cannot_be_used_is_refused(arguments: list[str], words: str, tmp_path: Path) -> None:
    """With exit code 2, and no file."""
    out = tmp_path / "autograder.zip"
    done = CliRunner().invoke(grade, ["gradescope", "build", "-o", str(out), *arguments])
    assert done.exit_code == 2
    assert words in done.output
    assert not out.exists()


def test_no_command_is_help() -> None:
    """`grade gradescope` alone shows what there is."""
    done = CliRunner().invoke(grade, ["gradescope"])
    assert done.exit_code == 0
    assert "build  Build the zip" in done.output


def test_setup_says_what_failed_and_what_to_do(small: Autograder, tmp_path: Path) -> None:
    """A base image without a Python that is new enough, and without a way to one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "apt-get").write_text("#!/bin/sh\necho no network\nexit 100\n", encoding="utf-8")
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # too old
    for program in programs.iterdir():
        program.chmod(0o755)
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run(
        [bash], input=read(small, "setup.sh"), env={"PATH": str(programs)}, capture_output=True,
        check=False,
    )  # fmt: skip
    said = done.stdout.decode()
    assert done.returncode == 1
    assert "goldgrad: apt-get update failed" in said
    assert "goldgrad: setup failed: no Python 3.11 or newer with venv can be had" in said
    assert "what to do: choose a newer Ubuntu as the base image" in said
