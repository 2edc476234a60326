"""Landlock: the kernel refuses this process every file but those that were named before.

It needs no privileges, cannot be undone, and holds for all that the process starts. What the
kernel's version of it knows is refused: versions before 3 cannot keep a readable file from being
cut short (the file's owner and mode must), versions before 4 leave TCP open, versions before 6
signals. UDP and looking a path up (stat) stay open in all of them.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from . import kernel

# The same numbers on every architecture that goldgrad runs on.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446

_VERSION: Final = 1 << 0
_PATH_BENEATH: Final = 1
_QUIET: Final = 1 << 0
"""Since version 7: refusals leave no line in the system's log, which students could flood."""

_EXECUTE: Final = 1 << 0
_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_FOLDER: Final = 1 << 3
_REMOVE_FOLDER: Final = 1 << 4
_REMOVE_FILE: Final = 1 << 5
_MAKE_FOLDER: Final = 1 << 7
_MAKE_FILE: Final = 1 << 8
_BASE: Final = (1 << 13) - 1
_MOVE: Final = 1 << 13  # since version 2; version 1 refuses every move to another folder
_TRUNCATE: Final = 1 << 14  # since version 3
_DEVICE_CONTROL: Final = 1 << 15  # since version 5

# Of files; asking for another one on a file is an error.
_OF_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL

# Loading a shared library takes no right to execute: only starting a program does.
_READ: Final = _READ_FILE | _READ_FOLDER
# No links, devices, sockets or pipes: nothing that whoever looks into the folder could follow.
_WRITE: Final = (
    _READ | _WRITE_FILE | _TRUNCATE | _MAKE_FOLDER | _MAKE_FILE
    | _REMOVE_FOLDER | _REMOVE_FILE | _MOVE
)  # fmt: skip

_TCP: Final = 0b11  # bind and connect, since version 4
_SCOPES: Final = 0b11  # abstract Unix sockets and signals to outside, since version 6

_RULESET: Final = struct.Struct("=QQQ")
_RULE: Final = struct.Struct("=Qi")


@lru_cache(maxsize=1)
def version() -> int:
    """The version of Landlock's interface; 0 where the kernel has none or it is switched off."""
    try:
        return kernel.syscall(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


def open_path(path: str) -> int:
    """A descriptor that stands for a file or folder without opening it, as `restrict` takes."""
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def restrict(readable: Sequence[int], writable: Sequence[int]) -> None:
    """Refuse this thread, and all it starts, every file and folder but these.

    Nothing can be executed; TCP, abstract Unix sockets and signals to processes outside are
    refused where the kernel's version can. Descriptors that are open stay usable.

    Args:
        readable: descriptors (see `open_path`) of files and of folders with all below them.
        writable: of the same that may also be changed: files and folders can be made, moved and
            removed below a folder, but no links and nothing special.

    Raises:
        OSError: the kernel has no Landlock, or refuses.
    """
    handled = _handled(version())
    ruleset = kernel.syscall(_CREATE_RULESET, handled, len(handled), 0)
    try:
        _add(ruleset, [*prepare(tuple(readable)), *_rules(writable, _WRITE)])
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.syscall(_RESTRICT_SELF, ruleset, _QUIET if version() >= 7 else 0)
    finally:
        os.close(ruleset)


@lru_cache(maxsize=1)
def prepare(readable: tuple[int, ...]) -> tuple[bytes, ...]:
    """The rules for descriptors that stay open, made once before many forks.

    A process that has called this passes what it found on to its children, whose `restrict` with
    the same descriptors then takes three quarters of the time.
    """
    return tuple(_rules(readable, _READ))


def _rules(descriptors: Sequence[int], rights: int) -> Iterator[bytes]:
    rights &= _RULESET.unpack(_handled(version()))[0]
    for descriptor in descriptors:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        yield _RULE.pack(rights if is_folder else rights & _OF_A_FILE, descriptor)


def _add(ruleset: int, rules: Sequence[bytes]) -> None:
    """As so many calls of `kernel.syscall`, without its costs: there are hundreds of rules."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.argtypes = (*[ctypes.c_long] * 3, ctypes.c_char_p, ctypes.c_long)
    for rule in rules:
        if call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def _handled(known: int) -> bytes:
    """What is refused unless a rule allows it: everything this version can refuse."""
    files = _BASE
    for since, right in ((2, _MOVE), (3, _TRUNCATE), (5, _DEVICE_CONTROL)):
        if known >= since:
            files |= right
    return _RULESET.pack(files, _TCP if known >= 4 else 0, _SCOPES if known >= 6 else 0)
