"""Turns what was handed in (zip, folder, notebook) into a clean workspace."""

from __future__ import annotations

from grader.intake.submission import open_submission
from grader.intake.workspace import ReportText, SourceFile, SourceLine, Workspace

__all__ = ["ReportText", "SourceFile", "SourceLine", "Workspace", "open_submission"]
