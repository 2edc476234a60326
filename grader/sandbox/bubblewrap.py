"""The command line that puts the fork server into bubblewrap's namespaces and view of files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.sandbox.view import View

BOX: Final = "/box"
"""Where a process's own folder is in that view."""

_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom")
# What the server needs to make its children's namespaces, and as root to become somebody else.
_CAPABILITIES: Final = ("CAP_SYS_ADMIN", "CAP_SETPCAP")
_CAPABILITIES_OF_ROOT: Final = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")


def find_bubblewrap() -> str | None:
    """The program's path; None when it is not installed.

    Relative folders on PATH are passed over: a submission can be where we are, and hold anything.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which("bwrap", path=os.pathsep.join(filter(os.path.isabs, folders)))


def prefix(program: str, view: View, *, root: bool) -> list[str]:
    """What to put before the server's command.

    There is no ``--die-with-parent``: the kernel would take the end of the thread that started it
    for the end of the grader. The server ends by itself when the grader's socket closes.

    Args:
        program: bubblewrap.
        view: what is to be seen.
        root: whether we are root, and need no user namespace to make the others.
    """
    names = (*_CAPABILITIES, *(_CAPABILITIES_OF_ROOT if root else ()))
    return [
        program,
        *([] if root else ["--unshare-user"]),
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--hostname", "goldgrad", "--new-session",
        "--cap-drop", "ALL", *(word for name in names for word in ("--cap-add", name)),
        *_binds(view),
        "--proc", "/proc",
        "--dir", "/dev",
        *(word for device in _DEVICES for word in ("--dev-bind-try", device, device)),
        "--dir", BOX, "--remount-ro", "/", "--chdir", "/", "--",
    ]  # fmt: skip


def _binds(view: View) -> Iterator[str]:
    for link in view.links:
        yield from ("--symlink", os.readlink(link), str(link))  # noqa: PTH115  as it is written
    for path in view.roots:
        yield from _bind(path)
    covered = [path for path in view.hidden if path.is_dir() and _below(path, view.roots)]
    for path in covered:
        yield from ("--tmpfs", str(path))
    for path in view.packages:
        yield from _bind(path)
    for path in covered:
        yield from ("--remount-ro", str(path))


def _bind(path: Path) -> tuple[str, ...]:
    bind = ("--ro-bind-try", str(path), str(path))
    # A folder that is made for the sake of a file in it alone is closed to all but its owner.
    return ("--dir", str(path.parent), *bind) if path.is_file() else bind


def _below(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(root) for root in roots)
