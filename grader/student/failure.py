"""Turns what the worker reports into the errors that checks read.

A report came from a process that ran student code. The sentence and the place made of it hold
nothing that code could have chosen freely, so that a hidden check can show them: exception and
function names only when they are Python's own or stand in the sources. Free text goes into
``student_text`` alone.
"""

from __future__ import annotations

import builtins
from typing import Any, Final

from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox.limits import ProcessLimits
from grader.student import errors
from grader.student.hints import hint, syntax_hint
from grader.student.inspection import Inspection, SourceProblem
from grader.student.refusals import Refusal
from grader.student.stops import MEMORY_HELP
from grader.untrusted import shown

_KNOWN_EXCEPTIONS: Final = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"LinAlgError", "AxisError", "JSONDecodeError", "FrozenInstanceError"}
_SCOPES: Final = frozenset({"<module>", "<lambda>", "<listcomp>", "<dictcomp>", "<genexpr>"})

_EXIT_HELP: Final = "do not call exit() or sys.exit() where a function is used"
_IMPORT_HELP: Final = "move what need not run on import under if __name__ == '__main__'"


class Failures:
    """Explains failures of one submission.

    Args:
        workspace: to find the student's lines.
        inspection: to know which names stand in the sources.
        limits: to name them.
    """

    def __init__(self, workspace: Workspace, inspection: Inspection, limits: ProcessLimits) -> None:
        self._workspace = workspace
        self._inspection = inspection
        self._limits = limits

    def of_call(self, answer: Any, function: str, place: Place | None) -> errors.StudentError:
        """The error for a call that gave no value.

        Args:
            answer: what the worker answered.
            function: the function that was called.
            place: where it is defined.
        """
        report = self._report(answer)
        deepest = report.place or place
        match report.kind:
            case "todo":
                return errors.NotWritten(
                    f"{function} is not written yet", function=function, place=deepest
                )
            case "memory" | "exit":
                return self._stopped(report, function, deepest)
            case "unsendable":
                return errors.Unsendable(
                    f"what {function} returns is too large",
                    function=function,
                    place=place,
                    student_text=report.text,
                )
            case "not callable":
                return errors.NotDefined(
                    f"{function} is not a function", function=function, place=place
                )
            case "no member":
                owner, _, member = function.partition(".")
                return errors.NotDefined(f"{owner} has no {member}", function=function, place=place)
            case "refused":
                return _raised(report, self._refusal(report, function), function, deepest)
            case "raised" if report.refused is not None:
                return self._forbidden(report, report.refused, function, deepest)
            case "raised" | "syntax":
                return _raised(report, f"{function} raised {report.type}", function, deepest)
        return errors.Unsendable(
            f"{function} did not answer in the grader's own form", function=function, place=place
        )

    def of_import(self, what: Any, path: str, function: str) -> errors.NotImportable:
        """The error for a file that cannot be loaded.

        Args:
            what: the worker's report, or what was raised instead of one.
            path: the file.
            function: what it was loaded for.
        """
        name = self._workspace.place(path).file
        if isinstance(what, errors.StudentError):
            error = errors.NotImportable(
                f"{name} cannot be loaded: {what}",
                function=function,
                place=self._workspace.place(path),
                help=_IMPORT_HELP,
            )
            error.stopped = True
            return error
        report = self._report(what)
        place = report.place or self._workspace.place(path)
        via = f" (imported by {name})" if place.file != name else ""
        reason = f"it {report.refused.sentence(self._limits)}" if report.refused else report.type
        said = report.text
        if report.kind == "syntax" and report.problem is not None:
            reason, said = _reason(report.problem), None  # Python's words, which the reason repeats
        return errors.NotImportable(
            f"{place.file} cannot be loaded{via}: {reason}",
            function=function,
            place=place,
            help=report.help or (_IMPORT_HELP if report.kind == "exit" else None),
            student_text=said,
            excerpt=report.excerpt,
        )

    def of_syntax(self, problem: SourceProblem, path: str, function: str) -> errors.NotImportable:
        """The error for a file that is not Python."""
        return errors.NotImportable(
            f"{self._workspace.place(path).file} cannot be loaded: {_reason(problem)}",
            function=function,
            place=self._workspace.place(path, problem.line),
            help=syntax_hint(problem.python2, problem.message),
            excerpt=problem.text,
        )

    def _refusal(self, report: _Report, function: str) -> str:
        facts = self._inspection.file(report.path) if report.path else None
        refused = {"forbidden", "missing"}
        modules = sorted(
            {i.module for i in facts.imports if i.verdict in refused and not i.guarded}
            if facts
            else ()
        )
        named = f" ({', '.join(modules)})" if modules else ""
        return f"{function} uses a module that cannot be imported here{named}"

    def _forbidden(
        self, report: _Report, refused: Refusal, function: str, place: Place | None
    ) -> errors.Forbidden:
        error = errors.Forbidden(
            f"{function} {refused.sentence(self._limits)}",
            function=function,
            place=place,
            help=refused.help,
            student_text=report.text,
            excerpt=report.excerpt,
        )
        error.type_name, error.kinds = report.type_name, report.kinds
        error.category = refused.category
        return error

    def _stopped(self, report: _Report, function: str, place: Place | None) -> errors.Stopped:
        if report.kind == "memory":
            megabytes = self._limits.memory_bytes >> 20
            message = f"stopped in {function}(): it needs more than {megabytes} MB of memory"
            help_text, reason = MEMORY_HELP, "memory"
        else:
            message = f"{function}() tried to end the program ({report.type})"
            help_text, reason = _EXIT_HELP, "exit"
        error = errors.Stopped(
            message, function=function, place=place, help=help_text, student_text=report.text
        )
        error.reason = "memory" if reason == "memory" else "exit"
        error.limit = self._limits.memory_bytes if reason == "memory" else None
        return error

    def _report(self, answer: Any) -> _Report:
        failed = answer.get("failed") if isinstance(answer, dict) else None
        data: dict[str, Any] = failed if isinstance(failed, dict) else {}
        return _Report(data, self._workspace, self._inspection)


def _reason(problem: SourceProblem) -> str:
    return f"it is Python 2 ({problem.message})" if problem.python2 else problem.message


def _raised(report: _Report, message: str, function: str, place: Place | None) -> errors.Raised:
    error = errors.Raised(
        message,
        function=function,
        place=place,
        help=report.help,
        student_text=report.text,
        excerpt=report.excerpt,
    )
    error.type_name = report.type_name
    error.kinds = report.kinds
    return error


class _Report:
    """A worker's description of an exception (grader/worker/failures.py), made safe."""

    def __init__(self, data: dict[str, Any], workspace: Workspace, inspection: Inspection) -> None:
        self._inspection = inspection
        self.kind = str(data.get("kind", ""))
        self.text = shown(data.get("message", "")) or None
        self.type_name = self._known_type(data.get("type"))
        ancestors = data.get("builtin")
        self.kinds = frozenset(
            name
            for name in (ancestors if isinstance(ancestors, list) else [])
            if isinstance(name, str) and name in _KNOWN_EXCEPTIONS
        )
        self.refused = Refusal.read(data.get("refused")) if self.kind == "raised" else None
        """What the system refused, when that is what it was."""
        self.type = self.type_name or "an exception of its own making"
        self.path: str | None = None
        """The student's file it happened in."""
        self.excerpt: str | None = None
        """The line it happened in."""
        self.place = self._syntax_place(data, workspace) or self._deepest(data, workspace)

    @property
    def problem(self) -> SourceProblem | None:
        """Why the file it happened in has no syntax tree."""
        facts = self._inspection.file(self.path) if self.path else None
        return facts.problem if facts else None

    @property
    def help(self) -> str | None:
        """The cure, when the exception is a well-known one."""
        if self.kind == "syntax":
            python2 = self.problem is not None and self.problem.python2
            return syntax_hint(python2, self.text or "")
        if self.refused is not None:
            return self.refused.help
        if self.kind == "refused":
            return "use NumPy and what else the assignment allows"
        return hint(self.type_name, self.text or "")

    def _known_type(self, name: Any) -> str:
        classes = {name for facts in self._inspection.files for name, _ in facts.classes}
        return name if isinstance(name, str) and name in _KNOWN_EXCEPTIONS | classes else ""

    def _syntax_place(self, data: dict[str, Any], workspace: Workspace) -> Place | None:
        path, line = data.get("file"), data.get("line")
        if not isinstance(path, str) or workspace.source(path) is None:
            return None
        self.path = path
        number = line if isinstance(line, int) and workspace.line_text(path, line) else None
        self.excerpt = workspace.line_text(path, number)
        return workspace.place(path, number)

    def _deepest(self, data: dict[str, Any], workspace: Workspace) -> Place | None:
        frames = data.get("frames")
        for frame in reversed(frames if isinstance(frames, list) else []):
            match frame:
                # Code can be compiled to claim any line; only lines that exist are believed.
                case [str(path), int(line), str(function)] if workspace.line_text(path, line):
                    self.path = path
                    self.excerpt = workspace.line_text(path, line)
                    facts = self._inspection.file(path)
                    known = _SCOPES | (facts.definitions if facts else frozenset())
                    return workspace.place(path, line, function if function in known else None)
        return None
