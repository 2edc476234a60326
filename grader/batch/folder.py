"""The results folder of a batch: everything is written as soon as it is known.

results.jsonl     one Result a line, complete (for staff: it quotes hidden cases)
feedback/*.md     one file a submission, for the student
gradebook.csv     one row a submission, written at the end and when the batch is interrupted

A gradebook and results of an earlier run are set aside as ``*.previous`` until every submission of
this run is marked, so that a run that is interrupted costs nothing that was finished before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.errors import UnusableInput
from grader.render.audience import for_audience
from grader.render.gradebook import Entry, render_csv
from grader.render.machine import to_json_line
from grader.render.markdown import code, escaped, render_markdown

_SUFFIX = ".previous"


class ResultsFolder:
    """Writes a batch's results into a folder; a context manager.

    Raises:
        UnusableInput: the folder cannot be made or written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.feedback = path / "feedback"
        self.lines_file = path / "results.jsonl"
        self.gradebook = path / "gradebook.csv"
        try:
            self.feedback.mkdir(parents=True, exist_ok=True)
            self.set_aside = _set_aside(self.gradebook, self.lines_file)
            self._lines = self.lines_file.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise UnusableInput(f"cannot write to {path}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()

    def add(self, entry: Entry) -> None:
        """Keep one entry."""
        try:
            if entry.result is not None:
                self._lines.write(to_json_line(entry.result))
                self._lines.flush()
            (self.feedback / f"{entry.name}.md").write_text(_feedback(entry), encoding="utf-8")
        except OSError as error:
            raise UnusableInput(f"cannot write to {self.path}: {error.strerror}") from error

    def finish(self, entries: Sequence[Entry], *, complete: bool) -> None:
        """Write the gradebook of these entries, sorted by name.

        Args:
            entries: what got done.
            complete: whether that is all of them; what was set aside is then deleted.
        """
        text = render_csv(sorted(entries, key=lambda entry: entry.name))
        draft = self.gradebook.with_suffix(".csv.new")
        try:
            draft.write_bytes(text.encode("utf-8"))
            draft.replace(self.gradebook)
            if complete:
                for file in self.set_aside:
                    file.unlink(missing_ok=True)
                self.set_aside = []
        except OSError as error:
            raise UnusableInput(f"cannot write {self.gradebook}: {error.strerror}") from error


def _holds_anything(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _set_aside(*files: Path) -> list[Path]:
    """Move files out of the way, over nothing that an interrupted run before moved there.

    Returns:
        All that earlier runs left, also what runs before the last set aside.
    """
    kept: list[Path] = []
    for file in files:
        present = sorted(file.parent.glob(f"{file.name}{_SUFFIX}*"))
        if _holds_anything(file):
            aside, number = file.with_name(file.name + _SUFFIX), 1
            while aside.exists():
                number += 1
                aside = file.with_name(f"{file.name}{_SUFFIX}-{number}")
            present.append(file.rename(aside))
        kept += present
    return kept


def _feedback(entry: Entry) -> str:
    if entry.result is not None:
        return render_markdown(for_audience(entry.result, "student"))
    # Why the grader failed is for staff to read; it stands in the gradebook.
    return f"# {escaped(entry.name)}\n\n{code(entry.name)} has not been marked yet.\n"
