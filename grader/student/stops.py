"""The words for a process that was stopped, or ended itself: the limit, and what was used.

Figures are rounded: what a process used is its own choice, and could spell a hidden input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grader.result import Place
from grader.sandbox.ending import NUMBER, WAITING, WITH_SERVER, Ended
from grader.student.errors import Stopped

MEMORY_HELP: Final = "look for an array of the wrong shape, or a list that only grows"
_FILES_HELP: Final = "return results instead of writing them to files"
_RECURSION: Final = "a function that calls itself without end, above all after setrecursionlimit()"
# In a namespace of its own a process that calls abort() ends in SIGSEGV.
_MEMORY_CRASH: Final = f"look for {_RECURSION}; leave out os.abort() and ctypes"
_CRASHES: Final = {
    "SIGSEGV": ("it touched memory that is not its own", _MEMORY_CRASH),
    "SIGBUS": ("it touched memory that is not there", _MEMORY_CRASH),
    "SIGABRT": (
        "it gave itself up",
        "leave out os.abort(), and code that reaches around NumPy into memory",
    ),
    "SIGFPE": ("a division that the processor cannot do", "leave out signals and ctypes"),
    "SIGILL": ("an instruction that the processor does not know", "leave out ctypes"),
    "SIGKILL": (
        "it was killed from outside, most often because memory ran out",
        f"{MEMORY_HELP}; leave out os.kill()",
    ),
    "SIGTERM": ("it was asked to end", "leave out os.kill() and the like"),
}
_SOME_SIGNAL: Final = ("it was ended by a signal", "leave out os.kill(), signals and ctypes")


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
    error.process_lost = True
    error.with_server = ended.detail == WITH_SERVER
    return error


def not_run(function: str, stops: Sequence[Stopped]) -> Stopped:
    """The error for a call that is not tried, since earlier ones were stopped.

    Args:
        function: the function.
        stops: its earlier ends; at least one.
    """
    last = stops[-1]
    error = Stopped(
        f"not run: {function} was stopped in {len(stops)} earlier cases (last: {last})",
        function=function,
        place=last.place,
        help=last.help,
    )
    error.reason, error.limit, error.used = last.reason, last.limit, last.used
    return error


def _explain(ended: Ended, doing: str) -> tuple[str, str]:
    limit, used = ended.limit or 0.0, ended.used or 0.0
    match ended.reason:
        case "cpu":
            return (
                f"stopped after {used:.3g} s of CPU time in {doing} (limit {limit:g} s)",
                "look for a loop or recursion without end, or work that grows too fast",
            )
        case "wall":
            waited = "it only waited" if ended.detail == WAITING else "in all"
            figures = f"{waited}; limit {limit:g} s"
            return (
                f"stopped after {used:.3g} s in {doing} without an answer ({figures})",
                "the code waits for something that does not come: remove sleep() and the like",
            )
        case "memory":
            so_far = f" (it had {_megabytes(used)})" if used else ""
            return (
                f"stopped in {doing}: it needs more than {int(limit) >> 20} MB of memory{so_far}",
                MEMORY_HELP,
            )
        case "output":
            limit_text = f"limit {int(limit) >> 20} MB"
            return (
                f"stopped in {doing} after it printed {_megabytes(used)} ({limit_text})",
                "print less, for example once in 100 steps",
            )
        case "files":
            return _files(ended, doing), _FILES_HELP
        case "forbidden":
            call = f"a system call that is not allowed while the code is graded ({ended.detail})"
            return (
                f"stopped in {doing}: it made {call}",
                "leave out ctypes and whatever else reaches around Python into the system",
            )
        case "exit":
            return (
                f"the process was ended by the code itself in {doing} ({ended.detail})",
                "do not call exit() or sys.exit() in a function",
            )
    if ended.detail == WITH_SERVER:
        return (
            f"the process for {doing} ended together with the grader's own",
            "have it marked again; should it stay so, look for code that ends processes",
        )
    meaning, help_text = _CRASHES.get(ended.detail or "", _SOME_SIGNAL)
    named = f"{ended.detail}: {meaning}" if ended.detail in _CRASHES else meaning
    return f"the process crashed in {doing} ({named})", help_text


def _files(ended: Ended, doing: str) -> str:
    limit = ended.limit or 0.0
    if ended.used is None:
        return f"stopped in {doing}: it wrote a file of more than {int(limit) >> 20} MB"
    if ended.detail == NUMBER:
        return f"stopped in {doing} after it made {_rounded(ended.used)} files (limit {limit:g})"
    return (
        f"stopped in {doing} after it wrote {_megabytes(ended.used)} of files "
        f"(limit {int(limit) >> 20} MB)"
    )


def _megabytes(size: float) -> str:
    return f"{_rounded(size / (1 << 20))} MB"


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):g}"
