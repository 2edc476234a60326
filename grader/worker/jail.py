"""What a freshly forked process does before it meets student code.

The basic tier: an own session, nothing inherited but its three streams and its socket, resource
limits, an empty folder, and death when the fork server dies. What only the kernel can add
(namespaces, Landlock, seccomp, another user) belongs here too, between ``confine`` and the loop.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, Final

CHANNEL: Final = 3
"""The descriptor of the request socket inside the process."""

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def confine(limits: dict[str, Any], scratch: str, channel: int, output: int) -> None:
    """Turn this process into one fit for student code.

    Args:
        limits: ``memory_bytes``, ``cpu_seconds``, ``file_bytes``, ``open_files``.
        scratch: an empty folder, its working folder and home.
        channel: the request socket; becomes descriptor 3.
        output: where stdout and stderr go.

    Raises:
        OSError: some limit cannot be set; the process must not go on then.
    """
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _arrange_descriptors(channel, output)
    os.chdir(scratch)
    for name in ("HOME", "TMPDIR"):
        os.environ[name] = scratch
    _set_limits(limits)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies (Linux; elsewhere nothing)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def adopt_orphans() -> bool:
    """Become the parent of all orphaned descendants, to find and end them (Linux only)."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # only Linux has it to offer

    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def _arrange_descriptors(channel: int, output: int) -> None:
    # Move both above the range that is overwritten next.
    channel, output = (_above(fd, CHANNEL) for fd in (channel, output))
    null = os.open(os.devnull, os.O_RDWR)
    for source, target in ((null, 0), (output, 1), (output, 2), (channel, CHANNEL)):
        os.dup2(source, target)
    os.closerange(CHANNEL + 1, _highest_descriptor())
    out = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "replace")
    err = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "replace")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), "utf-8")
    sys.stdout = sys.__stdout__ = out  # type: ignore[misc]  # ours from the start
    sys.stderr = sys.__stderr__ = err  # type: ignore[misc]


def _above(descriptor: int, limit: int) -> int:
    held = []
    while descriptor <= limit:
        held.append(descriptor)
        descriptor = os.dup(descriptor)
    return descriptor


def _highest_descriptor() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1 << 20


def _set_limits(limits: dict[str, Any]) -> None:
    size = address_space()
    if size is not None:
        _limit(resource.RLIMIT_AS, size + limits["memory_bytes"])
    _limit(resource.RLIMIT_CPU, limits["cpu_seconds"])
    _limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _limit(resource.RLIMIT_NOFILE, limits["open_files"])
    _limit(resource.RLIMIT_CORE, 0)
    if os.getuid() != 0:
        # Counts all processes of the user, of whom there is at least this one: no more may be
        # made. Root is not bound by it.
        with contextlib.suppress(OSError, ValueError):
            _limit(resource.RLIMIT_NPROC, 1)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def address_space() -> int | None:
    """Bytes of address space this process has now, or None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return None
    return pages * resource.getpagesize()
