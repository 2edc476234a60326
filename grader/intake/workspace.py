"""What intake makes of a submission: sources, report text, and a way back to the student's lines.

Everything after intake works from a Workspace alone and never opens the submission again. The
text in it is the student's: it is data, and no part of it is ever imported by the grader.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.result import Place, SubmissionInfo
from grader.untrusted import shown


@dataclass(frozen=True)
class SourceLine:
    """Where a line of a generated module came from."""

    cell: int
    """Code cells counted from 1."""
    line: int
    """The line in that cell, from 1."""


@dataclass(frozen=True)
class SourceFile:
    """One Python file of the submission, or one module generated from a notebook."""

    path: str
    """With forward slashes, relative to the submission's root: ``layers.py``."""
    text: str
    notebook: str | None = None
    """The notebook's path when the module was generated from one: ``hw3.ipynb``."""
    origin: tuple[SourceLine | None, ...] = ()
    """For a notebook, where each line of ``text`` came from."""

    def line_text(self, line: int) -> str | None:
        """Line ``line`` (from 1) as the student wrote it, safe to show; None outside the file."""
        lines = self.text.split("\n")
        if not 1 <= line <= len(lines):
            return None
        return shown(lines[line - 1], limit=200)


@dataclass(frozen=True)
class ReportText:
    """The written report as plain text."""

    file: str
    text: str
    """Cut to a fixed length; front matter is kept as written."""
    problem: str | None = None
    """Why there is no text ("the PDF holds no text, perhaps it is a scan"), else None."""


@dataclass(frozen=True)
class Workspace:
    """A submission, read and sorted."""

    info: SubmissionInfo
    sources: tuple[SourceFile, ...]
    """Every Python file. Only these ever cross the wall; data files never do."""
    report: ReportText | None
    notes: tuple[str, ...] = ()
    """Things to tell: "report.pdf and report.md found; report.md was read"."""

    def source(self, path: str) -> SourceFile | None:
        """The source file with this path, or None."""
        return next((source for source in self.sources if source.path == path), None)

    def place(self, path: str, line: int | None = None, function: str | None = None) -> Place:
        """The place a student sees for a line of a source file.

        For a module generated from a notebook that is the notebook, the code cell and the line in
        the cell. An unknown path or line is passed through as it is: it came from inside the wall.
        """
        source = self.source(path)
        if source is None or source.notebook is None:
            return Place(file=path, line=line, function=function)
        origin = None
        if line is not None and 1 <= line <= len(source.origin):
            origin = source.origin[line - 1]
        if origin is None:
            return Place(file=source.notebook, function=function)
        return Place(file=source.notebook, line=origin.line, cell=origin.cell, function=function)

    def line_text(self, path: str, line: int | None) -> str | None:
        """The text of a line of a source file (numbered as in ``SourceFile.text``), or None."""
        source = self.source(path)
        if source is None or line is None:
            return None
        return source.line_text(line)
