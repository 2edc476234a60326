"""How much memory the container has, and what of it student code may use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import psutil

from grader.assignment import Limits

_CGROUPS = Path("/sys/fs/cgroup")
_FILES = ("memory.max", "memory.limit_in_bytes")
_OWN_MB = 256
"""The grader, its fork server, and what a student's process has before it runs their code."""
_LEAST_MB = 64


def fitting(limits: Limits, memory_mb: int) -> Limits:
    """The assignment's limits, with no more memory than the container leaves.

    Past that, the kernel would end the student's process (or the grader) without a reason; this
    way the code is told, and so is the student.

    Args:
        limits: of the assignment.
        memory_mb: of the container.
    """
    left = max(_LEAST_MB, memory_mb - _OWN_MB)
    return limits.model_copy(update={"memory_mb": min(limits.memory_mb, left)})


def memory_mb() -> int:
    """What this machine or container has in all, in MB (2**20 bytes)."""
    total = psutil.virtual_memory().total
    return min([total, *_limits(Path("/proc/self/cgroup"), _CGROUPS)]) >> 20


def _limits(membership: Path, mounted: Path) -> Iterator[int]:
    """The memory limits of all groups that this process is in; bytes.

    Args:
        membership: which those are, as /proc/self/cgroup lists them.
        mounted: where they lie. In a container, its own group is often the root.
    """
    lines: list[str] = []
    with suppress(OSError):
        lines = membership.read_text(encoding="utf-8").splitlines()
    groups = [line.split(":", 2)[2] for line in lines if line.count(":") >= 2]
    for base in (mounted, mounted / "unified", mounted / "memory"):
        for group in dict.fromkeys(["/", *groups]):
            path = PurePosixPath(group.lstrip("/"))
            for folder in (path, *path.parents):
                yield from _limit(base / folder)


def _limit(folder: Path) -> Iterator[int]:
    for name in _FILES:
        with suppress(OSError, ValueError):  # "max" is no number
            yield int((folder / name).read_text(encoding="ascii"))
