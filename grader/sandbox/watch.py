"""One request's figures, held against its limits while it runs."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import Final

from grader.sandbox.ending import NUMBER, WAITING, Ended
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.meter import Meter
from grader.sandbox.scratch import usage

_TICK_SECONDS: Final = 0.25
"""How long the process may go unwatched."""
_SHORT_SECONDS: Final = 0.05
"""A wait of which no account is kept."""
_MEMORY_SLACK: Final = 256 << 20
"""What an interpreter with NumPy and its libraries may occupy by itself."""
_RESERVE: Final = 1 << 30
"""What is left of the disk when we begin to ask whether it is a process that fills it."""
_BOXES: Final = 4
"""How many times what its folder holds must be gone then: others write to the disk as well."""


class Box:
    """A process's folder on the disk, and what was free there at first.

    Files that were deleted while they are open or mapped are in no folder and still take space.
    Which they are, only the kernel knows; that the disk gets full can be seen.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free = _free(folder)

    def crowded(self, limits: ProcessLimits) -> Ended | None:
        """Whether too much was written."""
        size, number = usage(self._folder, limits.box_files)
        if size > limits.box_bytes:
            return Ended("files", limits.box_bytes, size)
        if number > limits.box_files:
            return Ended("files", limits.box_files, number, NUMBER)
        free = _free(self._folder)
        taken = self._free - free
        if free < _RESERVE and taken > _BOXES * limits.box_bytes:
            return Ended("files", limits.box_bytes, taken)
        return None


def _free(folder: Path) -> int:
    # Of the folder above: behind a basic wall, student code can remove its own.
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder.parent).free
    return _RESERVE


class Watch:
    """The figures of one request against its limits."""

    def __init__(
        self, meter: Meter, deadline: Deadline, limits: ProcessLimits, box: Box | None
    ) -> None:
        self.deadline = deadline
        self._box = box
        self._meter = meter
        self._limits = limits
        self._cpu = meter.cpu()
        self._start = time.monotonic()
        self._queued: float | None = None
        self._next_tick = self._start + _TICK_SECONDS

    def cpu(self) -> float:
        """CPU seconds of this request so far."""
        return self._meter.cpu() - self._cpu

    def waited(self) -> float:
        """Seconds in which it neither computed nor was kept from it by a busy machine.

        0 for a short wait, where nobody counts, and when the process is gone.
        """
        apart = time.monotonic() - self._start - self.cpu()
        if apart < _SHORT_SECONDS:
            return 0.0
        queued = self._meter.newly_queued()
        return 0.0 if queued is None else max(0.0, apart - queued)

    def next_look(self) -> float:
        """Seconds until some limit can have been exceeded, but soon enough to watch memory."""
        left = self.deadline.cpu_seconds - self.cpu()
        return min(max(left, 0.001), _TICK_SECONDS)

    def exceeded(self, printed: int) -> Ended | None:
        """Which limit is exceeded, if any."""
        deadline, limits = self.deadline, self._limits
        cpu = self.cpu()
        if cpu >= deadline.cpu_seconds:
            return Ended("cpu", deadline.cpu_seconds, cpu)
        if printed > limits.flood_bytes:
            return Ended("output", limits.flood_bytes, printed)
        now = time.monotonic()
        if now - self._start >= deadline.wall_seconds:
            return Ended("wall", deadline.wall_seconds, now - self._start)
        if now < self._next_tick:
            return None
        self._next_tick = now + _TICK_SECONDS
        memory = self._meter.memory()
        if memory > limits.memory_bytes + _MEMORY_SLACK:
            return Ended("memory", limits.memory_bytes, memory)
        return self._crowded() or self._idle(now, cpu)

    def look_at_files(self) -> None:
        """See what earlier requests, each too short to be watched, have written together.

        Raises:
            Ended: it is too much.
        """
        over = self._crowded()
        if over is not None:
            raise over

    def _crowded(self) -> Ended | None:
        """Whether too much was written to a folder on the disk, which knows no limit itself."""
        return None if self._box is None else self._box.crowded(self._limits)

    def _idle(self, now: float, cpu: float) -> Ended | None:
        queued = self._meter.queued()
        if queued is None:
            return None
        if self._queued is None:
            # What it waited before the first look is counted as idle; that is a quarter of a
            # second and saves reading the figure for every short call.
            self._queued = queued
        idle = now - self._start - cpu - (queued - self._queued)
        if idle >= self.deadline.idle_seconds:
            return Ended("wall", self.deadline.idle_seconds, idle, WAITING)
        return None
