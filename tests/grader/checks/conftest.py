"""Small submissions, marked for real: their code runs behind the wall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking
from grader.result import Result
from grader.sandbox import ForkServer

GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"

_FILES = {"train_file": "train.py", "report": "report.md"}

Mark = Callable[..., Result]


@pytest.fixture
def mark(tmp_path: Path, server: ForkServer, marking: Marking) -> Iterator[Mark]:
    """Mark the good sample with some files replaced (or removed, with None)."""

    def marked(*, train: bool = False, **files: str | None) -> Result:
        for source in GOOD.iterdir():
            if source.is_file():
                (tmp_path / source.name).write_bytes(source.read_bytes())
        for name, text in files.items():
            path = tmp_path / _FILES.get(name, f"{name}.py")
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        return grade(tmp_path, marking, train=train, server=server)

    return marked
