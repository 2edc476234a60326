"""What a layout tells of one submission, before anybody knows whose it is on the roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.intake.selection import junk_folder

SUBMISSION_SUFFIXES = {".zip", ".ipynb"}
"""A file with one of these is a submission by itself."""


@dataclass(frozen=True)
class Person:
    """Somebody who handed in, as the export calls them."""

    id: str
    name: str = ""
    email: str = ""
    ids: tuple[tuple[str, str], ...] = ()
    """As in grader/standing.py."""


@dataclass(frozen=True)
class Upload:
    """One submission: who handed it in, and its files."""

    people: tuple[Person, ...]
    """More than one for a group; all of them get the mark."""
    files: tuple[tuple[str, Path], ...]
    """The name as it was uploaded, and where it is now; more than one are one submission."""
    order: tuple[int, str] = (0, "")
    """Which of several attempts without a time came first."""
    submitted_at: datetime | None = None
    late: bool = False
    """Whether the layout says that it was late without saying by how much."""


@dataclass(frozen=True)
class Contents:
    """What a layout finds in a folder."""

    uploads: tuple[Upload, ...]
    left: tuple[Path, ...] = ()
    """Entries that are not of this layout."""
    notes: tuple[str, ...] = ()


def entries_of(folder: Path) -> list[Path]:
    """The folder's entries in the order of their names, but for what systems leave behind.

    Raises:
        OSError: it cannot be read.
    """
    return sorted(
        (p for p in folder.iterdir() if junk_folder(p.name) is None), key=lambda path: path.name
    )


def packed_alone(folder: Path) -> tuple[tuple[str, Path], ...]:
    """The zip or notebook that is all there is in a folder; nothing where there is more or other.

    A folder that cannot be listed has nothing; intake says why.
    """
    try:
        inside = entries_of(folder)
    except OSError:
        return ()
    if len(inside) != 1 or inside[0].suffix.lower() not in SUBMISSION_SUFFIXES:
        return ()
    only = inside[0]
    return ((only.name, only),) if only.is_file() and not only.is_symlink() else ()
