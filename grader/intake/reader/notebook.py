"""From a notebook to importable modules, each line traceable to its cell."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from grader.intake.reader.cells import Notebook, WrittenFile, read_cells
from grader.intake.reader.definitions import definitions
from grader.intake.reader.statements import Line
from grader.intake.reader.unreadable import UnreadableDocument

MAX_MARKDOWN = 200_000
_MAX_CODE = 1_000_000
_MAX_LINES = 50_000
_OLD_FORMAT = re.compile(rb'"nbformat"\s*:\s*[0-3]\b')
_MAX_NOTES = 12


def warm_up(data: bytes) -> None:
    """Import what this notebook will need: once the process is confined, that may not work."""
    codecs.lookup("utf-8-sig")
    if _OLD_FORMAT.search(data):
        import nbformat

        empty = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}
        nbformat.reads(json.dumps(empty), as_version=4)  # type: ignore[no-untyped-call]


def read_notebook(data: bytes) -> dict[str, Any]:
    """The answer that grader/intake/notebook.py understands.

    Returns:
        "modules": a list of {"path": of a file that a cell writes, or None for the notebook's
        own module, "lines": [[text, cell or None, line or None], ...]};
        "markdown": all text cells; "notes": what was left out and why.

    Raises:
        UnreadableDocument: not a notebook, or more code than any homework has.
    """
    notebook = read_cells(data)
    lines, notes = definitions(notebook.code)
    modules: list[dict[str, Any]] = [{"path": None, "lines": _plain(lines)}]
    modules += [
        {"path": path, "lines": _plain(lines)} for path, lines in _written(notebook).items()
    ]
    for module in modules:
        texts = [text for text, _, _ in module["lines"]]
        if len(texts) > _MAX_LINES or sum(map(len, texts)) > _MAX_CODE:
            raise UnreadableDocument("it holds more than a megabyte of code; is that data?")
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
