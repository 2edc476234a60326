"""What can go wrong with a student's function, as data for the checks.

StudentError
├── NotDefined      no file defines the function
├── NotImportable   the file that defines it cannot be loaded
├── NotWritten      it raises NotImplementedError, or is still an empty stub
├── Raised          it ended in another exception
│   └── Forbidden   which the system raised, since it may not do that here
├── Stopped         it exceeded a limit, or ended its process
│   └── StaleHandle what it is asked to work with was lost when its process ended
└── Unsendable      its answer is too large, or no answer at all

None of these is a failure of the grader. Their text is one sentence in the student's words; text
from student code itself is in ``student_text`` and is safe to show.
"""

from __future__ import annotations

from grader.result import Place
from grader.sandbox.ending import Reason


class StudentError(Exception):
    """Base of all: why a function of the student gave no value.

    Args:
        message: one sentence.
        function: the function that was asked for.
        place: where in the student's files.
        help: what to do about it.
        student_text: what the student's code itself said, already made safe to show.
        excerpt: the source line at ``place``.
    """

    with_server: bool = False
    """Whether its process ended because the fork server did, which says nothing about the code."""

    def __init__(
        self,
        message: str,
        *,
        function: str,
        place: Place | None = None,
        help: str | None = None,  # noqa: A002  the word the Result uses
        student_text: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.function = function
        self.place = place
        self.help = help
        self.student_text = student_text
        self.excerpt = excerpt


class NotDefined(StudentError):
    """No file of the submission defines it, or it is no function."""


class NotImportable(StudentError):
    """The file that defines it cannot be loaded."""

    stopped: bool = False
    """It exceeded a limit, or ended its process, while it was loaded."""


class NotWritten(StudentError):
    """It is not written yet."""


class Raised(StudentError):
    """It ended in an exception."""

    type_name: str = ""
    """The exception's class: "ValueError"."""
    kinds: frozenset[str] = frozenset()
    """Python's own exceptions that its class is or derives from."""


class Forbidden(Raised):
    """The system refused what it tried to do: start a process, fill the disk."""

    category: str = ""
    """A kind of operation, of those in grader/worker/forbidden.py."""


class Unsendable(StudentError):
    """Its answer cannot be taken: too large, or not what a function can answer."""


class Stopped(StudentError):
    """It exceeded a limit, or ended its process.

    ``reason`` says which limit; ``limit`` and ``used`` are seconds or bytes, where known. After
    most of them the process is gone, and with it everything handles stand for.
    """

    reason: Reason = "crash"
    limit: float | None = None
    used: float | None = None
    process_lost: bool = False
    """Whether the process ended; a MemoryError or a SystemExit it survives."""


class StaleHandle(Stopped):
    """What a handle stood for was lost when the process ended, for the reason given."""
