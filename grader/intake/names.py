"""File names inside a submission: how their bytes are read, and which names are refused.

Zip files made without the UTF-8 flag hold names in the code page of the machine that made them.
Nothing in the file says which; the names are read in the encoding in which they look most like
names (see grader/intake/legacy_text.py).

Some tools write Windows' backslash where the format wants a slash; it is read as one.

A name that could mean a file outside the submission is refused, never repaired: a zip that tries
that is looked at by a person, not marked.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from zipfile import ZipInfo

from grader.errors import BadSubmission
from grader.intake.legacy_text import plausible_encoding
from grader.untrusted import shown

_MAX_NAME = 512
_MAX_DEPTH = 24
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field: the name in UTF-8
_DRIVE = re.compile(r"^[A-Za-z]:")


def entry_names(entries: Sequence[ZipInfo]) -> list[str]:
    """The name of each zip entry, decoded as plausibly as possible, not yet checked.

    Backslashes are read as slashes, after decoding: in Shift-JIS a letter may contain their byte.

    All names without a declared encoding are read in one encoding: one machine wrote them.
    """
    raw = [_raw_name(entry) for entry in entries]
    undeclared = [name for name in raw if isinstance(name, bytes)]
    encoding = plausible_encoding(b"\n".join(undeclared))
    decoded = (
        name if isinstance(name, str) else name.decode(encoding, errors="replace") for name in raw
    )
    return [name.replace("\\", "/") for name in decoded]


def _raw_name(entry: ZipInfo) -> str | bytes:
    # orig_filename: ``filename`` is already cut at the first NUL.
    if entry.flag_bits & _UTF8_FLAG:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437")
    return _unicode_path(entry.extra, raw) or raw


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) == size and size >= 5:
            version, crc = struct.unpack_from("<BI", field)
            if version == 1 and crc == zlib.crc32(raw):
                try:
                    return field[5:].decode("utf-8")
                except UnicodeDecodeError:
                    return None
    return None


def has_control_characters(name: str) -> bool:
    """Whether a name would rewrite the terminal it is shown on, or cannot be encoded."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in name)


def checked_path(name: str) -> str:
    """The submission-relative path that a zip entry's name means, with forward slashes.

    Raises:
        BadSubmission: the name is absolute, climbs out with "..", has a drive letter or a
            control character, or is absurdly long.
    """
    reason = _refusal(name)
    if reason is not None:
        raise BadSubmission(
            f"the zip was refused: the name of its entry {shown(repr(name), 120)} {reason}",
            hint="make the zip again from the homework's folder, with ordinary file names",
        )
    parts = [part for part in name.split("/") if part not in {"", "."}]
    return unicodedata.normalize("NFC", "/".join(parts))


def _refusal(name: str) -> str | None:
    if len(name) > _MAX_NAME:  # before anything looks at each of its characters
        return f"is longer than {_MAX_NAME} characters"
    parts = name.split("/")
    rules = [
        (not name.strip("/. "), "is empty"),
        ("\x00" in name, "contains a NUL character"),
        (has_control_characters(name), "has control characters"),
        (name.startswith("/"), "is absolute"),
        (_DRIVE.match(name) is not None, "starts with a drive letter"),
        (".." in parts, 'leads out of the submission with ".."'),
        (len(parts) > _MAX_DEPTH, f"is nested more than {_MAX_DEPTH} folders deep"),
    ]
    return next((reason for broken, reason in rules if broken), None)
