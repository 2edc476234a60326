"""Refusals that honest code is spared, and those it is not; behind the filter of system calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.worker import lenient, seccomp

if TYPE_CHECKING:
    from .conftest import Filtered

pytestmark = pytest.mark.skipif(
    not seccomp.available(), reason="NOT TESTED: no filter of system calls on this machine"
)
_FIRST = """
import pathlib, shutil, socket
from grader.worker import lenient
os.chdir({folder!r})
lenient.install(pathlib.Path.cwd())
"""


def _output(filtered: Filtered, folder: Path, source: str) -> str:
    return filtered.output(source, first=_FIRST.format(folder=str(folder)))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The process's own folder, with one file in it."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "file").write_text("text")
    return folder


@pytest.mark.parametrize(
    "statement",
    [
        "shutil.copy('file', 'copied')",
        "shutil.copy2('file', pathlib.Path('copied'))",
        "os.mkdir('a'); shutil.copytree('a', 'b'); shutil.copystat(b'file', 'b')",
        "os.chmod('file', 0o644)",
        "pathlib.Path('file').resolve().chmod(0o600)",
        "os.utime('file'); os.utime('file', (1, 1)); os.utime('.', ns=(1, 1))",
        "os.chown('file', os.getuid(), -1)",
        "assert os.listxattr() == os.listxattr('file') == []",
        "assert os.nice(0) == os.nice(5) == 0",
        "os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})",
        "os.truncate('file', 2); assert pathlib.Path('file').read_bytes() == b'te'",
    ],
)
def test_harmless_habits_go_on(filtered: Filtered, own: Path, statement: str) -> None:
    """On the process's own files, and for the machine's good."""
    assert _output(filtered, own, f"{statement}\nprint('on')") == "on\n"


@pytest.mark.parametrize(
    "call",
    [
        "os.chmod('..', 0o777)",
        "os.chmod('../owner', 0o777)",
        "os.chmod(sys.executable, 0o777)",
        "os.chmod('outside', 0o777)",
        "os.utime('../owner')",
        "os.chown(sys.executable, -1, -1)",
        "os.chmod('file', 0o777, dir_fd=os.open('..', os.O_RDONLY))",
        "os.chmod(0, 0o777)",
        "os.nice(-1)",
        "os.sched_setaffinity(0, range(1024))",
        "os.sched_setaffinity(os.getppid(), {0})",
        "os.link('file', 'linked')",
        "os.truncate('../owner', 0)",
        "os.truncate('outside', 0)",
        "os.setxattr('file', 'user.a', b'')",
    ],
)
def test_what_matters_is_refused(filtered: Filtered, own: Path, call: str) -> None:
    """Beside the folder, through links out of it, by descriptor, and what takes from others."""
    (own.parent / "owner").write_text("another's")  # a folder's name is no prefix of a path
    (own / "outside").symlink_to(own.parent / "owner")
    source = f"try:\n    {call}\nexcept PermissionError:\n    print('refused')"
    assert _output(filtered, own, source) == "refused\n"


def test_what_is_passed_over_is_not_done(filtered: Filtered, own: Path) -> None:
    """The kernel has refused: mode and times are as they were."""
    before = (own / "file").stat()
    _output(filtered, own, "os.chmod('file', 0o4777); os.utime('file', (1, 1))")
    after = (own / "file").stat()
    assert (before.st_mode, before.st_mtime) == (after.st_mode, after.st_mtime)


def test_what_is_missing_is_missing(filtered: Filtered, own: Path) -> None:
    """Code that makes a file which it cannot touch meets the exception it waits for."""
    source = "try:\n    os.utime('new')\nexcept FileNotFoundError:\n    print('missing')"
    assert _output(filtered, own, source) == "missing\n"


def test_where_nothing_is_refused_all_is_done(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a filter the functions do what they always do."""
    for name in (
        "chmod",
        "chown",
        "lchown",
        "utime",
        "listxattr",
        "nice",
        "sched_setaffinity",
        "truncate",
    ):
        monkeypatch.setattr(os, name, getattr(os, name))  # put back what is replaced
    lenient.install(own)
    (own / "file").chmod(0o640)
    os.utime(own / "file", (1, 2))
    found = (own / "file").stat()
    assert (found.st_mode & 0o777, found.st_mtime) == (0o640, 2)
