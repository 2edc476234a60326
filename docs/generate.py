"""Writes the generated parts of README.md and docs/*.md: what commands print, and tables.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; the names are the
keys of ``BLOCKS``. Nobody types a transcript: each is what the commands print, run in an empty
home, without the published dataset, on the sample submissions. tests/docs fails when a part is not
what would be written now; times and what depends on a machine's last bits are left out of
account.

    python -m docs.generate
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docs import tables
from docs.assignment_keys import keys_tables
from docs.catalogue_tables import catalogue_tables
from docs.comparing import comparable
from docs.help_pages import all_help
from docs.session import told
from docs.transcripts import STORIES

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

BLOCKS: Mapping[str, Callable[[], str]] = {
    **{name: partial(told, story) for name, story in STORIES.items()},
    "all-help": all_help,
    "points": tables.points_table,
    "checks": tables.checks_table,
    "functions": tables.functions_table,
    "bugs": tables.bugs_table,
    "assignment-keys": keys_tables,
    "small-assignment": tables.small_assignment,
    "catalogue": catalogue_tables,
    "redteam": tables.redteam_table,
    "bad-zips": tables.bad_zips_table,
}
"""Name of a generated part -> what writes it."""


def blocks_in(text: str) -> list[tuple[str, str]]:
    """The generated parts of a document: (name, present text)."""
    return [(found["name"], found.group(0)) for found in _PART.finditer(text)]


def rewritten(text: str) -> str:
    """The document with every generated part as it would be written now.

    A part that differs only in what is left out of account stays as it is.

    Raises:
        KeyError: a part's name is not in ``BLOCKS``.
    """

    def part(found: re.Match[str]) -> str:
        now = found.group(1) + BLOCKS[found["name"]]() + found.group(3)
        return found.group(0) if comparable(now) == comparable(found.group(0)) else now

    return _PART.sub(part, text)


def main() -> None:
    """Rewrite all documents."""
    for document in DOCUMENTS:
        before = document.read_text(encoding="utf-8")
        after = rewritten(before)
        if after != before:
            document.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{document.relative_to(ROOT)} written\n")


if __name__ == "__main__":
    main()
