"""Keeps two batches out of one results folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import UnusableInput

LOCK = ".lock"
_GLANCE = 0.1
"""Seconds between two tries."""


class AtWork(UnusableInput):
    """Another batch holds the folder."""


@contextmanager
def held(folder: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when this process ends, however it ends.

    Args:
        folder: the results folder.
        patience: seconds to wait for somebody who is about to be done.

    Raises:
        AtWork: another batch holds it.
        UnusableInput: the folder cannot be written to.
    """
    file = folder / LOCK
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UnusableInput(f"cannot write to {folder}: {error.strerror}") from error
    try:
        until = time.monotonic() + patience
        while not (locked := _locked(descriptor)) and time.monotonic() < until:
            time.sleep(_GLANCE)
        if not locked:
            raise AtWork(
                f"another batch is at work in {folder}",
                hint="wait for it, or give another folder: --out DIR",
            )
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def _locked(descriptor: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _locked(descriptor: int) -> bool:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: then nobody is kept out.
            return True
        return True
