"""grader/render/exports.py: the table of formats, and files that appear whole or not at all."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from grader.errors import UnusableInput
from grader.render import lines
from grader.render.exports import FORMATS, export
from grader.result import Result
from grader.standing import Course
from tests.grader.render.conftest import absent, course, standing


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_class_with_all_kinds_of_rows(
    name: str, result: Result, tmp_path: Path
) -> None:
    """Marked, not marked, not handed in: each format says what it can of them, and breaks on none.

    The same class gives the same bytes.
    """
    rows = course(standing("s1", result), standing("s2", None, "the grader failed"), absent("s3"))
    written = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        path = export(rows, name, folder)
        assert path == folder / FORMATS[name].target.rstrip("/")
        files = [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file())
        assert files
        written.append({file.relative_to(folder): file.read_bytes() for file in files})
    assert written[0] == written[1]


def test_no_two_formats_share_a_file() -> None:
    """One would take the other's place; only what is for students lies side by side."""
    targets = [f.target for f in FORMATS.values() if f.target != "feedback/"]
    assert len(set(targets)) == len(targets)


@pytest.mark.parametrize("name", FORMATS)
def test_what_the_table_promises_is_there(name: str) -> None:
    """A module with ``write``, which is imported only when it is used."""
    module = importlib.import_module(f"grader.render.{FORMATS[name].module}")
    assert callable(module.write)


def test_a_failure_half_way_leaves_the_earlier_file(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not turn a gradebook into half of one."""
    export(course(standing("s1", result)), "jsonl", tmp_path)
    before = (tmp_path / "results.jsonl").read_bytes()

    def fill_the_disk(_: Course, path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lines, "write", fill_the_disk)
    with pytest.raises(UnusableInput, match=r"cannot write .*results\.jsonl: No space left"):
        export(course(standing("s1", result)), "jsonl", tmp_path)
    assert (tmp_path / "results.jsonl").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["results.jsonl"]
