"""What can go wrong with a student's function, as data for the checks.

StudentError
├── NotDefined      no file defines the function
├── NotImportable   the file that defines it cannot be loaded
├── NotWritten      it raises NotImplementedError, or is still an empty stub
├── Raised          it ended in another exception
├── Stopped         it exceeded a limit, or ended its process
│   └── StaleHandle what it is asked to work with was lost when its process ended
└── Unsendable      its answer is too large, or no answer at all

None of these is a failure of the grader. Their text is one sentence in the student's words; text
from student code itself is in ``student_text`` and is safe to show.
"""

from __future__ import annotations

from grader.result import Place
from grader.sandbox.ending import Ended, Reason


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
    kinds: frozenset[str] = frozenset()
    """Python's own exceptions that its class is or derives from."""
    """The exception's class: "ValueError"."""


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


class StaleHandle(Stopped):
    """What a handle stood for was lost when the process ended, for the reason given."""


def stopped(ended: Ended, function: str, doing: str, place: Place | None) -> Stopped:
    """The error for a process that has ended.

    Args:
        ended: how.
        function: the function that was asked for.
        doing: what the process was doing: "train()", "layers.py, while it was imported".
        place: where the function stands.
    """
    message, help_text = _explain(ended, doing)
    error = Stopped(message, function=function, place=place, help=help_text)
    error.reason, error.limit, error.used = ended.reason, ended.limit, ended.used
    return error


def _explain(ended: Ended, doing: str) -> tuple[str, str]:
    limit, used = ended.limit or 0.0, ended.used or 0.0
    if ended.reason == "cpu":
        return (
            f"stopped after {used:.3g} s of CPU time in {doing} (limit {limit:g} s)",
            "look for a loop that does not end, or work that grows too fast with the input",
        )
    if ended.reason == "wall":
        return (
            f"stopped after {used:.3g} s in {doing} without an answer",
            "the code waits for something that does not come: remove sleep() and the like",
        )
    if ended.reason == "memory":
        return (
            f"stopped in {doing}: it needs more than {int(limit) >> 20} MB of memory",
            "look for an array of the wrong shape, or a list that only grows",
        )
    if ended.reason == "output":
        return (
            f"stopped in {doing}: it printed more than {int(limit) >> 20} MB",
            "print less, for example once in 100 steps",
        )
    if ended.reason == "exit":
        return (
            f"the process was ended by the code itself in {doing} ({ended.detail})",
            "do not call exit() or sys.exit() in a function",
        )
    return (
        f"the process crashed in {doing} ({ended.detail})",
        "look for endless recursion, or for memory outside of an array",
    )
