"""Canvas: "Download Submissions".

One flat folder; ``lib/content_zipper.rb`` of Canvas names each file

    <sortable name, lower case, letters and digits only>[_LATE]_<user id>_<file id>_<file name>

and ``anon_<anonymous id>`` in place of name and user id when grading is anonymous; ``_text.html``
and ``_link.html`` follow the user id where nothing was uploaded. Several uploaded files are
several entries. A file that is uploaded again under its old name gets ``-1``, ``-2``, ... before
the suffix. Of a group only one member is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grader.batch.layouts.upload import Contents, Person, Upload

COLUMNS = ("canvas user id", "id")
"""The roster's columns in which Canvas's own user id stands."""

# A user's name cannot contain _digits_, so the first such place ends it. It is in lower case, and
# empty where it has neither letter nor digit.
_NAMED = re.compile(
    r"(?P<name>(?:[^_](?:.*?[^_])?)?)(?P<late>_LATE)?_(?P<user>\d+)_(?:(?P<file>\d+)_(?P<own>.+)|(?P<page>text|link)\.html)"
)
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_(?:(?P<file>\d+)_(?P<own>.+)|(?P<page>text|link)\.html)"
)
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<times>[1-9]\d?)(?P<suffix>(\.[A-Za-z][A-Za-z0-9]*)*)")


@dataclass(frozen=True)
class _Entry:
    path: Path
    name: str
    user: str
    file: int
    own: str
    """What the student called the file."""
    late: bool


def is_canvas(entries: list[Path]) -> bool:
    """Whether a folder looks like Canvas's: most names fit, and the ids in them hold together.

    Names such as "smith_2026_11_hw.zip" fit by chance; there one "user id" has many names, or one
    "file id" belongs to many files.
    """
    read = [entry for entry in map(_read, entries) if entry is not None]
    if not read or 5 * len(read) < 4 * len(entries):
        return False
    names: dict[str, set[str]] = defaultdict(set)
    for entry in read:
        names[entry.user].add(entry.name)
    files = [entry.file for entry in read if entry.file]
    return all(len(each) == 1 for each in names.values()) and len(set(files)) == len(files)


def read_canvas(entries: list[Path]) -> Contents:
    """The submissions of the export: one a user, or several where files came more than once."""
    mine: dict[str, list[_Entry]] = defaultdict(list)
    left: list[Path] = []
    for path in entries:
        entry = _read(path)
        if entry is None:
            left.append(path)
        else:
            mine[entry.user].append(entry)
    uploads = [upload for files in mine.values() for upload in _uploads(files)]
    return Contents(tuple(uploads), tuple(left))


def _read(path: Path) -> _Entry | None:
    anonymous = _ANONYMOUS.fullmatch(path.name)
    found = anonymous or _NAMED.fullmatch(path.name)
    if found is None:
        return None
    parts = found.groupdict()
    return _Entry(
        path=path,
        name=parts.get("name") or "",
        # One of digits alone must not be taken for a user's id.
        user=f"anon_{parts['user']}" if anonymous else parts["user"],
        file=int(parts["file"] or 0),
        own=parts["own"] or f"{parts['page']}.html",
        late=parts["late"] is not None,
    )


def _uploads(files: list[_Entry]) -> list[Upload]:
    """One attempt, or where a file is there in several versions, one for each version.

    What was uploaded once belongs to all of them, as a report beside two versions of the code.
    """
    versions: dict[str, dict[int, _Entry]] = defaultdict(dict)
    for entry in files:
        stem, times = _version(entry.own)
        versions[stem][times] = entry
    # "hw-3.zip" alone is what the student calls it, not the fourth upload.
    repeated = {stem: each for stem, each in versions.items() if len(each) > 1}
    once = [
        entry for stem, each in versions.items() if stem not in repeated for entry in each.values()
    ]
    uploads: list[Upload] = []
    order = -1
    for times in sorted({times for each in repeated.values() for times in each} or {0}):
        newest = [_newest(each, times) for each in repeated.values()]
        members = [*once, *newest]
        order = max(order + 1, *(entry.file for entry in newest or members))
        uploads.append(
            Upload(
                people=(_person(members[0]),),
                files=tuple((entry.own, entry.path) for entry in members),
                order=(order, ""),
                late=any(entry.late for entry in members),
            )
        )
    return uploads


def _newest(versions: dict[int, _Entry], times: int) -> _Entry:
    """The newest that had come by then; the first where none had."""
    return versions[max((each for each in versions if each <= times), default=min(versions))]


def _person(entry: _Entry) -> Person:
    ids = (("canvas", entry.user),) if entry.user.isdecimal() else ()
    return Person(entry.user, entry.name, ids=ids)


def _version(own: str) -> tuple[str, int]:
    found = _AGAIN.fullmatch(own)
    return (found["stem"] + found["suffix"], int(found["times"])) if found else (own, 0)
