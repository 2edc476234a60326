"""The student's module as a remote object.

Checks read as if it were local: ``out, cache = student.conv_forward(x, w, b, conv_param)``. Every
call crosses the wall; what comes back is data, never an object of the student's.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from grader.assignment import Assignment
from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox import ForkServer
from grader.student import errors
from grader.student.budget import Budget
from grader.student.definitions import Definitions
from grader.student.failure import Failures
from grader.student.host import Errand, Host
from grader.student.inspection import Inspection, inspect_sources
from grader.student.replaceable import handles_in
from grader.student.series import Call, Plan
from grader.student.variants import Alike, Question, number_of
from grader.worker.targets import Target
from grader.worker.wire import Handle, Value

_SEED: Final = 20240601


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

    The process behind it is started at the first call and replaced when it has ended. What a call
    returns was made by student code: its types are those of ``Value``, and nothing else about it
    is certain.

    Args:
        server: where processes come from.
        workspace: the submission.
        assignment: limits, import rules, and which file each function is expected in.
        inspection: facts of the sources, when they are known already.
        seed: for the global random generators of the process, so that code which seeds nothing
            gives the same answers each time it is graded.
    """

    def __init__(
        self,
        server: ForkServer,
        workspace: Workspace,
        assignment: Assignment,
        inspection: Inspection | None = None,
        seed: int = _SEED,
    ) -> None:
        self._server = server
        self._workspace = workspace
        self._assignment = assignment
        self._inspection = inspection
        self._broken: dict[str, errors.NotImportable] = {}
        self._answered: set[str] = set()
        self._together = True
        self._places: dict[tuple[str, str], Place | None] = {}
        self._constants: dict[str, tuple[int, Value]] = {}
        self._handles: dict[int, tuple[weakref.ref[Handle], int]] = {}
        self._budget = Budget(assignment.limits.total_cpu_seconds)
        self._host = self._new_host(seed)

    def _new_host(self, seed: int) -> Host:
        return Host(
            self._server,
            self._workspace,
            self._assignment,
            self._broken,
            seed,
            self._explain_import,
            self._budget,
        )

    def _explain_import(self, what: Any, path: str, function: str) -> errors.NotImportable:
        return self._failures.of_import(what, path, function)

    @property
    def _failures(self) -> Failures:
        return Failures(self._workspace, self.inspection, self._host.limits)

    @property
    def inspection(self) -> Inspection:
        """Facts of the sources; learnt at the first use."""
        if self._inspection is None:
            self._inspection = inspect_sources(
                self._server, self._workspace, self._assignment, self._host.process.adopt
            )
        return self._inspection

    @property
    def definitions(self) -> Definitions:
        """Where the sources define what."""
        return Definitions(self._workspace, self._assignment, self.inspection)

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all calls so far."""
        return self._host.process.cpu_seconds

    @property
    def printed(self) -> str:
        """The tail of what the code printed, safe to show."""
        return self._host.process.printed

    def call(
        self,
        function: str,
        *args: Any,
        keep: Collection[int] = (),
        cpu_seconds: float | None = None,
    ) -> Returned:
        """Call a function of the student.

        Args:
            function: its name; a class or method as grader/worker/targets.py writes it.
            args: values or handles; the student gets copies.
            keep: positions in a returned tuple or list that stay inside, as handles. A result
                that is neither is sent whole, unless WHOLE is among them.
            cpu_seconds: the limit; by default the assignment's for one call.

        Raises:
            StudentError: there is no value, for one of the reasons in errors.py.
            GraderFailure: no process can be started.
        """
        path, errand = self._find(function, cpu_seconds)
        self._refuse_stale(errand.function, args, errand.place)
        message = {"op": "call", "path": path, "function": function, "keep": sorted(keep)}
        answer, used = self._host.ask(message, errand, list(args))
        return self._returned(answer, used, errand, len(args))

    def call_each(self, calls: Sequence[Call]) -> list[Returned | errors.StudentError | None]:
        """Call functions one after another, all asked for at once.

        Args:
            calls: in the order in which they are made.

        Returns:
            Of each call what ``call`` returns or raises. None where that is not known, because the
            process ended before; ``call`` finds out.

        Raises:
            GraderFailure: no process can be started.
        """
        outcomes: list[Returned | errors.StudentError | None] = [None] * len(calls)
        found = self._find_all(dict.fromkeys(call.function for call in calls))
        plan = Plan(self._host)
        for number, call in enumerate(calls):
            outcome = found[call.function]
            if isinstance(outcome, errors.StudentError):
                outcomes[number] = outcome
            else:
                plan.add(number, call, *outcome)
        if not plan.numbers:
            return outcomes
        answers, error = plan.carry_out(self._answered, together=self._together)
        if error is None and len(answers) < len(plan.numbers):
            # The same call may be in the next series. Its time is not spent twice for nothing.
            self._together = False
        for number, errand, (answer, used) in zip(
            plan.numbers, plan.errands, answers, strict=False
        ):
            self._answered.add(errand.function)
            try:
                outcomes[number] = self._returned(answer, used, errand, len(calls[number].args))
            except errors.StudentError as failure:
                outcomes[number] = failure
        if error is not None and not error.with_server:
            outcomes[plan.numbers[len(answers)]] = error
        return outcomes

    def vary(
        self,
        function: str,
        question: Question,
        only: int | None = None,
    ) -> tuple[list[Value | Alike], errors.StudentError | None]:
        """Call a function on changed copies of the same arguments, all asked for at once.

        Args:
            function: its name.
            question: the arguments and what is changed in them.
            only: which element of a returned tuple is wanted, the others being None; by default
                the whole answer.

        Returns:
            The values, as far as calls returned one, and why the next one did not.

        Raises:
            GraderFailure: no process can be started.
        """
        try:
            for _ in range(2):
                path, errand = self._find(function)
                message = {"op": "vary", "path": path, "function": function, "only": only}
                values, answer, error = self._host.ask_until(
                    message, errand, [question.content], question.number
                )
                flooded = isinstance(error, errors.Stopped) and error.reason == "output"
                if error is None or not (error.with_server or flooded):
                    break  # else the blame may lie elsewhere: calls before this printed, too
        except errors.StudentError as failure:
            return [], failure
        if number_of(values) < question.number and error is None:
            error = self._failures.of_call(answer, function, errand.place)
        return values, error

    def _find(self, function: str, cpu_seconds: float | None = None) -> tuple[str, Errand]:
        """The file that defines a function, loaded, and what to say of a call."""
        target = Target.of(function)
        path, place = self._locate(target.owner)
        name = target.name
        definition = self.inspection.definition(path, name)
        if definition is not None:
            file, fact = definition
            place = self._workspace.place(file, fact.line, name)
            if fact.stub and target.doing not in ("get", "set"):
                raise errors.NotWritten(f"{name} is not written yet", function=name, place=place)
        seconds = cpu_seconds or self._assignment.limits.call_cpu_seconds
        return path, Errand(name, f"{name}()", place, seconds)

    def _find_all(
        self, functions: Iterable[str]
    ) -> dict[str, tuple[str, Errand] | errors.StudentError]:
        found: dict[str, tuple[str, Errand] | errors.StudentError] = {}
        failed = True
        while failed:  # a file that ends the process takes those with it that were loaded before
            failed = False
            for function in functions:
                if isinstance(found.get(function), errors.StudentError):
                    continue
                try:
                    found[function] = self._find(function)
                except errors.StudentError as error:
                    found[function] = error
                    failed = True
        return found

    def _returned(self, answer: Any, used: float, errand: Errand, arguments: int) -> Returned:
        match answer:
            case {"value": value, "modified": tuple(modified)}:
                self._track(value)
                # Any value may stand there, and comparing an array to a number gives no truth.
                positions = tuple(n for n in modified if type(n) is int and 0 <= n < arguments)
                return Returned(value, positions, used, errand.place)
        raise self._failures.of_call(answer, errand.function, errand.place)

    def declared(self, name: str) -> Value:
        """The value of a module-level constant, such as HYPERPARAMETERS.

        Raises:
            StudentError: there is none (NotDefined), or it cannot be had.
            GraderFailure: no process can be started.
        """
        asked, value = self._constants.get(name, (-1, None))
        if asked != self._host.requests:  # what was called since then may have changed it
            value = self._ask_for(name, {})
            self._constants[name] = self._host.requests, value
        return value

    def declared_with(self, name: str, changes: Mapping[str, Value]) -> Value:
        """A copy of a module-level dict with some entries replaced, as a handle.

        What stands in it need not be fit to be sent: a schedule may be a function.

        Raises:
            StudentError: there is none (NotDefined), or it cannot be had.
            GraderFailure: no process can be started.
        """
        value = self._ask_for(name, {"changes": dict(changes)})
        self._track(value)
        return value

    def _ask_for(self, name: str, details: dict[str, Any]) -> Value:
        path, place = self._locate(name)
        seconds = self._assignment.limits.call_cpu_seconds
        errand = Errand(name, f"reading {name}", place, seconds)
        message = {"op": "declared", "path": path, "name": name, **details}
        answer, _ = self._host.ask(message, errand)
        if isinstance(answer, dict) and "value" in answer:
            return cast("Value", answer["value"])
        raise self._failures.of_call(answer, name, place)

    def __getattr__(self, name: str) -> Callable[..., Value]:
        """``student.f(x)`` is ``student.call("f", x).value``."""
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, keep: Collection[int] = ()) -> Value:
            return self.call(name, *args, keep=keep).value

        return call

    def fresh(self, seed: int = _SEED) -> Student:
        """The same submission with a process of its own, for example for a training run."""
        twin = Student(self._server, self._workspace, self._assignment, self.inspection, seed)
        # What cannot be loaded, cannot be loaded by any of them.
        twin._broken, twin._budget = self._broken, self._budget
        twin._host = twin._new_host(seed)
        return twin

    def finish_by(self, moment: float) -> None:
        """Run nothing any more, here and in twins, from this moment of time.monotonic() on."""
        self._budget.until = moment

    def close(self) -> None:
        """End the process. The next call would start another."""
        self._host.process.close()

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _locate(self, name: str) -> tuple[str, Place | None]:
        """The file that defines a name, loaded, and the place of the definition in it."""
        failure: errors.StudentError | None = None
        for path in self.definitions.candidates(name):
            try:
                if name in self._host.names_in(path, name):
                    if (path, name) not in self._places:
                        self._places[path, name] = self.definitions.place(path, name)
                    return path, self._places[path, name]
            except errors.NotImportable as error:
                failure = failure or error
        raise failure or self.definitions.missing(name, self._failures)

    def _refuse_stale(self, function: str, args: Any, place: Place | None) -> None:
        """Handles of a process that is gone stand for nothing."""
        if all(map(self._host.process.holds, handles_in(args))):
            return
        why = self._host.last_end
        stale = errors.StaleHandle(
            f"{function} could not be called with what an earlier function returned: "
            f"that was lost ({why or 'its process was closed'})",
            function=function,
            place=place,
        )
        if why is not None:
            stale.reason, stale.limit, stale.used = why.reason, why.limit, why.used
        raise stale

    def _track(self, value: Value) -> None:
        """Have the process forget what no handle here stands for any more."""
        for handle in handles_in(value):
            gone = weakref.ref(handle, self._forget)
            self._handles[id(gone)] = gone, handle.id

    def _forget(self, gone: weakref.ref[Handle]) -> None:
        _, number = self._handles.pop(id(gone))
        self._host.process.release(number)
