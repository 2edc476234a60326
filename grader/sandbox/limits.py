"""How much one process, and one request to it, may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.assignment import Limits
from grader.worker.wire import Caps


@dataclass(frozen=True)
class ProcessLimits:
    """What one student process may use in its whole life."""

    memory_bytes: int = 1 << 30
    """On top of what the interpreter with NumPy takes."""
    output_bytes: int = 64 << 10
    """How much of what it prints is kept; the tail."""
    flood_bytes: int = 64 << 20
    """How much it may print before it is stopped."""
    file_bytes: int = 16 << 20
    """The largest file it may write."""
    box_bytes: int = 64 << 20
    """How much its folder holds in all."""
    box_files: int = 4096
    """How many files and folders its folder holds."""
    open_files: int = 64
    lifetime_cpu_seconds: int = 3600
    """The kernel's hard limit behind all others."""
    caps: Caps = field(default_factory=Caps)
    """How large one message may be."""

    @classmethod
    def of(cls, limits: Limits) -> ProcessLimits:
        """The limits an assignment sets."""
        return cls(memory_bytes=limits.memory_mb << 20, output_bytes=limits.output_kb << 10)


@dataclass(frozen=True)
class Deadline:
    """How long one request may take, in all: sending, computing and answering.

    CPU seconds are what counts. Seconds that pass while the process waits for a busy machine
    cost it nothing; ``idle_seconds`` stops one that sleeps, and ``wall_seconds`` is the backstop
    behind both.
    """

    cpu_seconds: float
    idle_seconds: float
    wall_seconds: float

    @classmethod
    def of_cpu(cls, seconds: float, waiting: float = 10.0) -> Deadline:
        """The usual deadline for this much CPU time, and so much waiting beyond it."""
        return cls(seconds, seconds + waiting, 10 * seconds + waiting)
