"""Everything that a course's standings are written as: one table, a line a format."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UnusableInput
from grader.standing import Course


@dataclass(frozen=True)
class Format:
    """One format."""

    target: str
    """The file in the results folder, or the folder of files ("feedback/")."""
    module: str
    """Of grader/render; its ``write(course, path)`` writes the file, or into the folder. It is
    imported when it is used: some need large libraries."""
    summary: str
    after_batch: bool = False
    """Whether a batch leaves it by itself."""
    only_results: bool = False
    """Whether it says nothing but Results, which no adjustment changes."""


FORMATS = {
    "csv": Format("gradebook.csv", "gradebook", "the gradebook", after_batch=True),
    "class": Format("class.html", "html.class_page", "the class at a glance", after_batch=True),
    "jsonl": Format("results.jsonl", "lines", "all Results, one a line", True, only_results=True),
    "json": Format("results.json", "course_json", "standings and Results in one document"),
    "html": Format("feedback/", "html.feedback_page", "a page for each student"),
    "markdown": Format("feedback/", "feedback", "a Markdown file for each student"),
    "xlsx": Format("gradebook.xlsx", "xlsx", "the gradebook for spreadsheet programs"),
    "canvas": Format("canvas.csv", "canvas", "marks to import into Canvas's gradebook"),
    "moodle": Format("moodle.csv", "moodle", "marks and comments to import into Moodle"),
    "gradescope": Format("gradescope/", "gradescope", "a results.json for each submission"),
}


def export(course: Course, name: str, folder: Path) -> Path:
    """Write one format into a results folder; a file appears whole or not at all.

    Args:
        course: what to write.
        name: a key of FORMATS.
        folder: the results folder.

    Returns:
        The file or folder that was written.

    Raises:
        UnusableInput: it cannot be written there.
    """
    chosen = FORMATS[name]
    write = importlib.import_module(f"grader.render.{chosen.module}").write
    path = folder / chosen.target
    try:
        if chosen.target.endswith("/"):
            write(course, path)
            return path
        with draft_of(path) as draft:
            write(course, draft)
    except OSError as error:
        raise UnusableInput(f"cannot write {path}: {error.strerror}") from error
    return path


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A file beside one, to be written, which takes its place at the end if all went well.

    Raises:
        OSError: it cannot be written there.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
