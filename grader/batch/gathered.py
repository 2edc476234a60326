"""One folder for a submission that came as several files, or under an export's file name.

Course systems put a prefix before what the student called a file, and upload a zip and a report as
two entries. Intake opens one path; so the files are linked (copied where the file system cannot
link) into a folder of the results, under the names that the student gave them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from grader.errors import UnusableInput
from grader.untrusted import shown

GATHERED = "gathered"
"""The folder in the results folder that they are gathered in, by submission."""
_MAX_FILES = 2_500
"""More than intake takes: it refuses the folder and says why."""
_MAX_NAME = 180
"""Bytes; most systems allow 255, and a number or ".md" may follow."""
_CODE = {".py", ".ipynb"}
_FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def file_name(text: str) -> str:
    """A text as the name of one file, on any system: no separators, no dots that hide or climb.

    What is too long loses its middle, so that the kind of file stays.
    """
    name = shown(text, 1000).translate(_FORBIDDEN).strip(". ")
    while len(name.encode()) > _MAX_NAME:
        name = name[: len(name) // 2 - 3] + "…" + name[len(name) // 2 + 1 :]
    return name or "_"


def one_path(files: Iterable[tuple[str, Path]], folder: Path) -> Path:
    """Where intake finds these files as one submission.

    Args:
        files: the name that each had when it was uploaded, and where it is.
        folder: to gather them in, of this submission alone; what is in it is replaced.

    Raises:
        UnusableInput: the folder cannot be written.
    """
    parts = list(files)
    if len(parts) == 1:
        name, path = parts[0]
        # A module's name matters; of a zip it does not, and anything else is refused as it is.
        if name == path.name or path.is_symlink() or path.suffix.lower() not in _CODE:
            return path
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        room = _MAX_FILES
        for name, path in parts:
            room = _place(path, _free(folder, file_name(name)), room)
    except OSError as error:
        raise UnusableInput(f"cannot write to {folder}: {error.strerror}") from error
    return folder


def _free(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while os.path.lexists(target):
        number += 1
        target = folder / f"{number}_{name}"
    return target


def _place(source: Path, target: Path, room: int) -> int:
    """Put a file or a folder's files there; the number of files that may still come."""
    if room <= 0 or source.is_symlink():
        return room
    if source.is_dir():
        target.mkdir()
        for each in sorted(source.iterdir()):
            room = _place(each, target / each.name, room)
        return room
    if source.is_file():
        try:
            target.hardlink_to(source)
        except OSError:
            shutil.copyfile(source, target, follow_symlinks=False)
        room -= 1
    return room
