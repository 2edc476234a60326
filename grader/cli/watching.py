"""Noticing that a file was saved, by looking at modification times: works on every file system."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

Snapshot: TypeAlias = dict[str, tuple[int, int]]

_SUFFIXES = {".py", ".ipynb", ".md", ".txt", ".pdf", ".docx", ".zip"}
_MOST_FILES = 2000
_PAUSE_SECONDS = 0.25


def snapshot(path: Path) -> Snapshot:
    """Modification time (ns) and size of the files a check may depend on, by path."""
    found: Snapshot = {}
    for file in _files(path):
        try:
            status = file.stat()
        except OSError:
            continue  # it vanished between listing and looking
        found[str(file)] = (status.st_mtime_ns, status.st_size)
        if len(found) >= _MOST_FILES:
            break
    return found


def wait_for_change(path: Path, seen: Snapshot, look: Callable[[], None]) -> None:
    """Return as soon as the files differ from ``seen`` and have stood still for a moment.

    Args:
        path: a file, or a folder with all that is in it.
        seen: what was there before.
        look: called at every turn; what it raises ends the wait.
    """
    while (current := snapshot(path)) == seen:
        look()
        time.sleep(_PAUSE_SECONDS)
    # Editors write in several steps; checking half a file would show a mistake that is not there.
    while True:
        time.sleep(_PAUSE_SECONDS / 2)
        settled = snapshot(path)
        if settled == current:
            return
        current = settled


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = [n for n in folders if not n.startswith(".") and n != "__pycache__"]
        for name in names:
            if Path(name).suffix in _SUFFIXES:
                yield Path(folder, name)
