"""The results folder of a batch: the store, and the files that are rendered from it.

results.sqlite   the store; everything else can be made of it again
feedback/        a page and a Markdown file a submission, written when it is marked
gradebook.csv    and the other files that a batch leaves (grader/render/exports.py), at its end
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.gathered import GATHERED
from grader.batch.lock import LOCK, AtWork, held
from grader.batch.pool import Entry
from grader.batch.rendered import Behind
from grader.batch.schema import FILE
from grader.batch.store import Store
from grader.errors import UnusableInput
from grader.render import feedback, gradebook
from grader.render.exports import FORMATS, draft_of, export
from grader.render.html import feedback_page
from grader.standing import Attempt

_SUFFIX = ".previous"
_MANY = 3_000
"""Students for whom the class page and its like take more than a second or two."""
_FOR_STUDENTS = (feedback, feedback_page)


@dataclass(frozen=True)
class Amended:
    """What was done after a change of a score."""

    written: list[Path]
    left: list[str] = field(default_factory=list)
    """Formats of files that still say what they said."""


class ResultsFolder:
    """A folder that a batch writes into; made by ``opened``."""

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self.store = store
        self.feedback = path / FORMATS["markdown"].target
        self.gradebook = path / FORMATS["csv"].target
        self._had_begun = store.has_begun

    @property
    def written(self) -> list[Path]:
        """What a batch leaves, to look at."""
        names = [self.path / f.target for f in FORMATS.values() if f.after_batch]
        return [*names[:-1], self.feedback / "*.{html,md}", *names[-1:]]

    def set_aside(self) -> list[Path]:
        """Move what an earlier run rendered to ``*.previous``.

        For when other cases or rules are about to count. The last one is kept of each: all of them
        would pile up with every change of assignment.yaml, and the store still has the Results.
        What lies there where no store was before is not a batch's, and is moved over nothing.

        Raises:
            UnusableInput: a file cannot be moved.
        """
        moved = _set_aside(self.path, ours=self._had_begun)
        self.feedback.mkdir(exist_ok=True)
        return moved

    def write(self, attempt: Attempt, entry: Entry) -> None:
        """Write the feedback of an attempt that was just marked."""
        try:
            for kind in _FOR_STUDENTS:
                text = kind.marked(attempt.name, entry.result)
                feedback.write_text(text, self.feedback / kind.file_name(attempt.name))
        except OSError as error:
            raise UnusableInput(f"cannot write to {self.path}: {error.strerror}") from error

    def finish(self) -> list[Path]:
        """Render what the store now says: the gradebook and its like, and feedback.

        Feedback is written again where it does not say what it should: where more than the Result
        decides the mark, or no longer does, or the file was lost. What was once exported into the
        folder is written again, too: it would say something else than the gradebook.

        Returns:
            What was written.
        """
        while True:
            seen = self.store.last_change()
            written = [*self._write_feedback(), *self._write_tables()]
            if self.store.last_change() == seen:
                self.store.gradebook_written(self.gradebook, seen)
                return written
            # Somebody has adjusted a mark meanwhile.

    def amend(self) -> Amended:
        """Have the files say what people have changed since everything was rendered.

        Each has its place in the gradebook and a file of feedback. Of the rest, what takes long for
        so many students is left as it is. Where all that is not known to be enough, as after a
        batch that was killed, everything is rendered.
        """
        seen = self.store.last_change()
        behind = self.store.gradebook_behind(self.gradebook)
        if behind is None:
            return Amended(self.finish())
        written = [path for each in behind.students for path in self._write_feedback(each)]
        written.append(self._amend_gradebook(behind))
        rest = [
            name for name in self._present() if name != "csv" and not FORMATS[name].only_results
        ]
        many = self.store.number_of_students() > _MANY
        if not many:
            written += [export(self.store.course(), name, self.path) for name in rest]
        if self.store.last_change() != seen:
            return self.amend()
        self.store.gradebook_written(self.gradebook, seen)
        return Amended(written, rest if many else [])

    def _amend_gradebook(self, behind: Behind) -> Path:
        course = self.store.course()
        if behind.as_written:
            try:
                with draft_of(self.gradebook) as draft:
                    rows = self.store.rows(behind.students)
                    if not gradebook.amended(self.gradebook, draft, course, rows):
                        gradebook.write(course, draft)
            except OSError as error:
                raise UnusableInput(f"cannot write to {self.path}: {error.strerror}") from error
            return self.gradebook
        return export(course, "csv", self.path)

    def _write_feedback(self, student: str | None = None) -> list[Path]:
        told, written = [], []
        try:
            self.feedback.mkdir(exist_ok=True)
            for due in self.store.feedback_due(self._is_there, student):
                for kind in _FOR_STUDENTS:
                    kind.write_one(due.standing, self.feedback)
                    written.append(self.feedback / kind.file_name(due.standing.name))
                told.append((due.row, due.told))
        except OSError as error:
            raise UnusableInput(f"cannot write to {self.path}: {error.strerror}") from error
        self.store.feedback_written(told)
        return written

    def _write_tables(self) -> list[Path]:
        course = self.store.course()
        return [export(course, name, self.path) for name in self._present()]

    def _present(self) -> list[str]:
        """The formats that a batch leaves, and those that were once exported here."""
        return [
            name
            for name, chosen in FORMATS.items()
            if self.path / chosen.target != self.feedback
            and (chosen.after_batch or (self.path / chosen.target).exists())
        ]

    def _is_there(self, name: str) -> bool:
        return all((self.feedback / kind.file_name(name)).exists() for kind in _FOR_STUDENTS)


@contextmanager
def opened(path: Path, who: str) -> Iterator[ResultsFolder]:
    """Open a results folder for a run, alone in it.

    A folder that was not there before is taken away again where the run is refused or interrupted
    before it began.

    Raises:
        UnusableInput: the folder cannot be made or written to, or another batch is at work in it.
    """
    new = not path.exists()
    try:
        (path / FORMATS["markdown"].target).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInput(f"cannot write to {path}: {error.strerror}") from error
    with held(path):
        begun = True
        try:
            with Store(path, create=True, who=who) as store:
                try:
                    yield ResultsFolder(path, store)
                finally:
                    begun = store.has_begun
        except BaseException:
            if new and not begun:
                _take_away(path)
            raise


def refreshed(path: Path, store: Store) -> Amended | None:
    """Have a results folder's files say a score that a person has changed.

    Returns:
        What was written; None where a batch is at work there, which does the same at its end.
    """
    try:
        # Another adjustment renders in a moment; a batch does not end in one.
        with held(path, patience=1.0):
            return ResultsFolder(path, store).amend()
    except AtWork:
        return None


def _take_away(folder: Path) -> None:
    # Only what was just made; whatever else is in the folder keeps it there.
    shutil.rmtree(folder / GATHERED, ignore_errors=True)
    with suppress(OSError):
        for file in (*folder.glob(f"{FILE}*"), folder / LOCK):
            file.unlink(missing_ok=True)
        (folder / FORMATS["markdown"].target).rmdir()
        folder.rmdir()


def _set_aside(folder: Path, *, ours: bool) -> list[Path]:
    moved: list[Path] = []
    try:
        for chosen in FORMATS.values():
            file = folder / chosen.target.rstrip("/")
            if not _holds_anything(file):
                continue
            aside = file.with_name(file.name + _SUFFIX)
            if ours and aside.is_dir() and not aside.is_symlink():
                shutil.rmtree(aside)
            moved.append(file.replace(aside if ours else _unused(aside)))
    except OSError as error:
        raise UnusableInput(f"cannot write to {folder}: {error.strerror}") from error
    return moved


def _unused(path: Path) -> Path:
    """The path, or one with a number where there is something already."""
    names = (path.with_name(f"{path.name}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([path], names) if not each.exists())


def _holds_anything(file: Path) -> bool:
    if file.is_dir():
        return any(file.iterdir())
    return file.is_file() and file.stat().st_size > 0
