"""Cgroups (version 2) around students' processes, on systems that let us make some.

The kernel then counts all memory the process causes (files in a tmpfs and the page cache too),
kills it rather than its neighbours, and finds everything it has started when it is time to end it.

A group can hold one student's process or a fork server with all its children. Measured: making a
group takes 0.3 ms and removing it 1.5 ms, but joining one 8 to 14 ms, as the kernel waits for all
processors; children that are forked in a group are in it at no cost. A fork server therefore joins
once, when it is warm (what it occupies by then stays charged to where it came from), and its limit
is what all its children together may have.

Limits here stand beside the resource limits, which tell student code politely (MemoryError) what
these end with a kill.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from grader.sandbox.delegation import (
    CONTROLLERS,
    NotDelegated,
    delegation,
    members,
    read,
    settle,
    write,
)

_PREFIX: Final = "goldgrad-"
_EMPTY_SECONDS: Final = 2.0
"""How long killed processes may take to be gone."""
_numbers = itertools.count()


class Group:
    """A cgroup for one student's process, or for a fork server, with all they may start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def create(
        cls,
        parent: Path,
        memory_bytes: int | None,
        processes: int | None,
        *,
        together: bool = True,
        name: str | None = None,
    ) -> Group:
        """Make a group.

        Args:
            parent: a folder from `delegated`.
            memory_bytes: that its processes may cause to be used once they are in it; what they
                share with the fork server is not counted. None sets no limit.
            processes: processes and threads at a time; None sets no limit.
            together: whether all its processes are killed when their memory exceeds the limit, as
                is right for one student's; otherwise the kernel kills the largest.
            name: of the new folder.

        Raises:
            OSError: the kernel refuses; nothing is left behind.
        """
        folder = parent / (name or f"{_PREFIX}{os.getpid()}-{next(_numbers)}")
        folder.mkdir()
        group = cls(folder)
        try:
            if memory_bytes is not None:
                write(folder / "memory.max", str(memory_bytes))
                _write_if_there(folder / "memory.swap.max", "0")
                _write_if_there(folder / "memory.oom.group", str(int(together)))
            if processes is not None:
                write(folder / "pids.max", str(processes))
        except OSError:
            folder.rmdir()
            raise
        return group

    def allow(self, memory_bytes: int) -> None:
        """Set anew how much memory its processes may cause to be used.

        Raises:
            OSError: the kernel refuses.
        """
        write(self._folder / "memory.max", str(memory_bytes))

    def add(self, pid: int) -> None:
        """Put a process into the group, with all its threads; its later children start there.

        Raises:
            OSError: it is gone, or the kernel refuses.
        """
        write(self._folder / "cgroup.procs", str(pid))

    def pids(self) -> list[int]:
        """The processes in the group, by their numbers as we see them."""
        return [pid for pid in members(self._folder) if pid]

    def kill(self) -> None:
        """Kill all processes in the group, those too that are being forked at this moment."""
        try:
            write(self._folder / "cgroup.kill", "1")
        except OSError:
            # Before Linux 5.14. Several turns, as a process may have forked since it was listed.
            until = time.monotonic() + _EMPTY_SECONDS
            while (pids := self.pids()) and time.monotonic() < until:
                for pid in pids:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.001)

    def peak(self) -> int | None:
        """The most bytes of memory it has held at a time (before Linux 5.19: holds now)."""
        for name in ("memory.peak", "memory.current"):
            with contextlib.suppress(OSError, ValueError):
                return int((self._folder / name).read_text(encoding="ascii"))
        return None

    def events(self) -> dict[str, int]:
        """What its limits have done.

        Returns:
            ``oom_kill``: processes killed because ``memory.max`` was exceeded; ``forks_denied``:
            processes and threads that ``pids.max`` has prevented. 0 where nobody counts.
        """
        memory = parse_counters(read(self._folder / "memory.events"))
        pids = parse_counters(read(self._folder / "pids.events"))
        return {"oom_kill": memory.get("oom_kill", 0), "forks_denied": pids.get("max", 0)}

    @property
    def out_of_memory(self) -> bool:
        """Whether the kernel has killed it for exceeding its memory limit."""
        return self.events()["oom_kill"] > 0

    def close(self) -> None:
        """Kill what is left in the group and remove it. A second time does no harm."""
        self.kill()
        until = time.monotonic() + _EMPTY_SECONDS
        while True:
            try:
                self._folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:  # EBUSY: a killed process is not gone yet
                if time.monotonic() >= until:
                    return  # named by our number: the next grader here sweeps it up
                time.sleep(0.0005)
            else:
                return


class Groups:
    """The source of students' groups; safe to use from several threads."""

    def __init__(self, parent: Path) -> None:
        self.parent = parent

    @classmethod
    def find(cls, controllers: Sequence[str] = CONTROLLERS) -> Self | None:
        """Settle in the group that is delegated to us; None when there is none.

        To be called before the fork server is started: the grader must be alone in its group to
        move, and what it starts afterwards is where it is itself.
        """
        try:
            parent = delegation(controllers)
            settle(parent, controllers)
        except (NotDelegated, OSError):
            return None
        sweep(parent)
        return cls(parent)

    def new(self, memory_bytes: int, processes: int, *, together: bool = True) -> Group:
        """A new group (see `Group.create`).

        Raises:
            OSError: the kernel refuses.
        """
        return Group.create(self.parent, memory_bytes, processes, together=together)


def parse_counters(text: str) -> dict[str, int]:
    """The lines "name number" of files such as ``memory.events``."""
    pairs = (line.split() for line in text.splitlines())
    return {p[0]: int(p[1]) for p in pairs if len(p) == 2 and p[1].isdecimal()}


def sweep(parent: Path) -> None:
    """Remove what graders have left behind that were killed; their processes died with them."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def _write_if_there(file: Path, text: str) -> None:
    with contextlib.suppress(OSError):
        write(file, text)
