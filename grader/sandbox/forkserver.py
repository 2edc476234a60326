"""Starts students' processes: from a warm fork server, or one by one where that cannot be."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from grader.errors import GraderFailure
from grader.sandbox.channel import Channel
from grader.sandbox.limits import ProcessLimits
from grader.sandbox.scratch import Scratch
from grader.sandbox.tiers import Tier, Wall
from grader.sandbox.zygote import Zygote

Method = Literal["fork", "spawn"]


class _Launcher(Protocol):
    """How students' processes come into being."""

    def start(self) -> None:
        """Get ready; called again when it has failed.

        Raises:
            GraderFailure: it cannot.
        """

    def launch(self, limits: ProcessLimits, scratch: Path) -> Channel:
        """One fresh process.

        Raises:
            OSError: this launcher no longer works.
            GraderFailure: the system refuses another process.
        """

    def stop(self) -> None:
        """End everything."""


class ForkServer:
    """The source of students' processes; a context manager, safe to use from several threads.

    Args:
        launcher: how processes come into being.
        scratch: where they work.
        wall: what holds them.
        frameworks: packages beside NumPy that can be imported inside.
    """

    def __init__(
        self,
        launcher: _Launcher,
        scratch: Scratch,
        wall: Wall,
        frameworks: Collection[str] = (),
    ) -> None:
        self.frameworks = frozenset(frameworks)
        self.wall = wall
        """What it has proved about the wall around its processes."""
        self._launcher = launcher
        self._scratch = scratch
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
        if tier not in (None, "basic") or not namespaces:
            raise GraderFailure(f"the wall of tier {tier} is not built yet")
        scratch = Scratch()
        launcher: _Launcher
        if (method or default_method()) == "fork":
            launcher = Zygote(frameworks, scratch)
        else:
            from grader.sandbox.spawn import Spawner

            launcher = Spawner(frameworks)
        try:
            launcher.start()
        except GraderFailure:
            launcher.stop()
            scratch.close()
            raise
        return cls(launcher, scratch, Wall("basic"), frameworks)

    @property
    def tier(self) -> Tier:
        """The tier of its wall."""
        return self.wall.tier

    def fork(self, limits: ProcessLimits) -> Channel:
        """A fresh process that has never met any student's code.

        Raises:
            GraderFailure: none can be made.
        """
        folder = self._scratch.new()
        with self._lock:
            try:
                channel = self._launcher.launch(limits, folder)
            except OSError:
                # Student code can kill a server that runs as the same user.
                self._launcher.stop()
                self._launcher.start()
                try:
                    channel = self._launcher.launch(limits, folder)
                except OSError as error:
                    raise GraderFailure(
                        f"no process can be started for the student's code: {error}"
                    ) from error
            self._channels.add(channel)
        channel.on_close(lambda: self._forget(channel, folder))
        return channel

    def _forget(self, channel: Channel, folder: Path) -> None:
        self._scratch.delete(folder)
        with self._lock:
            self._channels.discard(channel)

    def close(self) -> None:
        """End the server and every process it has made, and delete their folders."""
        for channel in list(self._channels):
            channel.close()
        with self._lock:
            self._launcher.stop()
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


def default_method() -> Method:
    """How this system makes processes best.

    macOS could fork, but its numerical library does not survive it.
    """
    can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return "fork" if can_fork and sys.platform != "darwin" else "spawn"
