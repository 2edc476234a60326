"""Folders, walked without following symbolic links.

A folder is usually the student's own (``grade check``), but ``grade batch`` also meets folders
that somebody unpacked from an upload, so links and special files are set aside here too.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from grader.errors import BadSubmission
from grader.intake.legacy_text import plausible_encoding
from grader.intake.listing import Entry, Listing, Unreadable, megabytes
from grader.intake.selection import junk_folder
from grader.untrusted import shown

_MAX_FILES = 2_000
_MAX_DEPTH = 24


def list_folder(root: Path) -> Listing:
    """The ordinary files below a folder; junk folders are not entered.

    Raises:
        BadSubmission: there are more files than any homework has, or two files differ only in
            how their names' accents are coded.
        OSError: the folder itself cannot be read.
    """
    entries: dict[str, Entry] = {}
    ignored: list[str] = []
    os.scandir(root).close()  # raises here what the walk below would only note
    for item, path in _walk(root, "", ignored):
        size = _size(item)
        if isinstance(size, str):
            ignored.append(f"{shown(path, 120)} ({size})")
            continue
        if path in entries:
            raise BadSubmission(
                f"two files are called {shown(path, 120)}, with accents coded differently",
                hint="rename one of them",
            )
        if len(entries) >= _MAX_FILES:
            raise BadSubmission(
                f"{shown(root.name, 120)} holds more than {_MAX_FILES} files",
                hint="name the homework's own folder, not one above it",
            )
        entries[path] = _entry(Path(item.path), path, size)
    return Listing(entries=tuple(entries.values()), ignored=tuple(ignored))


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


def _walk(folder: Path, prefix: str, ignored: list[str]) -> Iterator[tuple[os.DirEntry[str], str]]:
    try:
        with os.scandir(folder) as scan:
            items = sorted(scan, key=lambda item: item.name)
    except OSError:
        ignored.append(f"{shown(prefix, 120)} (no permission to read it)")
        return
    for item in items:
        path = prefix + _readable_name(item.name)
        if not item.is_dir(follow_symlinks=False):
            yield item, path
            continue
        reason = _not_entered(item, path)
        if reason is not None:
            ignored.append(f"{shown(path, 120)}/ ({reason})")
        else:
            yield from _walk(Path(item.path), path + "/", ignored)


def _readable_name(name: str) -> str:
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
