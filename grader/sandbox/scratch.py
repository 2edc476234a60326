"""The empty folders that students' processes work in."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Final

from grader.worker.control import SCRATCH_PREFIX

_BLOCK: Final = 512
"""The unit of st_blocks, whatever the file system's own."""
_PASSABLE: Final = 0o711
"""Other users can go to a folder whose name they know."""


class Scratch:
    """A temporary folder that holds one folder for each process; made when it is first needed.

    Args:
        user: whom the folders belong to, when the processes run as another user.
    """

    def __init__(self, user: int | None = None) -> None:
        self._user = user
        self._root: Path | None = None

    @property
    def root(self) -> Path:
        """The folder of all folders."""
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
            if self._user is not None:
                self._root.chmod(_PASSABLE)
        return self._root

    def new(self) -> Path:
        """A fresh, empty folder."""
        folder = Path(tempfile.mkdtemp(dir=self.root))
        if self._user is not None:
            os.chown(folder, self._user, self._user)
        return folder

    def delete(self, folder: Path) -> None:
        """Delete a folder with all that student code has made of it. Links are not followed."""
        with contextlib.suppress(RecursionError):  # folders within folders, a thousand deep
            shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            _delete_stubborn(folder)

    def close(self) -> None:
        """Delete everything."""
        if self._root is not None:
            self.delete(self._root)


def usage(folder: Path, most: int) -> tuple[int, int]:
    """What a folder's tree occupies, links not followed.

    Args:
        folder: its top.
        most: stop counting after so many files and folders.

    Returns:
        Bytes on the disk, and the number of files and folders; more than ``most`` also when a
        part of the tree cannot be looked at, which nobody makes by accident.
    """
    size = number = 0
    waiting = [str(folder)]
    while waiting and number <= most:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    number += 1
                    status = entry.stat(follow_symlinks=False)
                    size += status.st_blocks * _BLOCK
                    if stat.S_ISDIR(status.st_mode):
                        waiting.append(entry.path)
                    if number > most:
                        break
        except (FileNotFoundError, NotADirectoryError):  # it was removed meanwhile
            continue
        except OSError:  # closed to us, or deeper than a path can say: a place to hide in
            return size, most + 1
    return size, number


def _delete_stubborn(folder: Path) -> None:
    """Delete a folder whose owner has made parts of it unwritable, or absurdly deep.

    Folders inside are opened up, emptied and removed one by one; what lies in them is moved up
    first, so that no path ever grows long.
    """
    number = itertools.count()
    removed = True
    while removed:
        removed = False
        for place in _open(folder):
            for inner in _open(place):
                with contextlib.suppress(OSError):
                    _unlock(inner)
                    inner.rename(folder / f"moved-{next(number)}")
            removed |= _remove(place)
    _remove(folder)


def _open(folder: Path) -> list[Path]:
    """What is in a folder, after making it its owner's to change; nothing for what is none."""
    try:
        return list(folder.iterdir()) if _unlock(folder) else []
    except OSError:
        return []


def _unlock(place: Path) -> bool:
    """Make a folder its owner's to change; False for what is none."""
    if place.is_symlink() or not place.is_dir():
        return False
    place.chmod(stat.S_IRWXU)
    return True


def _remove(place: Path) -> bool:
    try:
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        else:
            place.unlink()
    except OSError:
        return False
    return True
