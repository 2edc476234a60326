"""Starts students' processes: from a warm fork server, or one by one where that cannot be."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from grader.errors import GraderFailure
from grader.sandbox.allotment import Allotment, delegated_groups
from grader.sandbox.channel import Channel
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.recipe import Recipe, judge, recipes
from grader.sandbox.scratch import Scratch
from grader.sandbox.tiers import Obstacle, Tier, Wall
from grader.sandbox.zygote import Zygote

Method = Literal["fork", "spawn"]


class _Launcher(Protocol):
    """How students' processes come into being."""

    def start(self) -> dict[str, Any]:
        """Get ready; called again when it has failed.

        Returns:
            What it found when it tried its walls.

        Raises:
            GraderFailure: it cannot.
        """

    def launch(self, limits: ProcessLimits, scratch: Path | None) -> Channel:
        """One fresh process.

        Args:
            limits: what it may use.
            scratch: its folder; None when it has one in memory.

        Raises:
            OSError: this launcher no longer works.
            GraderFailure: the system refuses another process.
        """

    def stop(self) -> None:
        """End everything."""

    def processes(self) -> list[int]:
        """The numbers of the processes that others are forked from."""


class ForkServer:
    """The source of students' processes; a context manager, safe to use from several threads.

    Args:
        launcher: how processes come into being.
        scratch: where they work.
        wall: what holds them.
        frameworks: packages beside NumPy that can be imported inside.
        folders: whether processes need folders on disk, having none in memory.
        judged: which wall a report speaks of; None where there is nothing to find out.
    """

    def __init__(
        self,
        launcher: _Launcher,
        scratch: Scratch,
        wall: Wall,
        frameworks: Collection[str] = (),
        *,
        folders: bool = True,
        judged: Callable[[dict[str, Any]], Wall | Obstacle] | None = None,
    ) -> None:
        self.frameworks = frozenset(frameworks)
        self.wall = wall
        """What it has proved about the wall around its processes."""
        self._launcher = launcher
        self._scratch = scratch
        self._folders = folders
        self._judged = judged
        self._allotment: Allotment | None = None
        self._claim()
        self._lock = threading.Lock()
        self._channels: set[Channel] = set()

    @classmethod
    def start(
        cls,
        frameworks: Collection[str] = (),
        method: Method | None = None,
        *,
        tier: Tier | None = None,
        namespaces: bool = True,
    ) -> ForkServer:
        """Start the server and wait until it is warm.

        Args:
            frameworks: packages beside NumPy that students may import.
            method: how processes are made; by default what this system does best.
            tier: exactly this one; by default the strongest that can be had.
            namespaces: False does without them, as a system does that forbids them.

        Raises:
            GraderFailure: it cannot be started.
        """
        if (method or default_method()) == "spawn":
            return cls._spawning(frameworks, tier)
        obstacles: list[Obstacle] = []
        for recipe in recipes(frameworks, tier, namespaces=namespaces):
            outcome = recipe if isinstance(recipe, Obstacle) else cls._forking(recipe)
            if isinstance(outcome, ForkServer):
                found = outcome.wall
                if tier in (None, found.tier):
                    outcome.wall = replace(found, obstacles=(*obstacles, *found.obstacles))
                    return outcome
                outcome.close()
                obstacles += found.obstacles
            else:
                obstacles.append(outcome)
        raise _refusal(tier, obstacles)

    @classmethod
    def _forking(cls, recipe: Recipe) -> ForkServer | Obstacle:
        delegated_groups()  # it may move the grader, which what is started after it then follows
        scratch = Scratch(recipe.user)
        zygote = Zygote(recipe, scratch)
        try:
            report = zygote.start()
            verdict = judge(recipe, report)
            if isinstance(verdict, Wall):
                return cls(
                    zygote,
                    scratch,
                    verdict,
                    recipe.frameworks,
                    folders=not report["namespaced"],
                    judged=partial(judge, recipe),
                )
        except GraderFailure as failure:
            verdict = Obstacle(recipe.tier, str(failure), failure.hint)
        zygote.stop()
        scratch.close()
        return verdict

    @classmethod
    def _spawning(cls, frameworks: Collection[str], tier: Tier | None) -> ForkServer:
        from grader.sandbox.spawn import Spawner

        reason = Obstacle("kernel", f"{sys.platform} has neither namespaces nor seccomp")
        if tier not in (None, "basic"):
            raise _refusal(tier, [reason])
        return cls(Spawner(frameworks), Scratch(), Wall("basic", obstacles=(reason,)), frameworks)

    @property
    def tier(self) -> Tier:
        """The tier of its wall."""
        return self.wall.tier

    def fork(self, limits: ProcessLimits) -> Channel:
        """A fresh process that has never met any student's code.

        Raises:
            GraderFailure: none can be made.
        """
        folder = self._scratch.new() if self._folders else None
        with self._lock:
            if self._allotment is not None:
                self._allotment.admit(limits)
            try:
                channel = self._launcher.launch(limits, folder)
            except OSError:
                # In a basic wall, student code can kill a server that runs as the same user.
                self._launcher.stop()
                self._accept(self._launcher.start())
                self._claim()
                try:
                    channel = self._launcher.launch(limits, folder)
                except OSError as error:
                    raise GraderFailure(
                        f"no process can be started for the student's code: {error}"
                    ) from error
            self._channels.add(channel)
        if self._allotment is not None:
            channel.was_out_of_memory = self._allotment.has_killed
        channel.on_close(lambda: self._forget(channel, folder, limits))
        return channel

    def _accept(self, report: dict[str, Any]) -> None:
        """See to it that a server that was started again has the wall that was recorded.

        Raises:
            GraderFailure: it has not; no process is started any more.
        """
        if self._judged is None:
            return
        found = self._judged(report)
        if (
            isinstance(found, Wall)
            and found.tier == self.tier
            and self._folders != bool(report["namespaced"])
        ):
            return
        self._launcher.stop()
        reason = found.reason if isinstance(found, Obstacle) else f"it is of tier {found.tier}"
        raise GraderFailure(f"the wall around student code did not hold a second time: {reason}")

    def _claim(self) -> None:
        """Have a cgroup of its own for a server that was just started."""
        self._release()
        self._allotment = Allotment.claim(self._launcher.processes())
        self.wall = replace(self.wall, cgroup=self._allotment is not None)

    def _release(self) -> None:
        if self._allotment is not None:
            self._allotment.close()
            self._allotment = None

    def _forget(self, channel: Channel, folder: Path | None, limits: ProcessLimits) -> None:
        if self._allotment is not None:
            self._allotment.dismiss(limits)
        if folder is not None:
            self._scratch.delete(folder)
        with self._lock:
            self._channels.discard(channel)

    def stop(self) -> None:
        """End every process it has made and make no more, also while other threads wait for them.

        Those get Ended. Nothing is put away yet: that is for ``close``.
        """
        with self._lock:
            self._launcher.stop()

    def close(self) -> None:
        """End the server and every process it has made, and delete their folders."""
        for channel in list(self._channels):
            channel.close()
        with self._lock:
            self._launcher.stop()
            self._release()
        self._scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _refusal(tier: Tier | None, obstacles: Sequence[Obstacle]) -> GraderFailure:
    """Why no server could be started."""
    reasons = "; ".join(obstacle.reason for obstacle in obstacles)
    hint = next((obstacle.hint for obstacle in obstacles if obstacle.hint), None)
    if tier is None:
        return GraderFailure(f"student code cannot be run here: {reasons}", hint)
    return GraderFailure(f"the wall of tier {tier} cannot be had here: {reasons}", hint)


def default_method() -> Method:
    """How this system makes processes best.

    macOS could fork, but its numerical library does not survive it.
    """
    can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return "fork" if can_fork and sys.platform != "darwin" else "spawn"
