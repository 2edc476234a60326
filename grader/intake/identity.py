"""What makes a submission the same one as before: a hash that is known before anything is opened.

Of a file it is the hash of its bytes; of a folder, of the names and contents of everything that
marking reads, so that data files and caches beside the code do not make it another submission.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake.folder import list_folder
from grader.intake.listing import Listing, Unreadable
from grader.intake.selection import select

_MOST_HASHED = 256 << 20
"""Bytes of a file; an assignment allows some twenty megabytes."""
_MOST_OF_ONE = 20_000_000
_MOST_OF_FOLDER = 100_000_000
_CHUNK = 1 << 20


def submission_sha256(path: Path, limits: Limits) -> str:
    """The hash of a submission, 64 hexadecimal digits.

    Of a file too large for any assignment, such as a sparse one of a terabyte, it is the hash of
    nothing: such a file is refused whatever is in it.

    Args:
        path: a folder or a file.
        limits: of the assignment; a file within ``upload_mb`` is always hashed.

    Raises:
        OSError: it cannot be read.
    """
    if path.is_dir():
        try:
            return folder_sha256(list_folder(path))
        except BadSubmission as refusal:
            # Refused before it was read: it is the same for as long as it is refused alike.
            return hashlib.sha256(str(refusal).encode("utf-8", "replace")).hexdigest()
    return _file_sha256(path, max(_MOST_HASHED, limits.upload_mb * 1_000_000))


def folder_sha256(listing: Listing) -> str:
    """SHA-256 over the names and contents that count, in the order of their names.

    A file that cannot be read, or is larger than anything that is read, counts with its size.
    """
    chosen = select(listing.entries)
    total = hashlib.sha256()
    left = _MOST_OF_FOLDER
    counted = [*chosen.sources, *chosen.notebooks, *chosen.documents]
    # Without code beside it, an archive may be the code (grader/intake/packed.py).
    packed = () if chosen.sources or chosen.notebooks else chosen.archives
    for entry in sorted([*counted, *packed], key=lambda entry: entry.path):
        try:
            data = entry.fetch(left if entry in packed else min(_MOST_OF_ONE, left))
            left -= len(data)
        except Unreadable:
            data = f"unread: {entry.size}".encode()
        total.update(hashlib.sha256(entry.path.encode("utf-8", "surrogatepass")).digest())
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


def _file_sha256(path: Path, limit: int) -> str:
    # A pipe in place of the file would never end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    digest = hashlib.sha256()
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 (a descriptor)
        information = os.fstat(file.fileno())
        if stat.S_ISREG(information.st_mode) and information.st_size <= limit:
            for _ in range(limit // _CHUNK + 1):
                digest.update(file.read(_CHUNK))
    return digest.hexdigest()
