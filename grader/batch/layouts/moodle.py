"""Moodle: "Download all submissions".

``mod/assign`` of Moodle makes a folder for each participant and kind of submission

    <full name>_<participant id>_assignsubmission_file[_]/<files>
    <full name>_<participant id>_assignsubmission_onlinetext[_]/onlinetext.html

or, without "Download submissions in folders", one file each with ``_<file name>`` after that. The
id is the assignment's own, the one in its grading worksheet ("Participant 1234567"). In blind
marking the name is "Participant"; of a team the name and id are the team's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from grader.batch.layouts.upload import Contents, Person, Upload, entries_of

COLUMNS = ("identifier",)
"""The roster's column in which the participant's id stands."""

# Moodle replaces underscores in names by spaces.
_PART = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<own>.*))?"
)


def is_moodle(entries: list[Path]) -> bool:
    """Whether any entry is named as only Moodle names things."""
    return any(_PART.fullmatch(path.name) for path in entries)


def read_moodle(entries: list[Path]) -> Contents:
    """The submissions of the export: one a participant, made of all that they handed in."""
    files: dict[tuple[str, str], list[tuple[str, Path]]] = defaultdict(list)
    left: list[Path] = []
    notes: list[str] = []
    for path in entries:
        found = _PART.fullmatch(path.name)
        if found is None:
            left.append(path)
            continue
        who = (found["id"] or found["name"], found["name"])
        if path.is_dir() and not path.is_symlink():
            inside = _inside(path)
            files[who] += inside
            if not inside:
                notes.append(f"{path.name} is empty")
        else:
            files[who].append((found["own"] or path.name, path))
    names = {name for _, name in files}
    # In blind marking all are called "Participant", in the site's language: nobody's name.
    blind = len(names) == 1 and len(files) > 1
    uploads = [
        Upload((_person(*who, blind=blind),), _together(parts))
        for who, parts in files.items()
        if parts
    ]
    return Contents(tuple(uploads), tuple(left), tuple(notes))


def _person(number: str, name: str, *, blind: bool) -> Person:
    ids = (("moodle", f"Participant {number}"),) if number.isdecimal() else ()
    return Person(number, "" if blind else name, ids=ids)


def _inside(folder: Path) -> list[tuple[str, Path]]:
    try:
        return [(path.name, path) for path in entries_of(folder)]
    except OSError:
        return [(folder.name, folder)]  # intake says why it cannot be read


def _together(parts: list[tuple[str, Path]]) -> tuple[tuple[str, Path], ...]:
    """The folder itself where all of it lies in one; else its parts."""
    folders = {path.parent for _, path in parts}
    if len(parts) > 1 and len(folders) == 1 and _PART.fullmatch(parts[0][1].parent.name):
        folder = folders.pop()
        return ((folder.name, folder),)
    return tuple(parts)
