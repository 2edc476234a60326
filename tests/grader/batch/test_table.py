"""grader/batch/table.py: CSV as people have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.table import Table, read_table
from grader.errors import UnusableInput

TEXT = 'Student ID,Name\r\n1,"Müller, Ö"\r\n\r\n2,Łukasz\r\n'
ROWS = [{"student id": "1", "name": "Müller, Ö"}, {"student id": "2", "name": "Łukasz"}]


def table(folder: Path, data: bytes) -> Table:
    path = folder / "list.csv"
    path.write_bytes(data)
    return read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_every_unicode_that_programs_save_in(tmp_path: Path, encoding: str) -> None:
    """With and without a mark; Excel's "Unicode text" is UTF-16 with one."""
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    found = table(tmp_path, mark + TEXT.encode(encoding))
    assert [row.cells for row in found.rows] == ROWS


def test_windows_western_code_page(tmp_path: Path) -> None:
    """What Excel calls plain CSV in western Europe."""
    found = table(tmp_path, "SID;Name\r\n1;Jürgen Groß\r\n".encode("cp1252"))
    assert found.rows[0].cells == {"sid": "1", "name": "Jürgen Groß"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_headers(tmp_path: Path, delimiter: str) -> None:
    """Other delimiters inside quotes do not count."""
    header = delimiter.join(["id", '"name; given, family"', "email"])
    line = delimiter.join(["7", '"a, b; c"', "e@x"])
    found = table(tmp_path, f"{header}\n{line}\n".encode())
    assert found.rows[0].cells == {"id": "7", "name; given, family": "a, b; c", "email": "e@x"}


def test_a_spreadsheets_first_line_that_names_the_delimiter(tmp_path: Path) -> None:
    """Excel writes and reads "sep=;"; it is no header."""
    found = table(tmp_path, b"sep=;\r\nid;name\r\n1;Doe\r\n")
    assert found.columns == ("id", "name")
    assert found.rows[0].cells == {"id": "1", "name": "Doe"}


def test_headers_are_compared_without_case_and_hyphens(tmp_path: Path) -> None:
    """SIS_Login-ID and sis login id are one; of two columns with one name the first counts."""
    found = table(tmp_path, b"SIS_Login-ID,  Name ,name\nx,first,second\ny,,second\n")
    assert found.columns == ("sis login id", "name", "name")
    assert [row.cells["name"] for row in found.rows] == ["first", "second"]


def test_zeros_that_a_formula_protects(tmp_path: Path) -> None:
    """Some systems write ="0042", so that a spreadsheet program keeps the zeros."""
    found = table(tmp_path, b'id,name\n="0042",Doe\n"=""0043""",Roe\n')
    assert [row.cells["id"] for row in found.rows] == ["0042", "0043"]


def test_lines_are_counted_as_in_an_editor(tmp_path: Path) -> None:
    """A cell of two lines takes two; short and long lines are taken as they are."""
    found = table(tmp_path, b'id,name\n1,"a\nb"\n2\n3,c,d\n')
    assert [(row.line, row.cells["id"]) for row in found.rows] == [(3, "1"), (4, "2"), (5, "3")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04rest", "is not a CSV file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "is not a CSV file"),
        (b"id\n" + b"x" * 200_000, "not a CSV file: field larger"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    """An empty file, a spreadsheet of either kind, a file without end of cell."""
    with pytest.raises(UnusableInput, match=words):
        table(tmp_path, data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Not with a traceback."""
    with pytest.raises(UnusableInput, match=r"cannot read none\.csv: No such file"):
        read_table(tmp_path / "none.csv")
