"""A parcel as bytes: a submission travels to another machine and is opened there as it is here.

Four bytes with the length of a JSON text, the text, then the contents of the files one after
another. Files that nobody reads (data, caches) travel as their names and sizes: what is said of
them stays the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake.listing import Entry, Listing, Unreadable, megabytes
from grader.intake.notebook import MAX_NOTEBOOK_BYTES
from grader.intake.parcel import Parcel
from grader.intake.selection import select

_MOST_OF_ONE = MAX_NOTEBOOK_BYTES
"""Bytes of a file in a folder; no other kind of file is read up to more."""
_MOST_OF_FOLDER = 100_000_000
_PREFIX = 4


def parcel_to_bytes(parcel: Parcel, limits: Limits) -> bytes:
    """All that opening the parcel reads; of a folder, its files are read now.

    Args:
        parcel: taken with the same limits.
        limits: of the assignment.
    """
    head: dict[str, Any] = {
        "name": parcel.name,
        "title": parcel.title,
        "kind": parcel.kind,
        "sha256": parcel.sha256,
    }
    contents = [parcel.data]
    if parcel.refusal is not None:
        head["refusal"] = [str(parcel.refusal), parcel.refusal.hint]
    if parcel.listing is not None:
        files, contents = _read(parcel.listing, max(_MOST_OF_ONE, limits.upload_mb * 1_000_000))
        head["files"] = files
        head["ignored"] = parcel.listing.ignored
        head["notes"] = parcel.listing.notes
    text = json.dumps(head).encode()
    return b"".join([len(text).to_bytes(_PREFIX, "little"), text, *contents])


def parcel_from_bytes(content: bytes) -> Parcel:
    """The parcel that :func:`parcel_to_bytes` was given.

    Raises:
        ValueError: these are not such bytes.
    """
    start = _PREFIX + int.from_bytes(content[:_PREFIX], "little")
    try:
        head = json.loads(content[_PREFIX:start])
        listing = _listing(head, content[start:]) if "files" in head else None
        return Parcel(
            name=head["name"],
            title=head["title"],
            kind=head["kind"],
            sha256=head["sha256"],
            data=b"" if listing is not None else content[start:],
            listing=listing,
            refusal=BadSubmission(*head["refusal"]) if "refusal" in head else None,
        )
    except (LookupError, TypeError) as error:
        raise ValueError(f"not a parcel: {error!r}") from error


def _read(listing: Listing, most_of_one: int) -> tuple[list[dict[str, Any]], list[bytes]]:
    """What is said of each file, and the contents of those that are read."""
    chosen = select(listing.entries)
    wanted = {entry.path for entry in (*chosen.sources, *chosen.notebooks, *chosen.documents)}
    if not (chosen.sources or chosen.notebooks):
        # Without code beside it, an archive may be the code (grader/intake/packed.py).
        wanted |= {entry.path for entry in chosen.archives}
    left = _MOST_OF_FOLDER
    files: list[dict[str, Any]] = []
    contents: list[bytes] = []
    for entry in listing.entries:
        said: dict[str, Any] = {"path": entry.path, "size": entry.size}
        if entry.path in wanted:
            try:
                data = entry.fetch(min(most_of_one, left))
            except Unreadable as reason:
                said["unreadable"] = str(reason)
            else:
                left -= len(data)
                said["length"] = len(data)
                contents.append(data)
        files.append(said)
    return files, contents


def _listing(head: dict[str, Any], contents: bytes) -> Listing:
    entries: list[Entry] = []
    at = 0
    for said in head["files"]:
        length = said.get("length")
        data = None if length is None else contents[at : at + length]
        at += length or 0
        reason = said.get("unreadable", "it was not sent")
        entries.append(Entry(said["path"], said["size"], _fetch(said["size"], data, reason)))
    if at != len(contents):
        raise ValueError(f"not a parcel: {len(contents)} bytes of contents where {at} were said")
    return Listing(tuple(entries), tuple(head["ignored"]), tuple(head["notes"]))


def _fetch(size: int, data: bytes | None, reason: str) -> Callable[[int], bytes]:
    """As of a file on the disk, with the same words."""

    def fetch(limit: int) -> bytes:
        found = size if data is None else len(data)
        if found > limit:
            raise Unreadable(f"it has {megabytes(found)}, more than {megabytes(limit)}")
        if data is None:
            raise Unreadable(reason)
        return data

    return fetch
