"""Namespaces: of the fork server itself, and of each process it makes.

The server keeps the right to make namespaces (in namespaces of its own); its children give up every
right before student code runs. So each child is the first process of a pid namespace without a
second fork: when it ends, the kernel ends all that it started.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from . import kernel

_MS_RDONLY: Final = 0x1
_MS_NOSUID: Final = 0x2
_MS_NODEV: Final = 0x4
_MS_NOEXEC: Final = 0x8
_MS_REMOUNT: Final = 0x20
_MS_BIND: Final = 0x1000
_MS_REC: Final = 0x4000
_MS_PRIVATE: Final = 0x40000
_MNT_DETACH: Final = 2
_NOTHING_IN_IT: Final = _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC

_SERVER: Final = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
)


def enter_own(box: str) -> bool:
    """Give the fork server namespaces of its own; False where that is not allowed.

    The caller goes on as the first process of its pid namespace; the process it was before only
    waits for it.

    Args:
        box: where its children will mount their folders.

    Raises:
        OSError: it was allowed a moment before.
    """
    if not _allowed(box):
        return False
    _enter()
    pid = os.fork()
    if pid:
        os.closerange(0, os.sysconf("SC_OPEN_MAX"))
        _, status = os.waitpid(pid, 0)
        os._exit(max(os.waitstatus_to_exitcode(status), 0))
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    return True


def _allowed(box: str) -> bool:
    """Whether all that is needed succeeds, tried by a process that ends then.

    A system can allow namespaces and refuse what has to be done in them, as Ubuntu's AppArmor
    does. Who had entered them by then could not go back.
    """
    trial = os.fork()
    if trial == 0:
        try:
            _enter()
            inside = os.fork()
            if inside == 0:
                PidNamespaces()
                separate(box, 1 << 12, 2, os.geteuid())
                os._exit(0)
            _, status = os.waitpid(inside, 0)
            os._exit(1 if status else 0)
        except OSError:
            os._exit(1)
        finally:
            os._exit(2)
    _, status = os.waitpid(trial, 0)
    return status == 0


def _enter() -> None:
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        kernel.unshare(_SERVER)
    else:
        kernel.unshare(_SERVER | kernel.CLONE_NEWUSER)
        _map_user(user, group)
    # Else what is mounted here would be mounted for all.
    kernel.mount("none", "/", None, _MS_REC | _MS_PRIVATE)


def _map_user(user: int, group: int) -> None:
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", name).write_text(line, encoding="ascii")


class PidNamespaces:
    """Makes the next fork's child the first process of a pid namespace of its own.

    Raises:
        OSError: this process may not.
    """

    def __init__(self) -> None:
        # A descriptor of this process stands for the namespace it is in (Linux 5.8).
        self._own = os.pidfd_open(os.getpid())
        with self.fresh():
            pass

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Within, children are born into a new namespace."""
        kernel.unshare(kernel.CLONE_NEWPID)
        try:
            yield
        finally:
            kernel.setns(self._own, kernel.CLONE_NEWPID)


def separate(box: str, size: int, files: int, owner: int) -> None:
    """Give this process its own mounts: an empty folder in memory for its files, and no /proc.

    Args:
        box: where the folder is.
        size: how many bytes it can hold.
        files: how many files.
        owner: the user it belongs to.

    Raises:
        OSError: not allowed.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    options = f"size={size},nr_inodes={files},mode=700,uid={owner}"
    kernel.mount("tmpfs", box, "tmpfs", flags, options)


def hide_processes() -> None:
    """Take /proc away, or cover it: Landlock would let its names be looked up.

    Raises:
        OSError: neither is allowed.
    """
    try:
        kernel.unmount("/proc", _MNT_DETACH)
    except OSError:
        # Mounts that came with an ordinary user's namespace cannot be undone there.
        kernel.mount("tmpfs", "/proc", "tmpfs", _NOTHING_IN_IT, "size=4k,nr_inodes=1,mode=555")


def new_user() -> bool:
    """Enter a user namespace that maps nobody; False where that is not allowed."""
    try:
        kernel.unshare(kernel.CLONE_NEWUSER)
    except OSError:
        return False
    return True


def closed_to(user: int, path: Path) -> Path | None:
    """The topmost folder on the way to ``path`` that another user cannot pass; None for none."""
    for folder in reversed(path.parents):
        status = folder.stat()
        if status.st_uid != user and not status.st_mode & 0o001:
            return folder
    return None


def own_mounts() -> None:
    """From now on, what this server mounts is there for itself and its children alone.

    Raises:
        OSError: not allowed.
    """
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", None, _MS_REC | _MS_PRIVATE)


def open_the_way(user: int, paths: Sequence[Path]) -> None:
    """Make folders reachable that lie below one which ``user`` cannot enter, such as root's home.

    An empty folder in memory is mounted over each such obstacle, and in it only ``paths`` appear
    again, read-only. The server must have mounts of its own.

    Raises:
        OSError: not allowed.
    """
    blocked: dict[Path, list[tuple[Path, int]]] = {}
    for path in paths:
        obstacle = closed_to(user, path) if path.exists() else None
        if obstacle is not None:
            blocked.setdefault(obstacle, []).append((path, os.open(path, os.O_PATH)))
    for obstacle, below in blocked.items():
        kernel.mount("tmpfs", str(obstacle), "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=64k")
        for path, descriptor in below:
            _bind(descriptor, path)
            os.close(descriptor)
        kernel.mount("none", str(obstacle), None, _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)


def _bind(descriptor: int, path: Path) -> None:
    source = Path(f"/proc/self/fd/{descriptor}")
    if source.is_dir():
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    kernel.mount(str(source), str(path), None, _MS_BIND | _MS_REC)
    flags = _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV
    kernel.mount("none", str(path), None, flags)
