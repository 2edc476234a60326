"""The student's module as a remote object.

Checks read as if it were local: ``out, cache = student.conv_forward(x, w, b, conv_param)``. Every
call crosses the wall; what comes back is data, never an object of the student's.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from grader.assignment import Assignment
from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox import BrokenProtocol, Channel, Deadline, Ended, ForkServer, ProcessLimits
from grader.student import errors
from grader.student.failure import import_failure, call_failure
from grader.student.inspection import Inspection, import_rules, inspect_sources
from grader.untrusted import block
from grader.worker.wire import Handle, Opaque, Value, WireError

_HANDLES_PER_PROCESS: Final = 1 << 32
_SEED: Final = 20240601
"""Seeds the global generators of every fresh process."""


@dataclass(frozen=True)
class Returned:
    """What one call gave."""

    value: Value
    modified: tuple[int, ...]
    """Positions of the arguments that were changed in place."""
    cpu_seconds: float
    place: Place | None
    """Where the function is defined."""


class Student:
    """A submission's functions, callable; not for use from several threads at once.

    The process behind it is started at the first call and replaced when it has ended.

    Args:
        server: where processes come from.
        workspace: the submission.
        assignment: limits, import rules, and which file each function is expected in.
        inspection: facts of the sources, when they are known already.
    """

    def __init__(
        self,
        server: ForkServer,
        workspace: Workspace,
        assignment: Assignment,
        inspection: Inspection | None = None,
    ) -> None:
        self._server = server
        self._workspace = workspace
        self._assignment = assignment
        self._inspection = inspection
        self._limits = ProcessLimits.of(assignment.limits)
        self._channel: Channel | None = None
        self._generations = itertools.count(1)
        self._generation = 0
        self._imported: dict[str, frozenset[str]] = {}
        self._broken: dict[str, errors.StudentError] = {}
        self._released: list[int] = []
        self._cpu_before = 0.0
        self._printed_before = ""
        self._last_end: errors.Stopped | None = None

    @property
    def inspection(self) -> Inspection:
        """Facts of the sources; learnt at the first use."""
        if self._inspection is None:
            self._inspection = inspect_sources(self._server, self._workspace, self._assignment)
        return self._inspection

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all calls so far."""
        return self._cpu_before + (self._channel.cpu_seconds if self._channel else 0.0)

    @property
    def printed(self) -> str:
        """The tail of what the code printed, safe to show."""
        text = self._printed_before + (self._channel.printed if self._channel else "")
        return block(text[-self._limits.output_bytes :], self._limits.output_bytes)

    def call(
        self,
        function: str,
        *args: Any,
        keep: Collection[int] = (),
        cpu_seconds: float | None = None,
    ) -> Returned:
        """Call a function of the student.

        Args:
            function: its name.
            args: values or handles; the student gets copies.
            keep: positions in a returned tuple or list that stay inside, as handles.
            cpu_seconds: the limit; by default the assignment's for one call.

        Raises:
            StudentError: there is no value, for one of the reasons in errors.py.
            GraderFailure: no process can be started.
        """
        path = self._locate(function, function)
        place = self._place_of(path, function)
        if self._is_stub(path, function):
            raise errors.NotWritten(
                f"{function} is not written yet", function=function, place=place
            )
        self._refuse_stale(function, args, place)
        seconds = cpu_seconds or self._assignment.limits.call_cpu_seconds
        message = {"op": "call", "path": path, "function": function, "keep": sorted(keep)}
        answer, used = self._ask(message, seconds, function, f"{function}()", place, list(args))
        value, modified = _result(answer)
        if modified is None:
            raise call_failure(answer, function, place, self._workspace, self._limits)
        return Returned(self._track(value), modified, used, place)

    def declared(self, name: str) -> Value:
        """The value of a module-level constant, such as HYPERPARAMETERS.

        Raises:
            StudentError: there is none (NotDefined), or it cannot be had.
        """
        path = self._locate(name, name)
        place = self._place_of(path, name)
        seconds = self._assignment.limits.call_cpu_seconds
        message = {"op": "declared", "path": path, "name": name}
        answer, _ = self._ask(message, seconds, name, f"reading {name}", place)
        if isinstance(answer, dict) and "value" in answer:
            return answer["value"]
        raise call_failure(answer, name, place, self._workspace, self._limits)

    def __getattr__(self, name: str) -> Callable[..., Value]:
        """``student.f(x)`` is ``student.call("f", x).value``."""
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, keep: Collection[int] = ()) -> Value:
            return self.call(name, *args, keep=keep).value

        return call

    def fresh(self) -> Student:
        """The same submission with a process of its own, for example for a training run."""
        twin = Student(self._server, self._workspace, self._assignment, self.inspection)
        twin._broken = self._broken  # noqa: SLF001  what cannot be loaded is known to all
        return twin

    def close(self) -> None:
        """End the process. The next call would start another."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
            self._cpu_before += channel.cpu_seconds
            self._printed_before = (self._printed_before + channel.printed)[
                -self._limits.output_bytes :
            ]
        self._imported.clear()
        self._released.clear()

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _locate(self, name: str, function: str) -> str:
        """The file that defines a name, loaded in the process that will be asked."""
        expected = self._assignment.expected_file(name)
        failure: errors.StudentError | None = None
        for path in self.inspection.candidates(name, expected):
            try:
                if name in self._load(path, function):
                    return path
            except (errors.NotImportable, errors.Stopped) as error:
                failure = failure or error
        raise failure or self._not_defined(name, expected)

    def _load(self, path: str, function: str) -> frozenset[str]:
        if path in self._broken:
            raise self._broken[path]
        self._alive()
        if path not in self._imported:
            seconds = self._assignment.limits.import_cpu_seconds
            place = self._workspace.place(path)
            doing = f"{place.file}, while it was imported"
            try:
                answer, _ = self._ask(
                    {"op": "import", "path": path}, seconds, function, doing, place
                )
            except errors.Stopped as stop:
                self._broken[path] = import_failure(stop, path, function, self._workspace)
                raise self._broken[path] from stop
            names = answer.get("names") if isinstance(answer, dict) else None
            if not isinstance(names, list):
                self._broken[path] = import_failure(answer, path, function, self._workspace)
                raise self._broken[path]
            self._imported[path] = frozenset(n for n in names if isinstance(n, str))
        return self._imported[path]

    def _alive(self) -> Channel:
        if self._channel is not None and self._channel.ended is not None:
            self.close()
        if self._channel is None:
            self._channel = self._server.fork(self._limits)
            self._generation = next(self._generations)
            self._channel.request(
                {
                    "op": "load",
                    "sources": {source.path: source.text for source in self._workspace.sources},
                    "rules": import_rules(self._assignment),
                    "refused": {
                        path: str(why)
                        for path, why in self._broken.items()
                        if isinstance(why.__cause__, errors.Stopped)
                    },
                    "first_handle": self._generation * _HANDLES_PER_PROCESS,
                    "seed": _SEED,
                },
                Deadline.of_cpu(self._assignment.limits.import_cpu_seconds),
            )
        return self._channel

    def _ask(
        self,
        message: dict[str, Any],
        seconds: float,
        function: str,
        doing: str,
        place: Place | None,
        payload: list[Any] | None = None,
    ) -> tuple[Any, float]:
        channel = self._alive()
        before = channel.cpu_seconds
        released, self._released[:] = self._released[:], []
        message["release"] = released
        try:
            answer = channel.request(message, Deadline.of_cpu(seconds), payload)
        except Ended as ended:
            self._last_end = errors.stopped(ended, function, doing, place)
            raise self._last_end from ended
        except BrokenProtocol as broken:
            raise errors.Unsendable(
                f"{function} did not answer in the grader's own form",
                function=function,
                place=place,
                help="do not write to files or sockets that your code has not opened",
            ) from broken
        return answer, channel.cpu_seconds - before

    def _refuse_stale(self, function: str, args: Any, place: Place | None) -> None:
        alive = self._channel is not None and self._channel.ended is None
        current = self._generation if alive else -1
        for handle in _handles(args):
            if handle.id // _HANDLES_PER_PROCESS != current:
                why = self._last_end
                stale = errors.StaleHandle(
                    f"{function} could not be called with what an earlier function returned: "
                    f"that was lost ({why or 'its process was closed'})",
                    function=function,
                    place=place,
                )
                if why is not None:
                    stale.reason, stale.limit, stale.used = why.reason, why.limit, why.used
                raise stale

    def _track(self, value: Value) -> Value:
        """Have the process forget what no handle here stands for any more."""
        released, generation = self._released, self._generation
        for handle in _handles(value):
            if handle.id // _HANDLES_PER_PROCESS == generation:
                weakref.finalize(handle, released.append, handle.id)
        return value

    def _place_of(self, path: str, name: str) -> Place | None:
        facts = self.inspection.file(path)
        if facts is None:
            return None
        function = facts.function(name)
        return self._workspace.place(path, facts.names.get(name), name if function else None)

    def _is_stub(self, path: str, name: str) -> bool:
        facts = self.inspection.file(path)
        function = facts.function(name) if facts else None
        return function is not None and function.stub

    def _not_defined(self, name: str, expected: str | None) -> errors.StudentError:
        """Why no file defines a name: a syntax error in the expected one, or it is missing."""
        for facts in self.inspection.files:
            if facts.problem is not None and facts.path in (expected, None):
                return import_failure(facts.problem, facts.path, name, self._workspace)
        where = f"expected in {expected}" if expected else "in no file"
        unreadable = [f.path for f in self.inspection.files if f.problem is not None]
        more = f"; {', '.join(unreadable)} cannot be read" if unreadable else ""
        return errors.NotDefined(
            f"no file defines {name} ({where}{more})",
            function=name,
            help=f"define it in {expected}" if expected else None,
        )


def _result(answer: Any) -> tuple[Value, tuple[int, ...] | None]:
    """The value and the modified arguments of an answer; None for the latter when it failed."""
    if not isinstance(answer, dict) or "value" not in answer:
        return None, None
    modified = answer.get("modified")
    if not isinstance(modified, tuple) or not all(isinstance(p, int) for p in modified):
        return None, None
    return answer["value"], modified


def _handles(value: Any) -> Iterator[Handle]:
    if isinstance(value, Handle):
        yield value
    elif isinstance(value, list | tuple):
        for element in value:
            yield from _handles(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from _handles(element)
