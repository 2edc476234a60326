"""The list of files at a zip's end, looked at before the library parses it.

The library reads all of it into objects, and each entry's extra field piece by piece, copying the
rest each time: with long extra fields a few megabytes cost it many seconds. So the list's size,
the number of its entries and the length of their extra fields are capped here, by counting
signatures; nothing is parsed that the library would parse in another way.
"""

from __future__ import annotations

import struct

from grader.errors import BadSubmission
from grader.intake.listing import megabytes

MAX_ENTRIES = 20_000
"""A zipped virtual environment has some thousands; they are set aside, not refused."""
_MAX_BYTES = 4_000_000
_MAX_EXTRA = 2_048
"""Bytes of one entry's extra field: time stamps, owners and Unicode names take about a hundred."""

MAKE_A_ZIP = "make a .zip of the homework's folder and hand that in"
TIDY = "hand in only your own code and the report, without environments, caches and data"

# Signatures, APPNOTE 4.3.12 to 4.3.16
_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"
_END_BYTES = 22
_END_64_BYTES = 56
_LOCATOR_64_BYTES = 20
_LONGEST_COMMENT = 0xFFFF

_OTHER_KINDS = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip file (.gz or .tar.gz)"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)


def other_kind(data: bytes) -> str | None:
    """What a file that should be a zip is instead, told by its first bytes; None if unknown."""
    if data[257:262] == b"ustar":
        return "a tar archive"
    return next((kind for magic, kind in _OTHER_KINDS if data.startswith(magic)), None)


def check_directory(data: bytes, name: str) -> None:
    """Look at the list of files before the library does: how large is it?

    Args:
        data: the whole zip.
        name: what to call it in messages.

    Raises:
        BadSubmission: not a zip, cut off, a part of a split one, or its list of files is larger
            than any homework's.
    """
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _LONGEST_COMMENT))
    if end < 0 or len(data) < end + _END_BYTES:
        raise BadSubmission(*_no_zip(data, name))
    disk, first_disk, _, entries, size = struct.unpack_from("<4HI", data, end + 4)
    if 0 < disk < 0xFFFF or 0 < first_disk < 0xFFFF:
        raise BadSubmission(f"{name} is one part of a split zip", "hand in one undivided .zip")
    last = end
    locator = end - _LOCATOR_64_BYTES
    if locator >= 0 and data.startswith(_LOCATOR_64, locator):
        # Libraries disagree on where the zip64 record is: where the locator points, or right
        # before the locator. Whichever ours reads, neither may claim too much.
        (pointed_at,) = struct.unpack_from("<Q", data, locator + 8)
        for where in (pointed_at, locator - _END_64_BYTES):
            if 0 <= where <= end - _END_64_BYTES and data.startswith(_END_64, where):
                claimed = struct.unpack_from("<QQ", data, where + 32)
                entries, size = max(entries, claimed[0]), max(size, claimed[1])
                last = min(last, where)
    if size > min(_MAX_BYTES, len(data)) or entries > 2 * MAX_ENTRIES:
        raise BadSubmission(
            f"{name} claims {entries} entries in a list of {megabytes(size)}, more than is read",
            TIDY,
        )
    # In all readings the list ends where the first of the records after it begins.
    _check_entries(data[max(0, last - size) : end], name)


def _no_zip(data: bytes, name: str) -> tuple[str, str]:
    kind = other_kind(data)
    if kind:
        return f"{name} is {kind}, not a zip", MAKE_A_ZIP
    if data.startswith(b"PK\x03\x04"):
        return f"{name} is cut off: its list of files is missing", "upload the whole zip again"
    return f"{name} is not a zip", MAKE_A_ZIP


def _check_entries(directory: bytes, name: str) -> None:
    if directory.count(_ENTRY) > 2 * MAX_ENTRIES:
        raise BadSubmission(f"{name} has more than {MAX_ENTRIES} entries", TIDY)
    at = directory.find(_ENTRY)
    while at >= 0:
        extra = int.from_bytes(directory[at + 30 : at + 32], "little")
        if extra > _MAX_EXTRA:
            raise BadSubmission(
                f"{name} is a damaged zip: an entry in its list has {extra} bytes of extra data",
                "make the zip again and upload it",
            )
        at = directory.find(_ENTRY, at + 4)
