"""Which wall is good enough for what, and the environment variable that pins one."""

from __future__ import annotations

import os
from typing import Final

from grader.errors import UnusableInput
from grader.sandbox.tiers import TIERS, Tier, Wall

VARIABLE: Final = "GOLDGRAD_WALL"
_UNKNOWN: Final = "this system offers nothing better"


def pinned() -> Tier | None:
    """The tier that GOLDGRAD_WALL asks for; None, the strongest that can be had, without it.

    Raises:
        UnusableInput: there is no tier of that name.
    """
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return None
    for tier in TIERS:
        if tier == wanted:
            return tier
    raise UnusableInput(
        f"there is no wall called {wanted!r} ({VARIABLE})", hint=f"one of: {', '.join(TIERS)}"
    )


def demand(wall: Wall, *, insecure: bool) -> None:
    """Refuse to mark behind a wall that does not hold hostile code.

    Args:
        wall: what the fork server has proved.
        insecure: whether the user has said that any wall will do.

    Raises:
        UnusableInput: the wall is not secure, and nobody said that this is accepted.
    """
    if wall.secure or insecure:
        return
    raise UnusableInput(
        f"this machine cannot wall student code off: {_why(wall)}",
        hint="`grade doctor` says what to install; --insecure marks anyway, with code that can"
        " read your files and use the network: read docs/security.md first",
    )


def _why(wall: Wall) -> str:
    if pinned() == wall.tier:
        return f"{VARIABLE}={wall.tier} pins a wall that is not secure"
    reasons = [f"{obstacle.reason} ({obstacle.tier})" for obstacle in wall.obstacles]
    return "; ".join(reasons) or _UNKNOWN
