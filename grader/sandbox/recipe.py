"""How a fork server of each tier is started, and which tier it turned out to be."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import grader
from grader.sandbox import bubblewrap
from grader.sandbox.identity import dedicated_user
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.tiers import Obstacle, Tier, Wall
from grader.sandbox.view import View, interpreter_view

_NAMES: Final = {"mnt": "mount"}
_FULL: Final = frozenset({"user", "mount", "pid", "net", "ipc", "uts"})
_NOT_TRIED: Final = "not tried"
_PYTHON_HINT: Final = "use a Python that all users can read, such as the system's"
_BUBBLEWRAP_HINT: Final = "install it, for example: apt install bubblewrap"


@dataclass(frozen=True)
class Recipe:
    """How to start one fork server.

    Args:
        tier: what it is hoped to be.
        namespaces: who makes them: bubblewrap has ("given"), the server does ("own"), nobody.
        program: bubblewrap, for the full tier.
        user: whom student code runs as; None for ourselves.
        frameworks: packages beside NumPy that students may import.
    """

    tier: Tier
    namespaces: Literal["given", "own", "none"]
    program: str | None
    user: int | None
    frameworks: tuple[str, ...]

    @property
    def view(self) -> View:
        """What of the file system is seen inside."""
        return _view(self.frameworks)

    def prefix(self) -> list[str]:
        """What stands before the server's command."""
        if self.program is None:
            return []
        return bubblewrap.prefix(self.program, self.view, root=self.user is not None)

    def wishes(self, mount_point: Path) -> dict[str, Any]:
        """What the server is asked to build (see grader/worker/confinement.py).

        Args:
            mount_point: where a folder in memory can be mounted, unless bubblewrap has one.
        """
        walled = self.tier != "basic"
        limits = ProcessLimits()
        return {
            "namespaces": self.namespaces,
            "box": bubblewrap.BOX if self.program else str(mount_point),
            "box_bytes": limits.box_bytes,
            "box_files": limits.box_files,
            "user": self.user,
            "readable": self._readable() if walled else None,
            "reachable": [str(path) for path in (*self.view.roots, *self.view.packages)],
            "filtered": walled,
            "threads": bool(self.frameworks),
            "tried": walled,
            "hidden": [str(Path(grader.__file__))],
            "outside": _namespaces() if walled else {},
        }

    def _readable(self) -> list[str]:
        view = self.view
        # Behind bubblewrap, what is hidden is not there: a few folders do, where Landlock alone
        # needs hundreds of rules, which each child has to lay down anew.
        paths = (*view.roots, *view.packages) if self.program else view.landlock_paths()
        return [str(path) for path in paths]


@lru_cache(maxsize=4)
def _view(frameworks: tuple[str, ...]) -> View:
    return interpreter_view(frameworks)


def _namespaces() -> dict[str, str]:
    folder = Path("/proc/self/ns")
    return {place.name: os.readlink(place) for place in folder.iterdir()}  # noqa: PTH115  no path


def recipes(
    frameworks: Collection[str], tier: Tier | None, *, namespaces: bool
) -> Iterator[Recipe | Obstacle]:
    """What to try, the strongest first, and why some need not be tried.

    Args:
        frameworks: packages beside NumPy.
        tier: only this one.
        namespaces: False does without.
    """
    user = dedicated_user()
    packages = tuple(sorted(frameworks))
    linux = sys.platform == "linux"
    if tier in (None, "full"):
        program = bubblewrap.find_bubblewrap() if linux else None
        if not linux:
            yield Obstacle("full", f"{sys.platform} has neither bubblewrap nor namespaces")
        elif program is None:
            yield Obstacle("full", "bubblewrap is not installed", _BUBBLEWRAP_HINT)
        elif not namespaces:
            yield Obstacle("full", "it needs namespaces")
        else:
            yield Recipe("full", "given", program, user, packages)
    if tier in (None, "kernel"):
        if linux:
            yield Recipe("kernel", "own" if namespaces else "none", None, user, packages)
        else:
            yield Obstacle("kernel", f"{sys.platform} has neither Landlock nor seccomp")
    if tier in (None, "basic"):
        yield Recipe("basic", "none", None, user, packages)


def judge(recipe: Recipe, report: dict[str, Any]) -> Wall | Obstacle:
    """Which tier a server is, by what it found when it tried its walls.

    A hole is a hole: a server with one is of tier basic or nothing. Without Landlock, files are
    closed by bubblewrap's view alone, which makes it no more than ``kernel``.
    """
    found = tuple(_NAMES.get(name, name) for name in report["namespaces"])
    if recipe.tier == "basic":
        closed = report["open"]["libraries"]
        if closed != _NOT_TRIED:
            return Obstacle("basic", f"student code is not run as root, and {closed}", _PYTHON_HINT)
        return Wall("basic", uid=recipe.user)
    if report["open"]:
        wall, reason = next(iter(report["open"].items()))
        return Obstacle(recipe.tier, f"{reason} ({wall})", _hint(wall))
    wall = Wall(
        recipe.tier,
        namespaces=found,
        landlock=report["landlock"],
        seccomp=report["seccomp"],
        uid=recipe.user,
    )
    if recipe.tier == "full" and not (wall.landlock and _needed(recipe) <= set(found)):
        lacking = "Landlock" if not wall.landlock else ", ".join(sorted(_FULL - set(found)))
        weaker = Obstacle("full", f"this kernel does not offer {lacking}")
        return Wall("kernel", found, wall.landlock, wall.seccomp, wall.uid, obstacles=(weaker,))
    return wall


def _needed(recipe: Recipe) -> frozenset[str]:
    # Started as root, the others can be made without a user namespace, and a system may forbid it.
    return _FULL - {"user"} if recipe.user is not None else _FULL


def _hint(wall: str) -> str | None:
    return _PYTHON_HINT if wall == "libraries" else None
