"""What intake has found in a submission before it reads any of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class Unreadable(Exception):
    """One file cannot be read; the text says why and stands after its name and a colon."""


@dataclass(frozen=True)
class Entry:
    """A file of the submission, listed but not yet read."""

    path: str
    """With forward slashes, relative to what was handed in."""
    size: int
    """In bytes, as declared; it may lie."""
    fetch: Callable[[int], bytes] = field(repr=False, compare=False)
    """``fetch(limit)`` reads the file; raises Unreadable, also when it is longer than ``limit``."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Listing:
    """All files found, and what has been set aside already."""

    entries: tuple[Entry, ...]
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def megabytes(size: float) -> str:
    """A size in bytes for people: "3.2 MB"."""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
