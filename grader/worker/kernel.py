"""System calls that Python has no function for, each raising OSError as Python's own do.

Linux only. The C library is called through ctypes; the wall may not depend on a compiled module.
"""

from __future__ import annotations

import ctypes
import os
import struct
from functools import lru_cache
from typing import Final

CLONE_NEWNS: Final = 0x00020000
CLONE_NEWUTS: Final = 0x04000000
CLONE_NEWIPC: Final = 0x08000000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWPID: Final = 0x20000000
CLONE_NEWNET: Final = 0x40000000

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_GET_SECCOMP: Final = 21
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_NO_NEW_PRIVS: Final = 39
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

OVERFLOW_USER: Final = 65534
"""Who one is in a user namespace that maps nobody, unless the machine was set up otherwise."""

_CAPABILITY_VERSION_3: Final = 0x20080522
_CAPABILITIES: Final = struct.Struct("<6I")


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """A system call by its number; integers are passed as C longs.

    Raises:
        OSError: the kernel refuses.
    """
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(_libc().syscall(ctypes.c_long(number), *passed))


def prctl(option: int, first: int = 0, second: int = 0) -> int:
    """Set or ask an attribute of this process (see the manual page of prctl)."""
    passed = (ctypes.c_ulong(argument) for argument in (first, second, 0, 0))
    return _checked(_libc().prctl(option, *passed))


def unshare(namespaces: int) -> None:
    """Move this process (a new pid namespace: its next children) into namespaces of its own."""
    _checked(_libc().unshare(namespaces))


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace behind a descriptor."""
    _checked(_libc().setns(descriptor, kind))


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount a file system, or change a mount (see the manual page of mount)."""
    arguments = (source, target, kind)
    encoded = [None if a is None else os.fsencode(a) for a in arguments]
    flagged = ctypes.c_ulong(flags)
    _checked(_libc().mount(*encoded, flagged, os.fsencode(options) or None))


def unmount(target: str, flags: int = 0) -> None:
    """As umount2(2)."""
    _checked(_libc().umount2(os.fsencode(target), flags))


def bound_capabilities() -> None:
    """See to it that no program this process may start can get capabilities, where it may."""
    capability = 0
    while True:
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return  # past the last capability this kernel knows, or no right to drop any
        capability += 1


def drop_capabilities() -> None:
    """Give up all capabilities of this process, for good."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc().capset(header, _CAPABILITIES.pack(*[0] * 6)))


def capabilities() -> tuple[int, int, int]:
    """This process's effective, permitted and inheritable capabilities, as bit sets."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    data = ctypes.create_string_buffer(_CAPABILITIES.size)
    _checked(_libc().capget(header, data))
    low = _CAPABILITIES.unpack(data.raw)
    effective, permitted, inheritable = (low[i] | low[i + 3] << 32 for i in range(3))
    return effective, permitted, inheritable


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
