"""Exceptions of student code as data.

A description is a dict with ``kind``, ``type``, ``message``, ``frames`` (file, line, function of
the student's own files, the deepest last) and, for a SyntaxError, ``line`` and ``text``, for what
the system refused, ``refused`` (see forbidden.py).
"""

from __future__ import annotations

import builtins
import os
import types
from collections.abc import Collection
from typing import Final

from .forbidden import refusal
from .stand_ins import RefusedImport
from .targets import NoMember
from .wire import Value

_MOST_FRAMES: Final = 16
_LONGEST_MESSAGE: Final = 2000


_BUILTIN: Final = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}


def describe(error: BaseException, files: Collection[str], home: str = "") -> dict[str, Value]:
    """The exception as data.

    Args:
        error: what student code raised.
        files: the paths of its own files; frames of other files are left out.
        home: the process's own folder. Its path is left out of messages: it says nothing to a
            student, and is another one each time.
    """
    refused = refusal(error)  # before anything here is remembered in its place
    description: dict[str, Value] = {
        "kind": _kind(error),
        "type": type(error).__name__[:200],
        "builtin": [name for name, kind in _BUILTIN.items() if issubclass(type(error), kind)],
        "message": _message(error, home),
        "frames": _frames(error.__traceback__, files),
    }
    if refused is not None:
        description["refused"] = dict(refused)
    if isinstance(error, SyntaxError):
        description["file"] = error.filename if error.filename in files else None
        description["line"] = error.lineno
        description["text"] = (error.text or "")[:200]
        description["message"] = str(error.msg)[:_LONGEST_MESSAGE]
    return description


def _kind(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return "todo"
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, RefusedImport):
        return "refused"
    if isinstance(error, SyntaxError):
        return "syntax"
    if isinstance(error, NoMember):
        return "no member"
    # SystemExit, KeyboardInterrupt: the code asks its process to end.
    return "raised" if isinstance(error, Exception) else "exit"


def _message(error: BaseException, home: str) -> str:
    # The exception is the student's object: its __str__ may do anything, failing included.
    try:
        text = str(error)
        cut = str.__getitem__(text, slice(_LONGEST_MESSAGE))
        return cut.replace(home + os.sep, "") if home else cut
    except BaseException:  # noqa: BLE001  see above
        return "(its message cannot be shown)"


def _frames(traceback: types.TracebackType | None, files: Collection[str]) -> list[Value]:
    frames: list[Value] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in files:
            frames.append([code.co_filename, traceback.tb_lineno, code.co_name[:100]])
            del frames[:-_MOST_FRAMES]
        traceback = traceback.tb_next
    return frames
