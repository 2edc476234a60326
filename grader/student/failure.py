"""Turns what the worker reports into the errors that checks read.

Everything in a report came from a process that ran student code: it is taken apart with care,
and nothing in it is believed but as text to show.
"""

from __future__ import annotations

from typing import Any

from grader.intake.workspace import Workspace
from grader.result import Place
from grader.sandbox import ProcessLimits
from grader.student import errors
from grader.student.hints import hint, syntax_hint
from grader.student.inspection import SourceProblem
from grader.untrusted import shown


def call_failure(
    answer: Any, function: str, place: Place | None, workspace: Workspace, limits: ProcessLimits
) -> errors.StudentError:
    """The error for a call that gave no value.

    Args:
        answer: what the worker answered.
        function: the function that was called.
        place: where it is defined.
        workspace: to find the student's lines.
        limits: to name the limit.
    """
    report = _Report(answer, workspace)
    deepest = report.place or place
    if report.kind == "todo":
        return errors.NotWritten(f"{function} is not written yet", function=function, place=deepest)
    if report.kind == "memory":
        message = f"stopped in {function}(): it needs more than {limits.memory_bytes >> 20} MB"
        error = errors.Stopped(
            message,
            function=function,
            place=deepest,
            help="look for an array of the wrong shape, or a list that only grows",
            student_text=report.text,
        )
        error.reason, error.limit = "memory", limits.memory_bytes
        return error
    if report.kind == "exit":
        error = errors.Stopped(
            f"{function}() tried to end the program ({report.type_name})",
            function=function,
            place=deepest,
            help="do not call exit() or sys.exit() in a function",
        )
        error.reason = "exit"
        return error
    if report.kind == "unsendable":
        return errors.Unsendable(
            f"what {function} returns is too large: {report.text}", function=function, place=place
        )
    if report.kind == "not callable":
        return errors.NotDefined(
            f"{function} is not a function but of type {report.type_name}",
            function=function,
            place=place,
        )
    if report.kind in ("raised", "refused", "syntax"):
        return _raised(report, function, deepest)
    return errors.Unsendable(
        f"{function} did not answer in the grader's own form", function=function, place=place
    )


def import_failure(
    what: Any, path: str, function: str, workspace: Workspace
) -> errors.NotImportable:
    """The error for a file that cannot be loaded.

    Args:
        what: the worker's report, the Stopped, or the SourceProblem.
        path: the file.
        function: what it was loaded for.
        workspace: to find the student's lines.
    """
    name = workspace.place(path).file
    if isinstance(what, errors.Stopped):
        return errors.NotImportable(
            f"{name} cannot be loaded: {what}",
            function=function,
            place=workspace.place(path),
            help="move what need not run on import under if __name__ == '__main__'",
        )
    if isinstance(what, SourceProblem):
        return errors.NotImportable(
            f"{name} cannot be loaded: {what.message}",
            function=function,
            place=workspace.place(path, what.line),
            help=syntax_hint(what.python2),
            student_text=what.text,
        )
    report = _Report(what, workspace)
    via = f" (imported by {name})" if report.place and report.place.file != name else ""
    where = report.place.file if report.place else name
    return errors.NotImportable(
        f"{where} cannot be loaded{via}: {report.type_name or 'it ends in an unknown way'}",
        function=function,
        place=report.place or workspace.place(path),
        help=report.help,
        student_text=report.text,
    )


def _raised(report: _Report, function: str, place: Place | None) -> errors.Raised:
    error = errors.Raised(
        f"{function} raised {report.type_name}",
        function=function,
        place=place,
        help=report.help,
        student_text=report.text,
    )
    error.type_name = report.type_name
    return error


class _Report:
    """A worker's description of an exception (grader/worker/failures.py), made safe."""

    def __init__(self, answer: Any, workspace: Workspace) -> None:
        failed = answer.get("failed") if isinstance(answer, dict) else None
        self._data: dict[str, Any] = failed if isinstance(failed, dict) else {}
        self.kind = str(self._data.get("kind", ""))
        self.type_name = shown(self._data.get("type", ""), 80)
        self.text = shown(self._data.get("message", "")) or None
        self.place = self._syntax_place(workspace) or self._deepest(workspace)

    @property
    def help(self) -> str | None:
        """The cure, when the exception is a well-known one."""
        if self.kind == "syntax":
            return syntax_hint(python2=False)
        if self.kind == "refused":
            return "use NumPy and what the assignment allows instead"
        return hint(self.type_name, self.text or "")

    def _syntax_place(self, workspace: Workspace) -> Place | None:
        path, line = self._data.get("file"), self._data.get("line")
        if not isinstance(path, str) or workspace.source(path) is None:
            return None
        return workspace.place(path, line if isinstance(line, int) else None)

    def _deepest(self, workspace: Workspace) -> Place | None:
        frames = self._data.get("frames")
        for frame in reversed(frames if isinstance(frames, list) else []):
            match frame:
                case [str(path), int(line), str(function)] if workspace.source(path) is not None:
                    return workspace.place(path, line, shown(function, 80))
        return None
