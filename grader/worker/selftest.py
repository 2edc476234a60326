"""Tries the walls from the inside, as hostile code would, before any student code is let in.

The fork server confines one child like all others and has it make these attempts. What the child
reports decides which tier is recorded: a wall that is said to stand was seen to stand.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from . import kernel

_SECCOMP_FILTERING: Final = 2
_UNLOADED: Final = ("colorsys", "numpy.polynomial.chebyshev")
"""Libraries that nothing has imported yet: what homework imports must still be found."""
_FOREIGN: Final = ("/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/environ")
_ELSEWHERE: Final = ("/", "/tmp", "/var/tmp", "/dev/shm", "/etc", os.path.dirname(os.__file__))  # noqa: S108, PTH120  to be refused


class _Open(Exception):
    """An attempt succeeded that should not have; the text says which."""


def try_walls(hidden: Sequence[str]) -> dict[str, str]:
    """Make every attempt.

    Args:
        hidden: files of the grader's own that must not be readable.

    Returns:
        For each wall that does not hold, why not. Walls that hold are not in it.
    """
    attempts: dict[str, Callable[[], object]] = {
        "box": _own_files,
        "libraries": _libraries,
        "user": _user,
        "capabilities": _capabilities,
        "privileges": _privileges,
        "reading": lambda: _reading((*_FOREIGN, *hidden)),
        "writing": _writing,
        "network": _network,
        "signals": _signals,
        "filter": _filter,
        "processes": _processes,
        "limits": _limits,
        "programs": _programs,
    }
    found: dict[str, str] = {}
    for name, attempt in attempts.items():
        try:
            attempt()
        except Exception as error:  # noqa: BLE001  whatever it is, this wall is not as it should be
            found[name] = str(error) or type(error).__name__
    return found


WALLS: Final = (
    "box", "libraries", "user", "capabilities", "privileges", "reading", "writing", "network",
    "signals", "filter", "processes", "limits", "programs",
)  # fmt: skip


def _own_files() -> None:
    place = Path("self-test")
    place.write_text("it can write", encoding="utf-8")
    if place.read_text(encoding="utf-8") != "it can write":
        raise _Open("its own folder does not keep what is written")
    place.unlink()


def _libraries() -> None:
    for module in _UNLOADED:
        importlib.import_module(module)


def _user() -> None:
    if os.geteuid() == 0:
        raise _Open("it runs as root")
    with contextlib.suppress(OSError):
        os.setresuid(0, 0, 0)
        raise _Open("it can become root")


def _capabilities() -> None:
    if any(kernel.capabilities()):
        raise _Open("it has capabilities")


def _privileges() -> None:
    if kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) != 1:
        raise _Open("programs could give it privileges")


def _reading(files: Sequence[str]) -> None:
    for name in files:
        with contextlib.suppress(OSError):
            os.close(os.open(name, os.O_RDONLY))
            raise _Open(f"it can read {name}")


def _writing() -> None:
    for folder in _ELSEWHERE:
        name = os.path.join(folder, f"goldgrad-self-test-{os.getpid()}")  # noqa: PTH118
        with contextlib.suppress(OSError):
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            os.unlink(name)  # noqa: PTH108
            raise _Open(f"it can write to {folder}")


def _network() -> None:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with contextlib.suppress(OSError):
                socket.socket(family, kind).close()
                raise _Open("it can open a socket")


def _signals() -> None:
    for target in (-1, os.getppid(), 1):
        if target == os.getpid():
            continue
        with contextlib.suppress(OSError):
            os.kill(target, 0)
            raise _Open("it can send signals to other processes")


def _filter() -> None:
    if kernel.prctl(kernel.PR_GET_SECCOMP) != _SECCOMP_FILTERING:
        raise _Open("its system calls are not filtered")


def _processes() -> None:
    with contextlib.suppress(OSError):
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        raise _Open("it can start processes")


def _limits() -> None:
    # What the size of a process is, the system may not have told: then nothing limits its memory.
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"):
        if resource.RLIM_INFINITY in resource.getrlimit(getattr(resource, name)):
            raise _Open(f"nothing limits it ({name})")


def _programs() -> None:
    # Where this succeeds, no report is made, which is taken for a wall that does not hold.
    with contextlib.suppress(OSError):
        os.execv(sys.executable, [sys.executable, "-c", "pass"])  # noqa: S606
