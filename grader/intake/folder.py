"""Folders, walked without following symbolic links.

A folder is usually the student's own (``grade check``), but ``grade batch`` also meets folders
that somebody unpacked from an upload, so links and special files are set aside here too.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from grader.errors import BadSubmission
from grader.intake.legacy_text import plausible_encoding
from grader.intake.listing import Entry, Listing, Unreadable, megabytes
from grader.intake.names import has_control_characters
from grader.intake.selection import junk_folder
from grader.untrusted import shown

_MAX_FILES = 2_000
_MAX_MET = 20_000
"""Files, folders and links together, whatever becomes of them."""
_MAX_DEPTH = 24


def list_folder(root: Path) -> Listing:
    """The ordinary files below a folder; junk folders are not entered.

    Raises:
        BadSubmission: there are more files than any homework has, or two files differ only in
            how their names' accents are coded.
        OSError: the folder itself cannot be read.
    """
    entries: dict[str, Entry] = {}
    walk = _Walk(root)
    os.scandir(root).close()  # raises here what the walk would only note
    for item, path in walk.below(root, ""):
        size = _size(item)
        if isinstance(size, str):
            walk.ignored.append(f"{shown(path, 120)} ({size})")
            continue
        if path in entries:
            raise BadSubmission(
                f"two files are called {shown(path, 120)}, with accents coded differently",
                hint="rename one of them",
            )
        if len(entries) >= _MAX_FILES:
            raise _too_many(root, _MAX_FILES, "files")
        entries[path] = _entry(Path(item.path), path, size)
    return Listing(entries=tuple(entries.values()), ignored=tuple(walk.ignored))


def _too_many(root: Path, count: int, what: str) -> BadSubmission:
    return BadSubmission(
        f"{shown(root.name, 120)} holds more than {count} {what}",
        hint="name the homework's own folder, not one above it",
    )


def _size(item: os.DirEntry[str]) -> int | str:
    """The size of an ordinary file, or why it is none."""
    try:
        if item.is_symlink():
            return "a symbolic link"
        information = item.stat(follow_symlinks=False)
    except OSError:
        return "it cannot be read"
    if not stat.S_ISREG(information.st_mode):
        return "not an ordinary file"
    return information.st_size


class _Walk:
    """What is below a folder, in the order of the names; counts all that it meets."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._met = 0
        self.ignored: list[str] = []
        """What was passed over, with the reason."""

    def below(self, folder: Path, prefix: str) -> Iterator[tuple[os.DirEntry[str], str]]:
        """All but the folders; those of no interest are not entered.

        Raises:
            BadSubmission: there is more than anybody has in a homework's folder.
        """
        try:
            items = self._items(folder)
        except OSError:
            self.ignored.append(f"{shown(prefix, 120)} (no permission to read it)")
            return
        for item in items:
            path = prefix + readable_name(item.name)
            if has_control_characters(path):
                self.ignored.append(f"{shown(path, 120)} (its name has control characters)")
            elif not _is_folder(item):
                yield item, path
            elif (reason := _not_entered(item, path)) is not None:
                self.ignored.append(f"{shown(path, 120)}/ ({reason})")
            else:
                yield from self.below(Path(item.path), path + "/")

    def _items(self, folder: Path) -> list[os.DirEntry[str]]:
        with os.scandir(folder) as scan:
            # One more than allowed tells that there are too many, without listing them all.
            items = list(islice(scan, _MAX_MET - self._met + 1))
        self._met += len(items)
        if self._met > _MAX_MET:
            raise _too_many(self._root, _MAX_MET, "files and folders")
        return sorted(items, key=lambda item: item.name)


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir(follow_symlinks=False)
    except OSError:  # gone meanwhile
        return False


def readable_name(name: str) -> str:
    """The name as text, even when a zip in another code page was unpacked here."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        name = raw.decode(plausible_encoding(raw), errors="replace")
    return unicodedata.normalize("NFC", name)


def _not_entered(item: os.DirEntry[str], path: str) -> str | None:
    if path.count("/") >= _MAX_DEPTH:
        return f"nested more than {_MAX_DEPTH} folders deep"
    if os.path.lexists(os.path.join(item.path, "pyvenv.cfg")):  # noqa: PTH118 (a str here)
        return "a virtual environment"
    return junk_folder(item.name)


def _entry(file: Path, path: str, size: int) -> Entry:
    return Entry(path, size, lambda limit: read_file(file, limit))


def read_file(file: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes.

    Raises:
        Unreadable: no permission, gone, no longer an ordinary file, or too large.
    """
    # Between listing and opening the file may have become a link or a pipe that never ends.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(file, flags), "rb") as stream:  # noqa: PTH123 (a descriptor)
            information = os.fstat(stream.fileno())
            if not stat.S_ISREG(information.st_mode):
                raise Unreadable("it is not an ordinary file")
            if information.st_size > limit:
                raise Unreadable(
                    f"it has {megabytes(information.st_size)}, more than {megabytes(limit)}"
                )
            data = stream.read(limit + 1)
    except PermissionError as error:
        raise Unreadable("it cannot be read: permission denied") from error
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror or error}") from error
    if len(data) > limit:
        raise Unreadable(f"it has more than {megabytes(limit)}")
    return data
