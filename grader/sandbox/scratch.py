"""The empty folders that students' processes work in."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Scratch:
    """A temporary folder that holds one folder for each process."""

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="goldgrad-"))

    def new(self) -> Path:
        """A fresh, empty folder."""
        return Path(tempfile.mkdtemp(dir=self._root))

    def delete(self, folder: Path) -> None:
        """Delete a folder with all that is in it, even what its owner made unwritable."""
        shutil.rmtree(folder, onerror=_force)

    def close(self) -> None:
        """Delete everything."""
        self.delete(self._root)


def _force(function: Callable[[Any], Any], path: str, _error: object) -> None:
    # Never through a link: a student may have put one there.
    for place in (os.path.dirname(path), path):  # noqa: PTH120  rmtree speaks in strings
        with contextlib.suppress(OSError):
            if not os.path.islink(place):  # noqa: PTH114
                os.chmod(place, stat.S_IRWXU)  # noqa: PTH101
    with contextlib.suppress(OSError):
        function(path)
