"""CSV files as people have them: exported by a course system, or saved by a spreadsheet program."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UnusableInput
from grader.untrusted import shown

_MAX_BYTES = 100_000_000
_DELIMITERS = (",", ";", "\t")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx (or .ods) and .xls files begin."""
_PROTECTED = re.compile(r'="([^"]*)"')
"""How programs keep a spreadsheet from taking 0042 for a number."""
_SEP_LINE = re.compile(r"\Asep=.?(?=[\r\n])", re.IGNORECASE)
"""Excel's own way to name the delimiter, before the header."""
_SEPARATORS = re.compile(r"[\s_\-]+")


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    line: int
    """Where it ends in the file, from 1."""
    cells: Mapping[str, str]
    """By the header's names as ``plain_header`` makes them; without the empty ones."""


@dataclass(frozen=True)
class Table:
    """A CSV file with a header."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def plain_header(text: str) -> str:
    """A column's name without case, accents' coding, underscores and hyphens: "sis login id"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SEPARATORS.sub(" ", folded).strip()


def read_table(path: Path) -> Table:
    """Read a CSV file.

    In UTF-8 with or without a mark, UTF-16 or Windows' Western code page; with commas, semicolons
    or tabs, whichever its header has most of.

    Raises:
        UnusableInput: it cannot be read, has no header, or is no table.
    """
    name = shown(path.name, 120)
    text = _SEP_LINE.sub("", _text(path, name))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = tuple(plain_header(cell) for cell in cells)
                continue
            # Of two columns with one name the first counts.
            pairs = reversed([(c, _plain(v)) for c, v in zip(columns, cells, strict=False)])
            rows.append(Row(reader.line_num, {c: v for c, v in pairs if c and v}))
    except csv.Error as error:
        raise UnusableInput(f"{name}:{reader.line_num}: not a CSV file: {error}") from error
    if not columns:
        raise UnusableInput(f"{name} is empty", hint="its first line names the columns")
    return Table(name, columns, tuple(rows))


def _plain(cell: str) -> str:
    found = _PROTECTED.fullmatch(cell.strip())
    return found[1].strip() if found else cell.strip()


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UnusableInput(f"cannot read {name}: {error.strerror}") from error
    if len(data) > _MAX_BYTES:
        raise UnusableInput(f"{name} has more than {_MAX_BYTES // 1_000_000} MB")
    if data.startswith(_SPREADSHEETS):
        raise UnusableInput(f"{name} is not a CSV file", hint="save the spreadsheet as CSV (UTF-8)")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=unquoted.count)
