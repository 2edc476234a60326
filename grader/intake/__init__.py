"""Turns what was handed in (zip, folder, notebook) into a clean workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.intake.submission import open_submission
    from grader.intake.workspace import ReportText, SourceFile, SourceLine, Workspace

__all__ = ["ReportText", "SourceFile", "SourceLine", "Workspace", "open_submission"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: the process that reads documents imports this package for its
    # subpackage only, and must start quickly.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "open_submission":
        from grader.intake.submission import open_submission

        return open_submission
    from grader.intake import workspace

    return getattr(workspace, name)
