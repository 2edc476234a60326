"""The words for what the system refused to student code.

What was refused comes from inside the wall (grader/worker/forbidden.py) and is believed only as
far as it is of the closed vocabulary there. The sentences are about what happened, not about why:
most of it is honest habit, such as reading the dataset when the file is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from grader.sandbox.limits import ProcessLimits
from grader.student.hints import FILES_HELP
from grader.worker.forbidden import CALLS, CATEGORIES

_TRIED: Final[Mapping[str, tuple[str, str]]] = {
    "process": (
        "tried to start a process",
        "compute in the function itself, without subprocess, os.system() and multiprocessing",
    ),
    "thread": ("tried to start a thread", "compute without threads"),
    "network": (
        "tried to open a network connection",
        "nothing can be fetched while the code is graded: use the arrays a function is given",
    ),
    "signal": ("tried to send a signal to a process", "leave out os.kill() and the like"),
    "reading": ("tried to read a file outside its folder", FILES_HELP),
    "writing": (
        "tried to write or change a file outside its folder",
        "return results instead of writing files, or write them under if __name__ == '__main__'",
    ),
    "attributes": (
        "tried to link a file, or to change its mode, owner or times",
        "leave files as they are, and move what arranges them under if __name__ == '__main__'",
    ),
    "other": (
        "tried to change its process or the system",
        "graded functions need NumPy alone: leave out what changes the process or the system",
    ),
}
_SPACE_HELP: Final = (
    "return results instead of writing files, and write none while a function computes"
)


@dataclass(frozen=True)
class Refusal:
    """What the system refused.

    Args:
        category: a kind of operation.
        call: the name Python gives it; "" where it is not known.
    """

    category: str
    call: str

    @classmethod
    def read(cls, data: Any) -> Refusal | None:
        """What a worker reported; None for what it can not have found."""
        match data:
            case {"category": str(category), "call": str(call)} if category in CATEGORIES:
                return cls(category, call if call in CALLS else "")
        return None

    def sentence(self, limits: ProcessLimits) -> str:
        """What was done, to stand behind the name of who did it.

        Args:
            limits: to name them.
        """
        if self.category == "open files":
            return f"had more than {limits.open_files} files open at a time"
        if self.category == "space":
            if self.call == "EFBIG":
                return f"wrote a file of more than {limits.file_bytes >> 20} MB"
            room = f"{limits.box_bytes >> 20} MB, {limits.box_files} files"
            return f"wrote more files than there is room for ({room})"
        tried, _ = _TRIED[self.category]
        named = f" ({self.call})" if self.call else ""
        return f"{tried}{named}, which is not allowed while the code is graded"

    @property
    def help(self) -> str:
        """What to do about it."""
        if self.category == "open files":
            return "close every file, for example by opening it with a with statement"
        return _SPACE_HELP if self.category == "space" else _TRIED[self.category][1]
