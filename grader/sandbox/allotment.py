"""The cgroup of one fork server: what all its processes together may use, where one can be had."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from grader.sandbox.cgroup import Group, Groups
from grader.sandbox.limits import ProcessLimits

_SLACK: Final = 256 << 20
"""What a process may occupy beside its memory limit: buffers, files in its folder, messages."""
_TASKS: Final = 512
"""Processes and threads of one server; a few for each of a handful of students' processes."""


class Allotment:
    """A group with as much memory as the processes that live in it may have.

    Args:
        group: the fork server is in it, and so are all its children.
    """

    def __init__(self, group: Group) -> None:
        self._group = group
        self._living: list[int] = []
        self._kills = 0

    @classmethod
    def claim(cls, pids: Iterable[int]) -> Allotment | None:
        """A group for these processes and all they will start; None where none can be had."""
        groups, members = delegated_groups(), list(pids)
        if groups is None or not members:
            return None
        try:
            group = groups.new(_SLACK, _TASKS, together=False)
        except OSError:
            return None
        try:
            for pid in members:
                group.add(pid)
        except OSError:
            group.close()
            return None
        return cls(group)

    def admit(self, limits: ProcessLimits) -> None:
        """Make room for one more process."""
        self._living.append(limits.memory_bytes)
        self._adjust()

    def dismiss(self, limits: ProcessLimits) -> None:
        """One of them is gone."""
        with contextlib.suppress(ValueError):
            self._living.remove(limits.memory_bytes)
        self._adjust()

    def has_killed(self) -> bool:
        """Whether the kernel has killed a process of the group since this was last asked."""
        kills = self._group.events()["oom_kill"]
        risen, self._kills = kills > self._kills, kills
        return risen

    def close(self) -> None:
        """End what is left in the group, and remove it."""
        self._group.close()

    def _adjust(self) -> None:
        with contextlib.suppress(OSError):  # the resource limits stand all the same
            self._group.allow(_SLACK + sum(memory + _SLACK for memory in self._living))


@lru_cache(maxsize=1)
def delegated_groups() -> Groups | None:
    """Where groups can be made; looked for once, before the first server is started."""
    return Groups.find()
