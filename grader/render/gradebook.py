"""A batch as a table for spreadsheets: one row a submission, one column a part."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from grader.render.wording import flags, points, wall_label
from grader.result import Result
from grader.untrusted import shown

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")


@dataclass(frozen=True)
class Entry:
    """One submission of a batch: its Result, or why there is none."""

    name: str
    result: Result | None
    trouble: str | None = None
    """Why a person must look: the grader failed, or the file is no submission."""
    failed: bool = False
    """Whether the grader itself failed on it."""


def render_csv(entries: Sequence[Entry], encoding_mark: bool = True) -> str:
    """The gradebook as CSV (RFC 4180), in the order given.

    Args:
        entries: all of one assignment.
        encoding_mark: begin with a byte-order mark, without which spreadsheet programs read
            names outside ASCII wrongly.
    """
    marked = [entry.result for entry in entries if entry.result is not None]
    parts = list(dict.fromkeys(part.id for result in marked for part in result.parts))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["submission", "points", "of", *parts, "flags", "problem", "wall", "sha256"])
    for entry in entries:
        writer.writerow(_row(entry, parts))
    return ("\ufeff" if encoding_mark else "") + buffer.getvalue()


def cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    line = shown(text, 500)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _row(entry: Entry, parts: Sequence[str]) -> list[str]:
    if entry.result is None:
        trouble = cell(entry.trouble or "not marked")
        return [cell(entry.name), "", "", *("" for _ in parts), "", trouble, "", ""]
    result = entry.result
    earned = {part.id: points(part.earned) for part in result.parts}
    raised = "; ".join(f"{flag.kind}: {flag.message}" for flag in flags(result))
    return [
        cell(entry.name),
        points(result.earned),
        points(result.points),
        *(earned.get(part, "") for part in parts),
        cell(raised),
        cell(result.problem or entry.trouble or ""),
        wall_label(result.wall),
        result.submission.sha256,
    ]
