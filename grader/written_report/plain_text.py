"""A report's text as passages: sentences, list items, table cells, front-matter entries.

Reports come from Markdown, LaTeX, Word and PDF. Here the differences end: ligatures and
full-width characters become plain ones, markup and LaTeX commands go, lines that a page width
broke are joined again, and a table cell is told together with its row's and column's names.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice, pairwise

from grader.written_report.front_matter import Entry, split_front_matter
from grader.written_report.markup import clean, without_comments
from grader.written_report.vocabulary import names_a_quantity

MAX_TEXT = 100_000
"""Some forty pages; the reports asked for are brief."""
_MAX_PASSAGE = 600
_MAX_PASSAGES = 3_000
_MAX_COLUMNS = 12


class Origin(Enum):
    """How a passage was told."""

    FRONT_MATTER = auto()
    TABLE = auto()
    PROSE = auto()


@dataclass(frozen=True)
class Passage:
    """A piece of text that makes one or a few statements."""

    text: str
    line: int
    heading: str = ""
    """The heading it stands under."""
    origin: Origin = Origin.PROSE


def passages(text: str) -> Iterator[Passage]:
    """The passages of a report, in order."""
    entries, body, first_line = split_front_matter(text[:MAX_TEXT])
    for entry in entries:
        yield _from_entry(entry)
    yield from islice(_body(body, first_line), _MAX_PASSAGES)


def _from_entry(entry: Entry) -> Passage:
    value = "" if _PLACEHOLDER.fullmatch(entry.value.strip()) else entry.value
    return Passage(clean(f"{entry.key}: {value}"), entry.line, origin=Origin.FRONT_MATTER)


_PLACEHOLDER = re.compile(
    r"(?i)(?:todo|tbd|tba|n/?a|none|null|xx+|\?+|\.{2,}|…|-+|_+|~|fill (?:this )?in"
    r"|your answer(?: here)?)?[\s.:%!]{0,5}"
)
_TODO_LINE = re.compile(r"(?i)^\W{0,6}(?:todo|tbd|fixme)\b")

_HEADING = re.compile(r"^#{1,6}\s{0,5}(.{1,120})$")
_NUMBERING = re.compile(
    r"^(?:Q(?:uestion)?\s?\d{0,2}[:.]|[-•*+]|\(?(?:\d{1,2}|[a-zA-Z])(?:[.)]\d{0,2}){0,3})\s+"
)
_UNDERLINE = re.compile(r"^(?:=|-){3,}\s*$")
_ITEM = re.compile(r"^(?:[-•·*+o–▪●]\s|\(?[0-9a-zA-Z]{1,2}[.)]\s)")
_KEY_VALUE = re.compile(r"^[^.:=|]{1,45}\s?[:=]")
_TABLE_ROW = re.compile(r"^\|.*\|?\s*$|^[^|]{1,80}\|[^|]{1,80}(?:\||$)")
_TABLE_RULE = re.compile(r"^[|\s:+=-]{3,}$")
_UNFINISHED = re.compile(r"(?:[,(=:]|\b(?:is|was|of|the|a|an|and|to|with|on|for|by|as|in|are|at))$")
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Za-z])(?<!\bacc)(?<!\bapprox)(?<!\bca)(?<!\bresp)(?<!\bno)(?<!\bvs)(?<!\bca)"
    r"(?<!\be\.g)(?<!\bi\.e)[.!?][)\"']?\s+(?=[A-Z(\"'#0-9\u4e00-\u9fff])|(?<=[。])|;\s"
)


def _body(text: str, first_line: int) -> Iterator[Passage]:
    text = without_comments(text)
    heading = ""
    pending: _Paragraph | None = None
    table: list[tuple[int, str]] = []
    lines = [clean(raw[:20_000]) for raw in text.split("\n")]
    for number, (line, following) in enumerate(pairwise([*lines, ""]), start=first_line):
        is_row = _TABLE_ROW.match(line) is not None and "|" in line
        if table and not is_row:
            yield from _table(table, heading)
            table = []
        if pending is not None and not (is_row or _stops(line)) and pending.continues_with(line):
            pending.add(line, number)
            continue
        if pending is not None:
            yield from pending.sentences(heading)
            pending = None
        if is_row:
            table.append((number, line))
        elif _HEADING.match(line) or (_is_bare_heading(line) and not following[:1].islower()):
            heading = line.lstrip("# ")
            yield Passage(heading, number)
        elif line and not _stops(line):
            pending = _Paragraph(line, number)
    if table:
        yield from _table(table, heading)
    if pending is not None:
        yield from pending.sentences(heading)


def _stops(line: str) -> bool:
    """Whether a line is no text: blank, a rule, or a note to oneself."""
    return not line or _UNDERLINE.match(line) is not None or _TODO_LINE.match(line) is not None


def _is_bare_heading(line: str) -> bool:
    """A short line that only names a quantity, or asks for it, is a heading, marked up or not."""
    bare = _NUMBERING.sub("", line).rstrip(":? ")
    if not 2 < len(bare) <= 60 or re.search(r"\d|[.,;:=%]", bare):
        return False
    if bare[0].islower() or _UNFINISHED.search(bare):
        return False
    return names_a_quantity(bare) and len(bare.split()) <= 10


class _Paragraph:
    """Lines that belong together."""

    def __init__(self, line: str, number: int) -> None:
        self._parts = [line]
        self._starts = [(0, number)]
        self._length = len(line)

    def continues_with(self, line: str) -> bool:
        """Whether the page's width, not the author, ended the line before this one."""
        last = self._parts[-1]
        if _HEADING.match(line) or _ITEM.match(line):
            return False
        if _UNFINISHED.search(last):
            return True
        if _is_bare_heading(line):
            return False
        if _KEY_VALUE.match(line) or last[-1] in ".!?。;:":
            return last[-1] in ".!?" and len(last) >= 45 and not _KEY_VALUE.match(line)
        if line[0].islower() or line[0] in "%(),":
            return True
        wide = sum(2 if ord(char) > 0x2E80 else 1 for char in last)
        return wide >= 45

    def add(self, line: str, number: int) -> None:
        last = self._parts[-1]
        if last.endswith("-") and len(last) > 1 and last[-2].isalpha() and line[0].islower():
            self._parts[-1] = last[:-1]
            self._length -= 1
        elif not (ord(last[-1]) > 0x2E80 or ord(line[0]) > 0x2E80):
            self._parts.append(" ")
            self._length += 1
        self._starts.append((self._length, number))
        self._parts.append(line)
        self._length += len(line)

    def sentences(self, heading: str) -> Iterator[Passage]:
        """Its sentences; a first one like "Batch size." is the heading of those after it."""
        text = "".join(self._parts)
        start = 0
        ends = [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]
        for end in ends:
            for piece in range(start, end, _MAX_PASSAGE):
                part = text[piece : min(end, piece + _MAX_PASSAGE)]
                if part.strip():
                    yield Passage(part.strip(), self._line(piece), heading)
                if part.rstrip().endswith(".") and _is_bare_heading(part.rstrip()[:-1]):
                    heading = part
            start = end

    def _line(self, offset: int) -> int:
        return self._starts[bisect_right(self._starts, (offset, sys.maxsize)) - 1][1]


def _table(rows: list[tuple[int, str]], heading: str) -> Iterator[Passage]:
    """Each cell as "row's name column's name: cell"."""
    header: list[str] | None = None
    ruled = any(_TABLE_RULE.match(line) for _, line in rows)
    for number, line in rows:
        if _TABLE_RULE.match(line):
            continue
        inner = line.strip().removeprefix("|").removesuffix("|")
        cells = [cell.strip() for cell in inner.split("|")][:_MAX_COLUMNS]
        if header is None and (ruled or not any(re.search(r"\d", cell) for cell in cells)):
            header = cells
            continue
        for index, cell in enumerate(cells):
            name = _cell_name(cells, index, header)
            if name and cell and not _PLACEHOLDER.fullmatch(cell):
                text = f"{name}: {cell}"[:_MAX_PASSAGE]
                yield Passage(text, number, heading, Origin.TABLE)


def _cell_name(cells: list[str], index: int, header: list[str] | None) -> str:
    column = header[index] if header and index < len(header) else ""
    row = cells[0] if index > 0 and re.search(r"[^\W\d_]", cells[0]) else ""
    if index == 0 and re.search(r"[^\W\d_]", cells[0]):
        return ""  # the row's own name
    return f"{row} {column}".strip()
