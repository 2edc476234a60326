"""The text of a Word document (.docx), by python-docx: paragraphs, tables and formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from grader.intake.reader.unreadable import UnreadableDocument

MAX_TEXT = 200_000
_MAX_UNPACKED = 200_000_000
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def warm_up() -> None:
    """Read an empty document, and so import what that takes: once confined, we may not."""
    from docx import Document

    document = Document()
    document.add_paragraph("a")
    document.add_table(1, 1)
    _blocks(document)


def read_docx(data: bytes) -> str:
    """Paragraphs a line each, table rows a line each with "|" between the cells.

    Raises:
        UnreadableDocument: encrypted, damaged, no .docx, or without text.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    if data.startswith(_OLD_WORD):
        raise UnreadableDocument(
            "it is an old or password-protected Word file; save it as .docx without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MAX_UNPACKED:
                raise UnreadableDocument("the Word file is too large")
        document = Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise UnreadableDocument("the Word file is damaged; save it again as .docx") from error
    text = "\n".join(_blocks(document))
    if not text.strip():
        raise UnreadableDocument("the Word file holds no text, perhaps only pictures")
    return text[:MAX_TEXT]


def _blocks(document: Any) -> list[str]:
    lines: list[str] = []
    for block in document.iter_inner_content():
        lines += _rows(block) if hasattr(block, "rows") else [_text(block._p)]  # noqa: SLF001
    return lines


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        # A merged cell is listed once for each column it spans.
        cells = dict.fromkeys(cell._tc for cell in row.cells)  # noqa: SLF001 (no other identity)
        yield "| " + " | ".join(" ".join(_text(cell).split()) for cell in cells) + " |"


def _text(element: Any) -> str:
    """The text below an XML element; unlike python-docx's own ``text`` it includes formulas."""
    parts: list[str] = []
    for node in element.iter():
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag == "t":
            parts.append(node.text or "")
        elif tag == "tab":
            parts.append("\t")
        elif tag in {"br", "cr"} or (tag == "p" and node is not element):
            parts.append("\n")
    return "".join(parts).strip("\n")
