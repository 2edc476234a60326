"""Remembers, for the words of a verdict alone, what student code last asked of the system.

A refusal of the kernel arrives as an OSError deep in a library, or as RuntimeError("can't start
new thread"). Python announces such operations to audit hooks before it tries them; the last one
of a request is kept, and names the refusal. Student code can fool all this; nothing else depends
on it.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Mapping
from typing import Final, Literal, get_args

Category = Literal[
    "process",
    "thread",
    "network",
    "signal",
    "reading",
    "writing",
    "attributes",
    "other",
    "space",
    "open files",
]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)

_EVENTS: Final[Mapping[str, Category]] = {
    **dict.fromkeys(
        (
            "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system",
            "pty.spawn", "subprocess.Popen",
        ),
        "process",
    ),
    **dict.fromkeys(
        (
            "socket.__new__", "socket.bind", "socket.connect", "socket.getaddrinfo",
            "socket.gethostbyaddr", "socket.gethostbyname", "socket.gethostname",
            "socket.getnameinfo", "socket.sendmsg", "socket.sendto", "urllib.Request",
        ),
        "network",
    ),
    **dict.fromkeys(("os.kill", "os.killpg", "signal.pthread_kill"), "signal"),
    **dict.fromkeys(("open", "os.chdir", "os.listdir", "os.scandir"), "reading"),
    **dict.fromkeys(("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"), "writing"),
    **dict.fromkeys(
        ("os.chflags", "os.chmod", "os.chown", "os.link", "os.setxattr", "os.symlink", "os.utime"),
        "attributes",
    ),
}  # fmt: skip
_MULTIPROCESSING: Final = "multiprocessing"
_THREAD: Final = "threading.Thread"
_FULL: Final[Mapping[int | None, tuple[Category, str]]] = {
    errno.ENOSPC: ("space", "ENOSPC"),
    getattr(errno, "EDQUOT", errno.ENOSPC): ("space", "ENOSPC"),
    errno.EFBIG: ("space", "EFBIG"),
    errno.EMFILE: ("open files", "EMFILE"),
}
CALLS: Final = frozenset(_EVENTS) | {_MULTIPROCESSING, _THREAD, "ENOSPC", "EFBIG", "EMFILE"}
"""Everything ``call`` can be, beside "" where it is not known."""

_DENIED: Final = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EROFS})
_NO_CHILD: Final = _DENIED | {errno.EAGAIN, errno.ENOMEM}
_NOBODY: Final = _DENIED | {errno.ESRCH}
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NO_THREAD: Final = "can't start new thread"
# What ndarray.tofile() says when it could not write all; it gives no number.
_CUT_SHORT: Final = re.compile(r"\d+ requested and \d+ written")

_last: tuple[str, object] = ("", None)
_installed = False


def install() -> None:
    """Watch from now on; hooks cannot be taken away, so a second call does nothing."""
    global _installed  # noqa: PLW0603  one process has one hook
    if not _installed:
        _installed = True
        sys.addaudithook(_remember)


def forget() -> None:
    """A new request begins."""
    global _last  # noqa: PLW0603  read by the hook, which is called without a place of its own
    _last = ("", None)


def refusal(error: BaseException) -> dict[str, str] | None:
    """``{"category": ..., "call": ...}`` when the exception is a refusal of the system, else None.

    Args:
        error: what student code raised; its class may be the student's own.
    """
    event, flags = _last
    try:
        found = _refusal(error, event, flags)
    except BaseException:  # noqa: BLE001  properties and __eq__ of a student's class may do anything
        return None
    return None if found is None else {"category": found[0], "call": found[1]}


def _remember(event: str, args: tuple[object, ...]) -> None:
    global _last  # noqa: PLW0603  see forget()
    if event in _EVENTS:
        _last = (event, args[-1] if event == "open" and args else None)


def _refusal(error: BaseException, event: str, flags: object) -> tuple[Category, str] | None:
    category = _EVENTS.get(event, "other")
    if isinstance(error, RuntimeError):
        return ("thread", _THREAD) if error.args[:1] == (_NO_THREAD,) else None
    if not isinstance(error, OSError):
        return None
    if error.errno in _FULL:
        return _FULL[error.errno]
    if error.errno is None and _CUT_SHORT.fullmatch(str(error)):
        return _FULL[_why_cut_short()]
    if _in_multiprocessing(error):
        return "process", _MULTIPROCESSING
    if error.filename is None or category == "process":
        return _of_operation(error, category, event)
    return _of_file(error, category, event, flags)


def _why_cut_short() -> int:
    """What a write that was cut short ran into: no room, or the largest size a file may have."""
    try:
        room = os.statvfs(".").f_bavail
    except (OSError, AttributeError):  # AttributeError: Windows has no such function
        room = 0
    return errno.EFBIG if room else errno.ENOSPC


def _of_operation(error: OSError, category: Category, event: str) -> tuple[Category, str] | None:
    if category == "network":
        return category, event
    if category == "process":
        # That a program is not there comes to the same as that it may not be run.
        absent = error.errno == errno.ENOENT and error.filename is not None
        named = absent and event != "os.system"
        return (category, event) if named or error.errno in _NO_CHILD else None
    if category == "signal" and error.errno in _NOBODY:
        return category, event
    return ("other", "") if error.errno in _DENIED else None


def _of_file(
    error: OSError, category: Category, event: str, flags: object
) -> tuple[Category, str] | None:
    if error.errno not in _DENIED:
        return None
    if category not in {"reading", "writing", "attributes"}:
        return "reading", ""
    writes = event == "open" and isinstance(flags, int) and flags & _WRITES
    return ("writing" if writes else category), event


def _in_multiprocessing(error: OSError) -> bool:
    """Whether it comes from that package, whose locks and pipes no audit hook hears of."""
    traceback = error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_globals.get("__name__")
        if isinstance(name, str) and name.partition(".")[0] == _MULTIPROCESSING:
            return True
        traceback = traceback.tb_next
    return False
