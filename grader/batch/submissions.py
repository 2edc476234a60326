"""Which entries of a folder are submissions, and what each is called in the results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UnusableInput
from grader.standing import Attempt, Student
from grader.untrusted import shown

_SUFFIXES = {".zip", ".ipynb"}
# Wrong ways to hand in: they get a row that says so, because somebody waits for a mark.
_MISTAKEN = {".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".pdf", ".docx", ".doc"}


@dataclass(frozen=True)
class Submission:
    """One entry of the folder."""

    name: str
    """Unique in the batch and fit for a file name: "s1042"."""
    path: Path

    @property
    def stem(self) -> str:
        """What the student called it, without the kind: "jane.doe" of a folder of that name."""
        return _stem(self.path)

    @property
    def attempt(self) -> Attempt:
        """The only one of a student who is known by nothing but this name."""
        return Attempt(Student(self.name), 1, self.name)


def find_submissions(folder: Path, out: Path | None = None) -> tuple[list[Submission], list[str]]:
    """The submissions of a folder, sorted by name, and the names of what was passed over.

    Zips, notebooks and folders; hidden entries, ``__MACOSX`` and the results folder are not.
    A symbolic link is passed over: whoever can put one there chooses what file is read.

    Raises:
        UnusableInput: the folder cannot be read, holds no submission, or is itself one.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise UnusableInput(f"cannot read the folder {folder}: {error.strerror}") from error
    entries = [path for path in entries if not is_bookkeeping(path, out)]
    links = [path for path in entries if path.is_symlink()]
    entries = [path for path in entries if not path.is_symlink()]
    taken = [path for path in entries if path.is_dir() or path.suffix.lower() in _SUFFIXES]
    sources = [path for path in entries if path.suffix.lower() == ".py"]
    if sources and not any(path.suffix.lower() in _SUFFIXES for path in taken):
        raise UnusableInput(
            f"{folder} holds Python files itself: it looks like one submission",
            hint=f"mark it with: grade {_argument(folder)}",
        )
    if not taken:
        raise UnusableInput(
            f"{folder} holds no submission: expected zips, folders or notebooks"
            + ("; symbolic links are not followed" if links else ""),
            hint="give the folder that all submissions were downloaded to",
        )
    taken += [path for path in entries if not path.is_dir() and path.suffix.lower() in _MISTAKEN]
    names = {path.name for path in taken}
    passed_over = [shown(path.name, 80) for path in entries if path.name not in names]
    passed_over = [f"{shown(link.name, 80)} (a symbolic link)" for link in links] + passed_over
    return _named(sorted(taken, key=lambda path: path.name)), passed_over


def is_bookkeeping(path: Path, out: Path | None) -> bool:
    """Whether an entry is hidden, left by a system, or the results folder ``out``."""
    if path.name.startswith(".") or path.name in {"__MACOSX", "__pycache__"}:
        return True
    # A link that leads to itself cannot be followed.
    return (
        out is not None
        and not path.is_symlink()
        and path.is_dir()
        and out.exists()
        and path.samefile(out)
    )


def _named(paths: list[Path]) -> list[Submission]:
    # Compared without case: the feedback files may land on a file system that ignores it.
    stems = Counter(_stem(path).casefold() for path in paths)
    return [
        Submission(shown(_stem(p) if stems[_stem(p).casefold()] == 1 else p.name, 120), p)
        for p in paths
    ]


def _stem(path: Path) -> str:
    return path.stem if path.suffix.lower() in _SUFFIXES and not path.is_dir() else path.name


def _argument(folder: Path) -> str:
    text = str(folder)
    return f"./{text}" if text == "batch" else text
