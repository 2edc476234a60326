"""Zips: names that deceive are refused, names that are merely odd are not."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import Workspace, open_submission

CODE = "def forward(params, X):\n    return X\n"
Open = Callable[..., Workspace]
Make = Callable[..., Path]


def paths(workspace: Workspace) -> list[str]:
    return [source.path for source in workspace.sources]


def refused(path: Path, **limits: int) -> str:
    """The sentence and the hint of the refusal."""
    with pytest.raises(BadSubmission) as caught:
        open_submission(path, Limits(**limits))
    return f"{caught.value} / {caught.value.hint}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.py", ".."),
        ("a/../../evil.py", ".."),
        ("/etc/cron.d/evil.py", "absolute"),
        ("C:/evil.py", "drive letter"),
        ("c:evil.py", "drive letter"),
        ("..\\evil.py", ".."),
        ("a\\../..\\evil.py", ".."),
        ("C:\\evil.py", "drive letter"),
        ("\\evil.py", "absolute"),
        ("\\\\server\\share\\evil.py", "absolute"),
        ("layers.py\x00.txt", "NUL"),
        ("lay\x1b[2Jers.py", "control characters"),
        ("a/" * 30 + "x.py", "folders deep"),
        ("x" * 600 + ".py", "longer than"),
        ("   ", "is empty"),
    ],
)
def test_deceiving_names_refuse_the_whole_zip(make_zip: Make, name: str, said: str) -> None:
    """They are named and refused, never repaired, and the message itself is safe to print."""
    message = refused(make_zip([("layers.py", CODE), (name, "x")]))
    assert "refused" in message
    assert said in message
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("kind", "said"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "not an ordinary file")]
)
def test_links_and_special_files_refuse_the_whole_zip(make_zip: Make, kind: int, said: str) -> None:
    """A link could point at the grader's own files."""
    info = zipfile.ZipInfo("data.py")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    message = refused(make_zip([("layers.py", CODE), (info, "/etc/passwd")]))
    assert said in message
    assert "data.py" in message


def test_a_dot_before_the_name_is_ordinary(opened: Open) -> None:
    """Some tools write ./layers.py."""
    assert paths(opened([("./layers.py", CODE)])) == ["layers.py"]


def test_two_different_files_of_one_name_are_refused(make_zip: Make) -> None:
    """Tools would show a person one of them and run the other."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip([("layers.py", CODE), ("layers.py", "x = 1\n")])
    assert "different files called 'layers.py'" in refused(path)


def test_equal_copies_of_a_file_are_noted(make_zip: Make) -> None:
    """They leave no doubt."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip([("layers.py", CODE), ("layers.py", CODE)])
    workspace = open_submission(path, Limits())
    assert paths(workspace) == ["layers.py"]
    assert any("2 times" in note for note in workspace.notes)


def test_names_that_differ_only_in_case_are_noted(opened: Open) -> None:
    """Both are read; on the student's computer there may be only one."""
    workspace = opened([("layers.py", CODE), ("Layers.py", CODE)])
    assert paths(workspace) == ["Layers.py", "layers.py"]
    assert any("upper and lower case" in note for note in workspace.notes)


@pytest.mark.parametrize("name", ["numpy.py", "random.py", "numpy/__init__.py", "src/typing.py"])
def test_a_file_that_would_hide_a_module_is_left_out(opened: Open, name: str) -> None:
    """A submission's own numpy is never loaded, and the student is told."""
    workspace = opened([("layers.py", CODE), (name, "1/0")])
    assert paths(workspace) == ["layers.py"]
    assert any(name in note and "hide the module" in note for note in workspace.notes)


@pytest.mark.parametrize("name", ["code.py", "test.py", "net/random.py"])
def test_ordinary_homework_names_hide_nothing(opened: Open, name: str) -> None:
    """Homework is often called code.py; inside a package a name is free."""
    workspace = opened([(name, CODE), ("net/__init__.py", ""), ("a.py", "")])
    assert name in paths(workspace)
