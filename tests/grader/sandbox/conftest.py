"""A student's process to talk to, without the proxy in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from grader.sandbox import Channel, Deadline, ForkServer, ProcessLimits

Talk = Callable[..., "Conversation"]
RULES = {"allow": ["numpy", "os", "sys", "time", "signal", "socket", "math"], "inert": []}


class Conversation:
    """One process with one module, m.py."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def load(self, source: str) -> Any:
        """Load m.py."""
        self.ask(op="load", sources={"m.py": source}, rules=RULES)
        return self.ask(op="import", path="m.py")

    def call(self, function: str = "f", *args: object, **options: Any) -> Any:
        """Call a function of m.py."""
        message = {"op": "call", "path": "m.py", "function": function, "keep": ()}
        return self.ask(payload=args, **message, **options)

    def ask(
        self,
        payload: Any = None,
        cpu: float = 1.0,
        idle: float = 1.0,
        wall: float = 10.0,
        **message: Any,
    ) -> Any:
        """Send one request."""
        return self.channel.request(message, Deadline(cpu, idle, wall), payload)

    @property
    def family(self) -> list[psutil.Process]:
        """The process and all it has started."""
        process = psutil.Process(self.channel.pid)
        return [process, *process.children(recursive=True)]


@pytest.fixture(scope="session")
def basic() -> Iterator[ForkServer]:
    """A server without the kernel's help: what processes do to each other has to be undone.

    With a framework (of a kind) threads, and so processes, can be started.
    """
    with ForkServer.start(["decimal"], tier="basic") as started:
        yield started


@pytest.fixture
def talk(server: ForkServer) -> Iterator[Talk]:
    """Starts conversations, and ends them with the test."""
    started: list[Channel] = []

    def start(
        source: str = "", limits: ProcessLimits | None = None, on: ForkServer = server
    ) -> Conversation:
        channel = on.fork(limits or ProcessLimits())
        started.append(channel)
        conversation = Conversation(channel)
        conversation.load(source)
        return conversation

    yield start
    for channel in started:
        channel.close()
