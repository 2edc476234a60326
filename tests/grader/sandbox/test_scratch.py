"""What student code has written to a folder on the disk, counted from outside."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.sandbox.scratch import Scratch, usage

_MOST = 100


def test_a_tree_is_counted(tmp_path: Path) -> None:
    """Files and folders, and what they occupy; a link is one file, whatever it leads to."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "block").write_bytes(b"x" * 100_000)
    (tmp_path / "link").symlink_to("/")
    size, number = usage(tmp_path, _MOST)
    assert number == 3
    assert 100_000 <= size < 200_000


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be entered one by one")
def test_nothing_can_be_hidden_deeper_than_a_path_can_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that cannot be looked at is too large, and is deleted all the same."""
    scratch = Scratch()
    folder = scratch.new()
    monkeypatch.chdir(folder)
    for _ in range(30):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    Path("hidden").write_bytes(b"x" * 100_000)
    monkeypatch.chdir(tmp_path)
    assert usage(folder, _MOST)[1] > _MOST
    scratch.close()
    assert not folder.exists()
