"""A notebook's cells: code without magics, and text.

Line numbers never change: what is removed leaves a blank line or ``pass``, so line 7 of a cell
stays line 7. Magics are only looked for in cells that are not valid Python as they stand: a line
that starts with ``%`` may well continue an expression.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import Any

from grader.intake.reader.unreadable import UnreadableDocument

_MAX_CELLS = 5_000

# Cell magics that run their body as Python here and now.
_BODY_IS_PYTHON = {"time", "timeit", "capture", "prun", "python", "python3", "memit", "debug"}
_WRITES_FILE = {"writefile", "file"}

_CELL_MAGIC = re.compile(r"^\s*%%(\w+)[ \t]*(.*)$")
_LINE_MAGIC = re.compile(
    r"^(?P<indent>[ \t]*)(?:"
    r"%{1,2}[A-Za-z_]\w*"  # %matplotlib inline
    r"|!"  # !pip install
    r"|\?{1,2}[\w.*]+[ \t]*$"  # ?np.zeros
    r"|[\w.*]+\?{1,2}[ \t]*$"  # np.zeros?
    r"|[\w, \t]{1,100}=[ \t]*(?:!|%[A-Za-z_])"  # files = !ls
    r")"
)


@dataclass(frozen=True)
class CodeCell:
    """A code cell that is valid Python."""

    number: int
    """Code cells counted from 1, empty ones too."""
    lines: tuple[str, ...]
    tree: ast.Module


@dataclass(frozen=True)
class WrittenFile:
    """A Python file that a cell writes: ``%%writefile layers.py``."""

    path: str
    appends: bool
    number: int
    lines: tuple[str, ...]
    """The first line, the magic, is blank."""


@dataclass(frozen=True)
class Notebook:
    """What a notebook's cells hold."""

    code: tuple[CodeCell, ...]
    files: tuple[WrittenFile, ...]
    markdown: str
    notes: tuple[str, ...]


def read_cells(data: bytes) -> Notebook:
    """Parse a notebook file; notebooks before format 4 are upgraded.

    Raises:
        UnreadableDocument: not a notebook, or not one in Python.
    """
    document = _parsed(data)
    _require_python(document)
    code: list[CodeCell] = []
    files: list[WrittenFile] = []
    markdown: list[str] = []
    notes: list[str] = []
    number = 0
    for cell in _cells(document):
        source = _source(cell)
        if cell.get("cell_type") == "markdown":
            markdown.append(source)
        if cell.get("cell_type") != "code":
            continue
        number += 1
        found = code_cell(number, source)
        if isinstance(found, CodeCell):
            code.append(found)
        elif isinstance(found, WrittenFile):
            files.append(found)
        elif found is not None:
            notes.append(found)
    return Notebook(tuple(code), tuple(files), "\n\n".join(markdown), tuple(notes))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text)
    except (UnicodeDecodeError, ValueError) as error:
        raise UnreadableDocument(
            "it is not a notebook (no valid JSON); save it again in Jupyter"
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise UnreadableDocument("it is not a notebook; save it again in Jupyter")
    if document["nbformat"] >= 4:
        return document
    import nbformat

    try:
        return dict(nbformat.reads(text, as_version=4))  # type: ignore[no-untyped-call]
    except Exception as error:  # the library promises no list of errors
        raise UnreadableDocument(
            "its notebook format is too old to be read; save it again in Jupyter"
        ) from error


def _require_python(document: dict[str, Any]) -> None:
    metadata = _mapping(document.get("metadata"))
    language = _mapping(metadata.get("language_info")).get("name") or _mapping(
        metadata.get("kernelspec")
    ).get("language")
    if isinstance(language, str) and not re.match(r"i?python", language, re.IGNORECASE):
        raise UnreadableDocument(f"it is written in {language[:40]}, not in Python")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cells(document: dict[str, Any]) -> list[dict[str, Any]]:
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise UnreadableDocument("it is not a notebook; save it again in Jupyter")
    if len(cells) > _MAX_CELLS:
        raise UnreadableDocument(f"it has more than {_MAX_CELLS} cells")
    return [cell for cell in cells if isinstance(cell, dict)]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return source.encode("utf-8", "replace").decode("utf-8")  # JSON may hold lone surrogates


def code_cell(number: int, source: str) -> CodeCell | WrittenFile | str | None:
    """The cell as Python, as a file it writes, as a note on why not, or None for no Python."""
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    magic = _CELL_MAGIC.match(lines[first])
    if magic is not None:
        name, rest = magic.group(1), magic.group(2).strip()
        lines[first] = ""
        if name in _WRITES_FILE:
            return _written_file(number, rest, lines)
        if name not in _BODY_IS_PYTHON:
            return None
    lines = _unindented(lines)
    tree, _ = _tree(lines)
    if tree is None:
        lines = _without_magics(lines)
        tree, problem = _tree(lines)
        if tree is None:
            return f"cell {number}{problem}; the cell was left out"
    return CodeCell(number, tuple(lines), tree)


def _written_file(number: int, rest: str, lines: list[str]) -> WrittenFile | None:
    words = rest.replace('"', "").replace("'", "").split()
    appends = "-a" in words or "--append" in words
    path = words[-1].removeprefix("./") if words else ""
    if not re.fullmatch(r"(?:\w{1,60}/){0,4}\w{1,60}\.py", path):
        return None
    return WrittenFile(path, appends, number, tuple(lines))


def _unindented(lines: list[str]) -> list[str]:
    """As IPython does: the first line's indentation is taken off all lines."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _without_magics(lines: list[str]) -> list[str]:
    cleaned: list[str] = []
    continued = False
    for line in lines:
        match = _LINE_MAGIC.match(line)
        if match or continued:
            cleaned.append((match.group("indent") if match else "") + ("pass" if match else ""))
            continued = line.rstrip().endswith("\\")
        else:
            cleaned.append(line)
    return cleaned


def _tree(lines: list[str]) -> tuple[ast.Module | None, str]:
    try:
        return ast.parse("\n".join(lines)), ""
    except SyntaxError as error:
        return None, f", line {error.lineno}: syntax error: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return None, " is too deeply nested to be read"
