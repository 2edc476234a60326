"""What the wall promises: three tiers, and what a fork server has proved about itself.

``full``
    bubblewrap's view of the file system (the interpreter, the packages, nothing else), namespaces
    (user, mount, pid, net, ipc, uts), no capabilities, Landlock, seccomp, resource limits.
``kernel``
    what the kernel gives without bubblewrap: Landlock, seccomp and resource limits, a user of its
    own when started as root, and namespaces where they are allowed.
``basic``
    a process of its own with a clean environment and limits watched from outside. A self-check,
    not secure.

A tier is never assumed: the fork server tries its walls from the inside when it starts, and
reports what held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Tier = Literal["full", "kernel", "basic"]

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
"""From the strongest to the weakest."""


@dataclass(frozen=True)
class Obstacle:
    """Why a stronger tier cannot be had on this machine."""

    tier: Tier
    reason: str
    hint: str | None = None


@dataclass(frozen=True)
class Wall:
    """What a fork server has proved about the wall around the processes it makes."""

    tier: Tier
    namespaces: tuple[str, ...] = ()
    """Of "user", "mount", "pid", "net", "ipc", "uts"."""
    landlock: int = 0
    """The version of Landlock's interface that is in force; 0 for none."""
    seccomp: bool = False
    uid: int | None = None
    """The user that student code runs as."""
    cgroup: bool = False
    """Whether a cgroup of its own limits it."""
    obstacles: tuple[Obstacle, ...] = ()
    """Why it is not a stronger one."""

    @property
    def secure(self) -> bool:
        """Whether code that nobody vouches for may be run behind it."""
        return self.tier != "basic"
