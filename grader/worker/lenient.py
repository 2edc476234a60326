"""Spares honest code some refusals that protect nobody.

The filter of system calls refuses every change of a file's mode, owner and times, since it cannot
see whose file it is. On the process's own files such a change is of no use to anybody, but
``shutil.copy`` makes it: there it is passed over in silence. So is a wish to be less of a burden
to the machine. To cut a file short by its name is refused as well; of an own file it is done by
opening it, which Landlock has a say in. What lies in a folder that is closed to this process is
called missing, as it is behind the full wall: ``Path.exists`` would raise the refusal. The kernel
refuses as before, and student code may undo all this: nothing depends on it.
"""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_OF_FILES: Final = ("chmod", "chown", "lchown", "utime")

Call = Callable[..., Any]


def install(folder: Path) -> None:
    """Replace functions of ``os`` by lenient ones; where nothing is refused they do the same.

    Args:
        folder: the process's own.
    """
    own = os.path.realpath(folder)
    for name in _OF_FILES:
        _replace(name, functools.partial(_has_own_path, own))
    _replace("listxattr", _has_own_path_or_none(own), [])
    _replace("nice", _is_humble, 0)
    _replace("sched_setaffinity", _is_modest)
    _replace_truncate(own)
    for name in ("stat", "lstat"):
        _replace_look(name)


def _replace(name: str, is_harmless: Callable[..., bool], instead: Any = None) -> None:
    strict: Call | None = getattr(os, name, None)
    if strict is not None:
        setattr(os, name, _lenient(strict, is_harmless, instead))


def _replace_truncate(folder: str) -> None:
    strict: Call | None = getattr(os, "truncate", None)
    if strict is None:
        return

    @functools.wraps(strict)
    def truncate(path: Any, length: int) -> None:
        try:
            strict(path, length)
        except PermissionError:
            if not _has_own_path(folder, path):
                raise
            with open(path, "r+b") as file:  # noqa: PTH123  as bytes, too
                file.truncate(length)

    os.truncate = truncate


def _replace_look(name: str) -> None:
    strict: Call = getattr(os, name)

    @functools.wraps(strict)
    def look(path: Any, *args: Any, **options: Any) -> os.stat_result:
        try:
            found: os.stat_result = strict(path, *args, **options)
        except PermissionError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None
        return found

    setattr(os, name, look)
    # Libraries ask there what can be done with a function.
    for able in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
        if strict in able:
            able.add(look)


def _lenient(strict: Call, is_harmless: Callable[..., bool], instead: Any) -> Call:
    @functools.wraps(strict)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return strict(*args, **options)
        except PermissionError:
            if not is_harmless(*args, **options):
                raise
            return instead

    return call


def _has_own_path(folder: str, path: object, *_args: object, **options: Any) -> bool:
    if not isinstance(path, str | bytes | os.PathLike) or options.get("dir_fd") is not None:
        return False
    # Refused before it was looked for: what is not there is FileNotFoundError, as ever.
    Path(os.fsdecode(path)).lstat()
    found = os.path.realpath(os.fsdecode(path))
    return found == folder or found.startswith(folder + os.sep)


def _has_own_path_or_none(folder: str) -> Callable[..., bool]:
    return lambda path=None, **options: _has_own_path(folder, path or ".", **options)


def _is_humble(increment: int) -> bool:
    return increment >= 0


def _is_modest(pid: int, mask: Any) -> bool:
    return pid == 0 and set(mask) <= os.sched_getaffinity(0)
