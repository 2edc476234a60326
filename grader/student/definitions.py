"""Where in a submission a name is defined, and what to say when it is nowhere."""

from __future__ import annotations

import difflib
import itertools
import re
from functools import cached_property
from typing import Final

from grader.assignment import Assignment
from grader.intake.workspace import Workspace
from grader.result import Place
from grader.student import errors
from grader.student.failure import Failures
from grader.student.inspection import Inspection
from grader.untrusted import shown
from grader.worker.targets import Target

_ALIKE: Final = 0.88
"""conv_foward is conv_forward; affine_relu_forward is not affine_forward."""
_COMPARED: Final = 500
"""So many functions are looked through for one that is misspelt: a homework has fewer, and each is
held against each name that is missing, outside the wall."""


def _spelling(name: str) -> str:
    return name.replace("_", "").lower()


class Definitions:
    """The definitions of one submission, as far as they can be known without running it.

    Args:
        workspace: the submission.
        assignment: which file each function is expected in.
        inspection: facts of the sources.
    """

    def __init__(
        self, workspace: Workspace, assignment: Assignment, inspection: Inspection
    ) -> None:
        self._workspace = workspace
        self._assignment = assignment
        self._inspection = inspection

    def candidates(self, name: str) -> list[str]:
        """The files that may define a function or class, the likeliest first."""
        expected = self._assignment.expected_file(name)
        beside = self._assignment.files.get(expected, ()) if expected else ()
        return self._inspection.candidates(name, expected, beside)

    def place(self, path: str, name: str) -> Place | None:
        """Where a name is defined that a file binds."""
        definition = self._inspection.definition(path, name)
        if definition is not None:
            file, function = definition
            return self._workspace.place(file, function.line, name)
        facts = self._inspection.file(path)
        if facts is None or name not in facts.names:
            return None
        return self._workspace.place(path, facts.names[name])

    def unwritten(self, function: str) -> Place | None:
        """Where a function or method is defined that is still as it was handed out.

        None for others. It may answer all the same, with None or zeros, and need not be wrong.
        """
        target = Target.of(function)
        for path in self.candidates(target.owner):
            definition = self._inspection.definition(path, target.name)
            if definition is not None:
                file, fact = definition
                place = self._workspace.place(file, fact.line, target.name)
                return place if fact.stub or fact.skeleton else None
        return None

    def absent(self, function: str) -> bool:
        """Whether no file has a line that defines a function, or the class of a method."""
        name = Target.of(function).owner
        return not any(
            name in facts.names or (facts.problem is not None and self._mentions(facts.path, name))
            for facts in self._inspection.files
        )

    def missing(self, name: str, failures: Failures) -> errors.StudentError:
        """The error for a name that no file binds."""
        expected = self._assignment.expected_file(name)
        unreadable = [facts for facts in self._inspection.files if facts.problem is not None]
        for facts in unreadable:
            likely = facts.path == expected or self._mentions(facts.path, name)
            if facts.problem is not None and likely:
                return failures.of_syntax(facts.problem, facts.path, name)
        message = f"no file defines {name}"
        if unreadable:
            files = ", ".join(self._workspace.place(facts.path).file for facts in unreadable)
            message += f"; {files} cannot be read"
        return errors.NotDefined(message, function=name, help=self._how_to_define(name, expected))

    def _how_to_define(self, name: str, expected: str | None) -> str | None:
        """What to do about a missing name: perhaps it is there under another, or too deep."""
        where = f"define it in {expected}" if expected else None
        if name in self._deeper:
            file = self._deeper[name]
            return f"in {file} it stands inside a class or another function: move it out"
        like = self._like(name)
        if like is None:
            return where
        file, called = like
        return f"{where or 'define it'}, or is it {called} in {file}? Then rename that"

    def _like(self, name: str) -> tuple[str, str] | None:
        """A function that is spelt almost so and is not asked for itself: (file, name)."""
        spellings = self._spellings
        close = difflib.get_close_matches(_spelling(name), spellings, n=1, cutoff=_ALIKE)
        return spellings[close[0]] if close else None

    @cached_property
    def _deeper(self) -> dict[str, str]:
        """The names that were asked for and are defined at any depth: name -> file."""
        return {
            name: self._workspace.place(facts.path).file
            for facts in reversed(self._inspection.files)
            for name in self._asked.intersection(facts.definitions)
        }

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, str]]:
        """The first functions that were not asked for: spelling -> (file, name)."""
        others = (
            (facts.path, each.name)
            for facts in self._inspection.files
            for each in facts.functions
            if each.name not in self._asked
        )
        return {
            _spelling(name): (self._workspace.place(path).file, shown(name, 60))
            for path, name in itertools.islice(others, _COMPARED)
        }

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(name for names in self._assignment.files.values() for name in names)

    def _mentions(self, path: str, name: str) -> bool:
        """Whether a file that cannot be read has a line that seems to define the name."""
        source = self._workspace.source(path)
        pattern = rf"^[ \t]*(?:def|class)[ \t]+{re.escape(name)}\b"
        return source is not None and bool(re.search(pattern, source.text, re.MULTILINE))
