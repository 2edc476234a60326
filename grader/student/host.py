"""The process behind a Student: started when it is needed, replaced when it has ended."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader.assignment import Assignment
from grader.errors import GraderFailure
from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox import BrokenProtocol, Channel, Deadline, Ended, ForkServer, ProcessLimits
from grader.sandbox.ending import WITH_SERVER
from grader.student import errors
from grader.student.budget import Budget
from grader.student.inspection import import_rules
from grader.student.stops import stopped
from grader.student.variants import Alike, number_of, taken_apart
from grader.untrusted import block
from grader.worker.wire import Handle, Segment, Value

_HANDLES_PER_PROCESS: Final = 1 << 32
_LEAST_TO_LOAD: Final = 2.0
"""CPU seconds for taking the sources."""
"""Ids of different processes never meet, so that a handle tells which process it is of."""

ExplainImport = Callable[[Any, str, str], errors.NotImportable]


@dataclass(frozen=True)
class Errand:
    """What a request is for, to be named when it fails."""

    function: str
    doing: str
    """"train()", "layers.py, while it was imported"."""
    place: Place | None
    cpu_seconds: float


class Host:
    """Loads the submission's modules in a process of its own, and passes requests on to it.

    Args:
        server: where processes come from.
        workspace: the submission.
        assignment: limits and import rules.
        broken: path -> why this file cannot be loaded; shared between hosts of one submission,
            so that a file which must be stopped is not tried again and again.
        seed: for the global random generators.
        explain: makes the error for a file that cannot be loaded, of the worker's report (or
            what was raised instead of one), the path, and what it was loaded for.
        budget: of CPU time, shared with the submission's other processes.

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
        explain: ExplainImport,
        budget: Budget,
    ) -> None:
        unknown = set(assignment.imports.frameworks) - server.frameworks
        if unknown:  # else what is allowed would be called "not installed"
            names = ", ".join(sorted(unknown))
            raise GraderFailure(f"the assignment allows {names}, but the fork server does not")
        self._server = server
        self._workspace = workspace
        self._assignment = assignment
        self._broken = broken
        self._seed = seed
        self._explain = explain
        self._budget = budget
        self.limits = ProcessLimits.of(assignment.limits)
        self.last_end: errors.Stopped | None = None
        """Why the last process ended that a limit or the code itself ended."""
        self.requests = 0
        """How many answers the code was asked for."""
        self._channel: Channel | None = None
        self._spare: Channel | None = None
        self._generations = itertools.count(1)
        self._chosen = itertools.count(_HANDLES_PER_PROCESS // 2)
        self._generation = 0
        self._imported: dict[str, frozenset[str]] = {}
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

    def names_in(self, path: str, function: str) -> frozenset[str]:
        """The names a file binds; loads it.

        Args:
            path: the file.
            function: what it is loaded for.

        Raises:
            NotImportable: it cannot be loaded, or could not when it was last tried.
            Stopped: the submission's CPU time is spent.
            GraderFailure: no process can be started.
        """
        if path in self._broken:
            raise self._broken[path]
        if path not in self._imported or self._budget.is_spent:
            # Else a file that is not given the time to load would be called broken.
            self._budget.grant(0, function, self._workspace.place(path))
        self._alive()
        if path not in self._imported:
            self._imported[path] = self._import(path, function)
        return self._imported[path]

    def ask(
        self, message: dict[str, Any], errand: Errand, payload: list[Any] | None = None
    ) -> tuple[Any, float]:
        """The process's answer, of which nothing is to be believed, and the CPU seconds it took.

        Raises:
            Stopped: the process has ended.
            NotImportable: so it did, through no fault of the code, and the file could not be
                loaded again.
            Unsendable: it broke the protocol, and was ended.
            GraderFailure: no process can be started.
        """
        try:
            return self._ask_once(message, errand, payload)
        except errors.Stopped as stop:
            # The fork server may have been ended by anything, such as a lack of memory.
            if not stop.with_server or any(True for _ in handles_in(payload)):
                raise
        if message["op"] != "import":
            self.names_in(message["path"], errand.function)
        return self._ask_once(message, errand, payload)

    def _ask_once(
        self, message: dict[str, Any], errand: Errand, payload: list[Any] | None
    ) -> tuple[Any, float]:
        channel = self._alive()
        message["release"], self._released = self._released, []
        return self._answered(channel, errand, lambda d: channel.request(message, d, payload))

    def ask_each(
        self, message: dict[str, Any], errands: Sequence[Errand], payload: Sequence[Segment]
    ) -> tuple[list[tuple[Any, float]], errors.StudentError | None]:
        """The process's answers to a message that has one for each errand, several at a time.

        Args:
            message: see grader/worker/series.py.
            errands: at least one.
            payload: encoded.

        Returns:
            What ``ask`` returns, for as many errands as it could be had, and why the next one has
            none (what ``ask`` raises); None also where the answers are too large all together. Of
            answers that came together the first has taken all the time.

        Raises:
            GraderFailure: no process can be started.
        """
        channel = self._alive()
        message["release"], self._released = self._released, []
        answer = channel.ask(message, self._deadline(errands[0].cpu_seconds), payload)
        answers: list[tuple[Any, float]] = []
        before = channel.received_bytes
        try:
            while len(answers) < len(errands):
                if channel.received_bytes - before > self.limits.caps.total_bytes:
                    self.close()
                    return answers, None
                given, used = self._answered(channel, errands[len(answers)], answer)
                new = given.get("answers") if isinstance(given, dict) else None
                if not isinstance(new, list) or not 0 < len(new) <= len(errands) - len(answers):
                    self.close()
                    return [*answers, (given, used)], None
                answers += zip(new, itertools.chain([used], itertools.repeat(0.0)), strict=False)
        except errors.StudentError as error:
            if channel.ended is None:  # answers that nobody waits for would be taken for others
                self.close()
            return answers, error
        return answers, None

    def ask_until(
        self, message: dict[str, Any], errand: Errand, payload: Sequence[Segment], number: int
    ) -> tuple[list[Value | Alike], Any, errors.StudentError | None]:
        """The process's answers to a message that has so many values, in some answers.

        Args:
            message: see grader/worker/series.py.
            errand: what each value is for.
            payload: encoded.
            number: how many values, at least one.

        Returns:
            The values, as far as there are any, and not too large all together; then an answer that
            holds none, or too many, or None; and why there was no answer (what ``ask`` raises), or
            None.

        Raises:
            GraderFailure: no process can be started.
        """
        channel = self._alive()
        message["release"], self._released = self._released, []
        answer = channel.ask(message, self._deadline(errand.cpu_seconds), payload)
        values: list[Value | Alike] = []
        before = channel.received_bytes
        try:
            while number > 0:
                if channel.received_bytes - before > self.limits.caps.total_bytes:
                    # Each fits into a message; a hundred of them took gigabytes of the grader's.
                    self.close()
                    return values, {"failed": {"kind": "unsendable"}}, None
                given, _ = self._answered(channel, errand, answer)
                new = taken_apart(given)
                if new is None:
                    return values, given, None
                number -= number_of(new)
                if number < 0:
                    return values, given, None
                values += new
        except errors.StudentError as error:
            if channel.ended is None:
                self.close()
            return values, None, error
        return values, None, None

    def _answered(
        self, channel: Channel, errand: Errand, request: Callable[[Deadline], object]
    ) -> tuple[Any, float]:
        self.requests += 1
        before, waited = channel.cpu_seconds, channel.waited_seconds
        seconds = self._budget.grant(errand.cpu_seconds, errand.function, errand.place)
        answer: object
        try:
            answer = request(self._budget.bounded(self._deadline(seconds)))
        except Ended as ended:
            if ended.reason == "wall" and self._budget.time_is_up:
                what = f"stopped in {errand.doing}"
                stop = self._budget.stop(what, errand.function, errand.place)
                stop.process_lost = True
            else:
                stop = stopped(ended, errand.function, errand.doing, errand.place)
            self.last_end = stop
            raise stop from ended
        except BrokenProtocol as broken:
            raise errors.Unsendable(
                f"{errand.function} did not answer in the grader's own form",
                function=errand.function,
                place=errand.place,
                help="do not write to files or sockets that your code has not opened",
            ) from broken
        finally:
            self._budget.spend(channel.cpu_seconds - before, channel.waited_seconds - waited)
        return answer, channel.cpu_seconds - before

    def _deadline(self, cpu_seconds: float) -> Deadline:
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
        self._imported.clear()
        self._released.clear()

    def _alive(self) -> Channel:
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
            answer = channel.request(message, self._deadline(seconds))
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

    def _import(self, path: str, function: str) -> frozenset[str]:
        place = self._workspace.place(path)
        seconds = self._assignment.limits.import_cpu_seconds
        errand = Errand(function, f"{place.file}, while it was imported", place, seconds)
        answer: Any
        fresh = not self._imported
        try:
            answer, _ = self.ask({"op": "import", "path": path}, errand)
        except (errors.Stopped, errors.Unsendable) as error:
            answer = error
        if not fresh and _ended_itself(answer):
            # It may be what another file left running that ended the process.
            self._alive()
            return self._import(path, function)
        names = answer.get("names") if isinstance(answer, dict) else None
        if not isinstance(names, list):
            self._broken[path] = self._explain(answer, path, function)
            raise self._broken[path]
        return frozenset(name for name in names if isinstance(name, str))


def _ended_itself(answer: object) -> bool:
    return isinstance(answer, errors.Unsendable) or (
        isinstance(answer, errors.Stopped) and answer.reason in {"exit", "crash"}
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
