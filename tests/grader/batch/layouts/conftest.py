"""Files by their names alone: what a layout reads, it reads from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from grader.batch.layouts.upload import Upload, entries_of


@pytest.fixture
def laid_out(tmp_path: Path) -> Callable[..., list[Path]]:
    """Makes empty files of these names, and folders of those that end with a slash."""

    def make(*names: str) -> list[Path]:
        (tmp_path / "export").mkdir(exist_ok=True)
        for name in names:
            path = tmp_path / "export" / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(b"")
        return entries_of(tmp_path / "export")

    return make


@pytest.fixture
def files_of() -> Callable[[Iterable[Upload]], dict[str, list[str]]]:
    """Of each upload whose it is, and what its files were called."""

    def read(uploads: Iterable[Upload]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in uploads:
            found.setdefault(each.people[0].id, []).extend(name for name, _ in each.files)
        return found

    return read
