"""What `grade similar` shows and writes: the list on the terminal, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.render.gradebook import cell
from grader.render.page import Page
from grader.render.wording import count, listed
from grader.similarity.pairs import Pair, Search
from grader.similarity.passages import Passage
from grader.similarity.reading import Unread
from grader.similarity.work import File, Work
from grader.untrusted import shown

NO_VERDICT = (
    "A list to look at, never a verdict: two people may have learned from the same book, worked "
    "side by side as they were told to, or been copied from without knowing. Read the passages, "
    "and ask."
)
_MOST_ON_TERMINAL = 20
_MOST_NAMES = 30
_COLUMNS = (
    *("one", "other", "share of one", "share of other", "tokens"),
    *("longest in one", "longest in other"),
)


def render_similar(
    search: Search, unread: Sequence[Unread], *, width: int = 80, colour: bool = False
) -> str:
    """The list, the most alike first."""
    page = Page(width, colour)
    for pair in search.pairs[:_MOST_ON_TERMINAL]:
        page.text(
            f"{percent(pair.share):>5}  {pair.one.name}  {pair.other.name}   "
            f"{count(pair.tokens, 'token')} in {count(len(pair.passages), 'passage')}",
            style="strong",
        )
        first = pair.passages[0]
        page.text(f"{where(pair.one, first)}  =  {where(pair.other, first, other=True)}", 7)
    more = len(search.pairs) - _MOST_ON_TERMINAL
    if more > 0:
        page.text(f"and {more} more")
    page.blank()
    page.text(headline(search))
    for remark in remarks(search, unread):
        page.field("note:", remark, 0, "faint")
    if search.pairs:
        page.blank()
        page.text(NO_VERDICT)
    return str(page)


def similar_json(search: Search, unread: Sequence[Unread]) -> str:
    """The same for programs, on one line; the passages by file and line."""
    told: Mapping[str, Any] = {
        "works": search.works,
        "compared": search.compared,
        "not_compared": search.cut,
        "common_above": search.common_above,
        "pairs": [_told(pair) for pair in search.pairs],
        "crowd": [{"name": each.work.name, "share": each.share} for each in search.crowd],
        "unread": [asdict(each) for each in unread],
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def write_csv(search: Search, path: Path) -> None:
    """Write the pairs for spreadsheet programs: a row each, shares in per cent."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_row(pair) for pair in search.pairs)


def headline(search: Search) -> str:
    """How many there are."""
    works = count(search.works, "submission")
    if not search.pairs:
        return f"No two of {works} are suspiciously alike."
    return f"{count(len(search.pairs), 'pair')} of {works} to look at."


def remarks(search: Search, unread: Sequence[Unread]) -> list[str]:
    """What the list leaves out, and why."""
    told = []
    if search.crowd:
        told.append(
            f"most of {count(len(search.crowd), 'submission')} is what more than "
            f"{search.common_above} people wrote alike. Had they one source, or does the homework "
            f"leave no room? {_some([each.work.name for each in search.crowd])}"
        )
    if search.cut:
        told.append(f"{count(search.cut, 'pair')} with less in common were not compared")
    told += [f"{shown(each.name)} was not compared: {each.reason}" for each in unread]
    return told


def where(work: Work, passage: Passage, *, other: bool = False) -> str:
    """``layers.py:10-42``; in a notebook, the lines of its code cells put together."""
    path, first, last = (
        (passage.other_file, passage.other_first, passage.other_last)
        if other
        else (passage.file, passage.first, passage.last)
    )
    file = file_of(work, path)
    lines = f"{first}-{last}" if last > first else str(first)
    return f"{shown(file.notebook)}, code {lines}" if file.notebook else f"{shown(path)}:{lines}"


def file_of(work: Work, path: str) -> File:
    """The work's file of this path."""
    return next(file for file in work.files if file.path == path)


def percent(share: float) -> str:
    """``97 %``; 100 % only for all of it."""
    return f"{min(99, round(100 * share)) if share < 1 else 100} %"


def _some(names: Sequence[str]) -> str:
    return listed([shown(name, 40) for name in names], _MOST_NAMES)


def _row(pair: Pair) -> list[str | int]:
    first = pair.passages[0]
    return [
        cell(pair.one.name),
        cell(pair.other.name),
        round(100 * pair.shares[0]),
        round(100 * pair.shares[1]),
        pair.tokens,
        cell(where(pair.one, first)),
        cell(where(pair.other, first, other=True)),
    ]


def _told(pair: Pair) -> dict[str, Any]:
    return {
        "one": pair.one.name,
        "other": pair.other.name,
        "shares": [round(share, 4) for share in pair.shares],
        "tokens": pair.tokens,
        "crowded": pair.crowded,
        "passages": [asdict(passage) for passage in pair.passages],
    }
