"""grader/intake/identity.py: the hash that a second run of a batch recognises a submission by."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.intake import open_submission
from grader.intake.identity import submission_sha256


def hashed(path: Path) -> str:
    return submission_sha256(path, Limits())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "s1"
    (path / "inner").mkdir(parents=True)
    (path / "layers.py").write_text("x = 1\n")
    (path / "inner/report.md").write_text("# Report\n\nThe final loss is 0.3.\n")
    return path


def test_it_is_the_hash_that_the_result_carries(folder: Path, tmp_path: Path) -> None:
    """Computed before anything is opened, it equals what intake says of a folder and a zip."""
    file = tmp_path / "s2.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("layers.py", "x = 1\n")
    for path in (folder, file):
        assert hashed(path) == open_submission(path, Limits()).info.sha256
    assert hashed(file) == hashlib.sha256(file.read_bytes()).hexdigest()


def test_what_marking_reads_counts_and_nothing_else(folder: Path) -> None:
    """Code, report and names change it; data and caches do not, nor do times."""
    before = hashed(folder)
    (folder / "data.csv").write_text("1,2\n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/layers.py").write_text("stale")
    os.utime(folder / "layers.py", (1, 1))
    assert hashed(folder) == before
    (folder / "inner/report.md").write_text("# Report\n\nThe final loss is 0.4.\n")
    changed = hashed(folder)
    assert changed != before
    (folder / "layers.py").rename(folder / "nets.py")
    assert hashed(folder) not in {before, changed}


@pytest.mark.skipif(os.name == "nt", reason="a sparse file of a terabyte")
def test_an_absurdly_large_file_costs_no_time(tmp_path: Path) -> None:
    """A terabyte of nothing is not read."""
    file = tmp_path / "huge.zip"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)
    assert hashed(file) == hashlib.sha256().hexdigest()


def test_a_folder_that_is_refused_has_a_hash(tmp_path: Path) -> None:
    """More files than any homework has: refused alike, hashed alike."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2_001):
        (folder / f"{number}.py").touch()
    assert hashed(folder) == hashed(folder) != hashlib.sha256().hexdigest()
