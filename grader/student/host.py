"""What is asked of a submission's code: one request after another, within a budget of time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.assignment import Assignment
from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox import BrokenProtocol, Channel, Deadline, Ended, ForkServer, ProcessLimits
from grader.student import errors
from grader.student.budget import Budget
from grader.student.replaceable import Replaceable, handles_in
from grader.student.stops import stopped
from grader.student.variants import Alike, number_of, taken_apart
from grader.worker.wire import Segment, Value

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
        self.process = Replaceable(server, workspace, assignment, broken, seed)
        """What is asked."""
        self._workspace = workspace
        self._assignment = assignment
        self._broken = broken
        self._explain = explain
        self._budget = budget
        self.last_end: errors.Stopped | None = None
        """Why the last process ended that a limit or the code itself ended."""
        self.requests = 0
        """How many answers the code was asked for."""

    @property
    def limits(self) -> ProcessLimits:
        """What a process may use."""
        return self.process.limits

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
        if path not in self.process.imported or self._budget.is_spent:
            # Else a file that is not given the time to load would be called broken.
            self._budget.grant(0, function, self._workspace.place(path))
        self.process.alive()
        if path not in self.process.imported:
            self.process.imported[path] = self._import(path, function)
        return self.process.imported[path]

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
        channel = self.process.alive()
        message["release"] = self.process.released()
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
        channel = self.process.alive()
        message["release"] = self.process.released()
        answer = channel.ask(message, self.process.deadline(errands[0].cpu_seconds), payload)
        answers: list[tuple[Any, float]] = []
        before = channel.received_bytes
        try:
            while len(answers) < len(errands):
                if channel.received_bytes - before > self.limits.caps.total_bytes:
                    self.process.close()
                    return answers, None
                given, used = self._answered(channel, errands[len(answers)], answer)
                new = given.get("answers") if isinstance(given, dict) else None
                if not isinstance(new, list) or not 0 < len(new) <= len(errands) - len(answers):
                    self.process.close()
                    return [*answers, (given, used)], None
                answers += zip(new, itertools.chain([used], itertools.repeat(0.0)), strict=False)
        except errors.StudentError as error:
            if channel.ended is None:  # answers that nobody waits for would be taken for others
                self.process.close()
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
        channel = self.process.alive()
        message["release"] = self.process.released()
        answer = channel.ask(message, self.process.deadline(errand.cpu_seconds), payload)
        values: list[Value | Alike] = []
        before = channel.received_bytes
        try:
            while number > 0:
                if channel.received_bytes - before > self.limits.caps.total_bytes:
                    # Each fits into a message; a hundred of them took gigabytes of the grader's.
                    self.process.close()
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
                self.process.close()
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
            answer = request(self._budget.bounded(self.process.deadline(seconds)))
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

    def _import(self, path: str, function: str) -> frozenset[str]:
        place = self._workspace.place(path)
        seconds = self._assignment.limits.import_cpu_seconds
        errand = Errand(function, f"{place.file}, while it was imported", place, seconds)
        answer: Any
        fresh = not self.process.imported
        try:
            answer, _ = self.ask({"op": "import", "path": path}, errand)
        except (errors.Stopped, errors.Unsendable) as error:
            answer = error
        if not fresh and _ended_itself(answer):
            # It may be what another file left running that ended the process.
            self.process.alive()
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
