"""Submissions made of text, and small limits, so that the tests are quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from grader.assignment import Assignment
from grader.assignment_file import load_assignment
from grader.intake.workspace import SourceFile, Workspace
from grader.result import SubmissionInfo
from grader.sandbox import ForkServer
from grader.student import Student

Submit = Callable[..., Student]


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """The built-in homework with one second for everything."""
    full = load_assignment("hw3")
    changes = {"call_cpu_seconds": 0.3, "import_cpu_seconds": 0.3, "memory_mb": 256}
    return full.model_copy(update={"limits": full.limits.model_copy(update=changes)})


def workspace(sources: dict[str, str]) -> Workspace:
    """A submission with these files."""
    info = SubmissionInfo(name="test", kind="folder", sha256="0" * 64)
    return Workspace(info, tuple(SourceFile(path, text) for path, text in sources.items()), None)


@pytest.fixture
def submit(server: ForkServer, assignment: Assignment) -> Iterator[Submit]:
    """Makes a Student of files: ``submit(layers="...")`` or ``submit({"layers.py": "..."})``."""
    students: list[Student] = []

    def make(sources: dict[str, str] | None = None, **named: str) -> Student:
        files = (sources or {}) | {f"{name}.py": text for name, text in named.items()}
        students.append(Student(server, workspace(files), assignment))
        return students[-1]

    yield make
    for student in students:
        student.close()
