"""Which bubblewrap is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.sandbox.bubblewrap import find_bubblewrap


@pytest.mark.skipif(sys.platform == "win32", reason="there is none, nor modes")
@pytest.mark.parametrize("place", [".", "", "here", "./here"])
def test_no_program_of_a_submission_is_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Whoever has relative folders on PATH may work in a folder that a student has filled."""
    monkeypatch.chdir(tmp_path)
    proper = tmp_path / "proper"
    for folder in (tmp_path, tmp_path / "here", proper):
        folder.mkdir(exist_ok=True)
        (folder / "bwrap").write_text("#!/bin/sh\n")
        (folder / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:{proper}")
    assert find_bubblewrap() == str(proper / "bwrap")
    monkeypatch.setenv("PATH", place)
    assert find_bubblewrap() is None
