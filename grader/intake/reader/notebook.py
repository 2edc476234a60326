"""From a notebook to importable modules, each line traceable to its cell."""

from __future__ import annotations

from typing import Any

from grader.intake.reader.cells import Notebook, WrittenFile, read_cells
from grader.intake.reader.definitions import definitions
from grader.intake.reader.statements import Line

MAX_MARKDOWN = 200_000
_MAX_NOTES = 12


def read_notebook(data: bytes) -> dict[str, Any]:
    """The answer that grader/intake/notebook.py understands.

    Returns:
        "modules": a list of {"path": of a file that a cell writes, or None for the notebook's
        own module, "lines": [[text, cell or None, line or None], ...]};
        "markdown": all text cells; "notes": what was left out and why.
    """
    notebook = read_cells(data)
    lines, notes = definitions(notebook.code)
    modules: list[dict[str, Any]] = [{"path": None, "lines": _plain(lines)}]
    modules += [
        {"path": path, "lines": _plain(lines)} for path, lines in _written(notebook).items()
    ]
    notes = [*notebook.notes, *notes]
    if len(notes) > _MAX_NOTES:
        notes = [*notes[:_MAX_NOTES], f"and {len(notes) - _MAX_NOTES} more remarks"]
    return {"modules": modules, "markdown": notebook.markdown[:MAX_MARKDOWN], "notes": notes}


def _plain(lines: list[Line]) -> list[list[str | int | None]]:
    return [[line.text, line.cell, line.line] for line in lines]


def _written(notebook: Notebook) -> dict[str, list[Line]]:
    """Files that cells write, as they are on disk after all cells ran from top to bottom."""
    files: dict[str, list[Line]] = {}
    for written in notebook.files:
        if not written.appends:
            files[written.path] = []
        files.setdefault(written.path, []).extend(_file_lines(written))
    return files


def _file_lines(written: WrittenFile) -> list[Line]:
    return [
        Line(text, written.number, number) for number, text in enumerate(written.lines, start=1)
    ]
