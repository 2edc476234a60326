"""Measures a process from outside, so that nothing it does can change the figures."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

import psutil


class Meter:
    """CPU time, waiting time and memory of one process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # Linux: the process's CPU clock (clock_getcpuclockid), exact to the nanosecond.
        self._clock = (~pid << 3) | 2 if sys.platform.startswith("linux") else None
        self._last_cpu = 0.0
        self._last_queued = 0.0

    def cpu(self) -> float:
        """Seconds of CPU time so far; the last figure when the process is gone."""
        used = self._last_cpu
        if self._clock is not None:
            with contextlib.suppress(OSError):
                used = time.clock_gettime(self._clock)
        else:
            with contextlib.suppress(psutil.Error):
                times = psutil.Process(self._pid).cpu_times()
                used = times.user + times.system
        self._last_cpu = max(self._last_cpu, used)
        return self._last_cpu

    def queued(self) -> float | None:
        """Seconds it was ready to run and waited for a processor; None where nobody counts."""
        try:
            text = Path(f"/proc/{self._pid}/schedstat").read_text(encoding="ascii")
            return int(text.split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return None

    def newly_queued(self) -> float | None:
        """As ``queued``, but since this was last asked."""
        queued = self.queued()
        if queued is None:
            return None
        before, self._last_queued = self._last_queued, queued
        return queued - before

    def memory(self) -> int:
        """Bytes of memory it occupies; 0 when it is gone."""
        try:
            return int(psutil.Process(self._pid).memory_info().rss)
        except (psutil.Error, ValueError):  # ValueError: it was gone before it had a number here
            return 0
