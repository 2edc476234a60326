"""What a freshly forked process does before it meets student code.

The order matters: each step needs a right that a later one gives up. Whatever fails, the process
must not go on.

1. a session of its own, no descriptors but its three streams and its channel;
2. mounts, pid and ipc namespaces of its own: an empty folder in memory, no /proc;
3. resource limits;
4. another user, when started as root; a user namespace that maps nobody; no capabilities;
5. Landlock, then seccomp: from here on there is no way back.

Where the kernel offers less, steps 2, 4 and 5 are left out as the Jail says, and the server, which
tries its own walls, reports a weaker tier.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import kernel, landlock, namespaces, seccomp

CHANNEL: Final = 3
"""The descriptor of the request socket inside the process."""

_THREADS: Final = 64
"""How many tasks a process with a framework may have, where they can be counted."""
DEVICES: Final = ("/dev/zero", "/dev/urandom")
"""To be read only: who may write to /dev/zero can map shared memory that no limit counts."""


@dataclass
class Jail:
    """How the fork server confines its children; made once, before the first fork.

    Args:
        namespaced: whether children get namespaces of their own.
        box: where their folder is, when it is one in memory.
        box_bytes, box_files: how much it holds.
        user: the user they run as; None to stay the server's.
        readable: descriptors of what they may read, for Landlock; None to do without.
        filtered: whether system calls are filtered.
        threads: whether they may start threads.
    """

    namespaced: bool = False
    box: str = ""
    box_bytes: int = 0
    box_files: int = 0
    user: int | None = None
    readable: Sequence[int] | None = None
    filtered: bool = False
    threads: bool = False

    def confine(self, limits: dict[str, Any], scratch: str, channel: int, output: int) -> Any:
        """Turn this process into one fit for student code.

        Args:
            limits: ``memory_bytes``, ``cpu_seconds``, ``file_bytes``, ``open_files``.
            scratch: an empty folder, used where there is none in memory.
            channel: the request socket; becomes descriptor 3.
            output: where stdout and stderr go.

        Returns:
            The request socket.

        Raises:
            OSError: some step failed; the process must not go on then.
        """
        os.setsid()
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        box = self.box if self.namespaced else scratch
        user = os.geteuid() if self.user is None else self.user
        if self.namespaced:
            namespaces.separate(box, self.box_bytes, self.box_files, user)
        readable, writable = self._open(box)
        channel, output, *kept = _above(CHANNEL, [channel, output, *readable, *writable])
        _arrange_descriptors(channel, output, kept)
        for name in ("HOME", "TMPDIR", "TEMP", "TMP"):
            os.environ[name] = box
        os.environ.pop("PWD", None)  # bubblewrap sets it to where the server started
        _set_limits(limits, None if self.threads else 1)
        _go_first()
        if self.namespaced:
            namespaces.hide_processes()
        self._become_nobody()
        os.chdir(box)
        if self.readable is not None:
            landlock.restrict(kept[: len(readable)], kept[len(readable) :])
        for descriptor in kept:
            os.close(descriptor)
        _limit(resource.RLIMIT_NOFILE, limits["open_files"])
        # Made before the filter: it asks what kind of socket it is.
        connection = socket.socket(fileno=CHANNEL)
        if self.filtered:
            seccomp.install(threads=self.threads)
        return connection

    def _open(self, box: str) -> tuple[list[int], list[int]]:
        if self.readable is None:
            return [], []
        return list(self.readable), [landlock.open_path(path) for path in (box, os.devnull)]

    def _become_nobody(self) -> None:
        if sys.platform != "linux":
            return
        if self.user is not None:
            kernel.bound_capabilities()
            os.setgroups([])
            os.setresgid(self.user, self.user, self.user)
            os.setresuid(self.user, self.user, self.user)
        alone = self.namespaced and namespaces.new_user()
        # Counted are the tasks of a user in a user namespace: here, of nobody but this process, or
        # of all student code. An ordinary user's own are many, and not ours to know.
        if self.threads and (alone or self.user is not None):
            _limit(resource.RLIMIT_NPROC, _THREADS)
        kernel.bound_capabilities()
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        # Another user makes the kernel forget it.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (parent, 0):  # it died before we asked; 0 is outside our namespace
        os._exit(1)


def adopt_orphans() -> bool:
    """Become the parent of all orphaned descendants, to find and end them (Linux only)."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        return True
    return False


def _arrange_descriptors(channel: int, output: int, kept: Sequence[int]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for source, target in ((null, 0), (output, 1), (output, 2), (channel, CHANNEL)):
        os.dup2(source, target)
    start = CHANNEL + 1
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, _highest_descriptor())
    out = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "replace")
    err = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "replace")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), "utf-8")
    sys.stdout = sys.__stdout__ = out  # type: ignore[misc]  # ours from the start
    sys.stderr = sys.__stderr__ = err  # type: ignore[misc]


def _above(limit: int, descriptors: Sequence[int]) -> list[int]:
    """The descriptors, moved above the range that is overwritten next."""
    held = []
    result = []
    for descriptor in descriptors:
        moved = descriptor
        while moved <= limit:
            held.append(moved)
            moved = os.dup(moved)
        result.append(moved)
    return result


def _highest_descriptor() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1 << 20


def _set_limits(limits: dict[str, Any], processes: int | None) -> None:
    size = address_space()
    if size is not None:
        _limit(resource.RLIMIT_AS, size + limits["memory_bytes"])
    _limit(resource.RLIMIT_CPU, limits["cpu_seconds"])
    _limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _limit(resource.RLIMIT_CORE, 0)
    if processes is not None:
        # Counts all processes of the user, of whom there is at least this one: no more may be
        # made. Root is not bound by it.
        with contextlib.suppress(OSError, ValueError):
            _limit(resource.RLIMIT_NPROC, processes)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _go_first() -> None:
    """Have the kernel end this process before all others of ours when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def address_space() -> int | None:
    """Bytes of address space this process has now, or None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return None
    return pages * resource.getpagesize()
