"""The process behind a Student: started when it is needed, replaced when it has ended."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

from grader.assignment import Assignment
from grader.errors import GraderFailure
from grader.intake.workspace import Workspace
from grader.sandbox import BrokenProtocol, Channel, Deadline, Ended, ForkServer, ProcessLimits
from grader.sandbox.ending import WITH_SERVER
from grader.student import errors
from grader.student.inspection import import_rules
from grader.untrusted import block
from grader.worker.wire import Handle

_HANDLES_PER_PROCESS: Final = 1 << 32
"""Ids of different processes never meet, so that a handle tells which process it is of."""
_LEAST_TO_LOAD: Final = 2.0
"""CPU seconds for taking the sources."""


class Replaceable:
    """A process that has a submission's sources, and the next one when it has ended.

    Args:
        server: where processes come from.
        workspace: the submission.
        assignment: limits and import rules.
        broken: path -> why this file cannot be loaded.
        seed: for the global random generators.

    Raises:
        GraderFailure: the fork server was started without a framework the assignment allows.
    """

    def __init__(
        self,
        server: ForkServer,
        workspace: Workspace,
        assignment: Assignment,
        broken: dict[str, errors.NotImportable],
        seed: int,
    ) -> None:
        unknown = set(assignment.imports.frameworks) - server.frameworks
        if unknown:  # else what is allowed would be called "not installed"
            names = ", ".join(sorted(unknown))
            raise GraderFailure(f"the assignment allows {names}, but the fork server does not")
        self.limits = ProcessLimits.of(assignment.limits)
        self.imported: dict[str, frozenset[str]] = {}
        """The names that each file binds which the present process has imported."""
        self._server = server
        self._workspace = workspace
        self._assignment = assignment
        self._broken = broken
        self._seed = seed
        self._channel: Channel | None = None
        self._spare: Channel | None = None
        self._generations = itertools.count(1)
        self._chosen = itertools.count(_HANDLES_PER_PROCESS // 2)
        self._generation = 0
        self._released: list[int] = []
        self._cpu_before = 0.0
        self._printed_before = ""

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all requests so far."""
        return self._cpu_before + (self._channel.cpu_seconds if self._channel else 0.0)

    @property
    def printed(self) -> str:
        """The tail of what the code printed, safe to show."""
        text = self._printed_before + (self._channel.printed if self._channel else "")
        return block(text[-self.limits.output_bytes :], self.limits.output_bytes)

    def adopt(self, channel: Channel) -> None:
        """Take a process that has not met student code, to use it instead of a fresh one."""
        if self._channel is not None or self._spare is not None:
            channel.close()
        else:
            self._spare = channel

    def holds(self, handle: Handle) -> bool:
        """Whether the process that lives now is the one the handle came from."""
        alive = self._channel is not None and self._channel.ended is None
        return alive and handle.id // _HANDLES_PER_PROCESS == self._generation

    def choose_handle(self) -> int:
        """A number for a handle of the process that lives now, which it has not given itself."""
        return self._generation * _HANDLES_PER_PROCESS + next(self._chosen)

    def release(self, number: int) -> None:
        """Have the process forget, with the next request, what it keeps for a handle's id."""
        if number // _HANDLES_PER_PROCESS == self._generation:
            self._released.append(number)

    def released(self) -> list[int]:
        """The ids that were released since this was asked last, to be told to the process."""
        told, self._released = self._released, []
        return told

    def deadline(self, cpu_seconds: float) -> Deadline:
        """The deadline of a request that may take so many CPU seconds."""
        return Deadline.of_cpu(cpu_seconds, self._assignment.limits.waiting_seconds)

    def close(self) -> None:
        """End the process. The next request would start another."""
        channel, self._channel = self._channel, None
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()
        if channel is not None:
            channel.close()
            self._cpu_before += channel.cpu_seconds
            text = self._printed_before + channel.printed
            self._printed_before = text[-self.limits.output_bytes :]
        self.imported.clear()
        self._released.clear()

    def alive(self) -> Channel:
        """The channel to it, with the sources loaded; a new process where there is none.

        Raises:
            GraderFailure: none can be started.
        """
        if self._channel is not None and self._channel.ended is not None:
            self.close()
        if self._channel is None:
            inspected = self._spare is not None
            self._channel, self._spare = self._spare or self._server.fork(self.limits), None
            # Reading the sources was the grader's wish, not the student's.
            self._cpu_before -= self._channel.cpu_seconds
            self._generation = next(self._generations)
            self._load(self._channel, inspected=inspected)
        return self._channel

    def _load(self, channel: Channel, *, inspected: bool = False, again: bool = False) -> None:
        endless = {path: str(why) for path, why in self._broken.items() if why.stopped}
        message = {
            "op": "load",
            "sources": {source.path: source.text for source in self._workspace.sources},
            "rules": import_rules(self._assignment),
            "refused": endless,
            "first_handle": self._generation * _HANDLES_PER_PROCESS,
            "seed": self._seed,
        }
        # However little the assignment leaves for imports: none happens yet.
        seconds = max(self._assignment.limits.import_cpu_seconds, _LEAST_TO_LOAD)
        answer: object
        try:
            answer = channel.request(message, self.deadline(seconds))
        except (Ended, BrokenProtocol) as error:
            answer = error
        with_server = isinstance(answer, Ended) and answer.detail == WITH_SERVER
        if answer != {"ok": True} and (with_server or inspected) and not again:
            # Reading the sources may have cost an inspected process the room to run them.
            self.close()
            self._channel = self._server.fork(self.limits)
            self._load(self._channel, again=True)
            return
        if answer != {"ok": True}:
            # No line of the student's has run yet.
            self.close()
            raise GraderFailure(
                f"the process for the student's code does not take the sources: {answer}",
                hint="does limits.memory_mb in the assignment leave it enough room?",
            )


def handles_in(value: Any) -> Iterator[Handle]:
    """All handles in a tree of values."""
    if isinstance(value, Handle):
        yield value
    elif isinstance(value, list | tuple):
        for element in value:
            yield from handles_in(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from handles_in(element)
