"""The empty folders that students' processes work in."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import stat
import tempfile
from pathlib import Path

from grader.worker.control import SCRATCH_PREFIX


class Scratch:
    """A temporary folder that holds one folder for each process."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))

    def new(self) -> Path:
        """A fresh, empty folder."""
        return Path(tempfile.mkdtemp(dir=self.root))

    def delete(self, folder: Path) -> None:
        """Delete a folder with all that student code has made of it. Links are not followed."""
        with contextlib.suppress(RecursionError):  # folders within folders, a thousand deep
            shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            _delete_stubborn(folder)

    def close(self) -> None:
        """Delete everything."""
        self.delete(self.root)


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
