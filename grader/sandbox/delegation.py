"""Which cgroup (version 2) is ours to divide among students' processes.

A group is *delegated* to us when we may write to it and nobody else's process is in it. The kernel
hands controllers on to the children of a group only while no process is in the group itself, so
that a grader which finds itself alone in a delegated group moves into a child of it (``goldgrad``)
and makes the students' groups beside that. Nothing is ever moved but the grader itself, nothing is
changed in a group that holds other processes (a login's, a container's), and nothing in the root of
the hierarchy, which is everybody's. Ways to get a delegated group::

    systemd-run --user --scope -p Delegate=yes grade batch ...
    [Service] Delegate=yes  DelegateSubgroup=goldgrad        (a unit's file)
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

CONTROLLERS: Final = ("memory", "pids")
OWN_LEAF: Final = "goldgrad"
"""Where the grader itself sits, beside the students' groups."""
_ROOTS_LACK: Final = "cgroup.type"
"""A file that every group has but the hierarchy's root."""


class NotDelegated(Exception):
    """No group is ours to divide; the text says what is missing."""


def delegated() -> Path | None:
    """The folder that groups for students can be made in; None when there is none.

    Only looks; `settle` makes it usable.
    """
    try:
        return delegation()
    except NotDelegated:
        return None


def obstacle() -> str | None:
    """What is missing for groups of our own; None when nothing is."""
    try:
        delegation()
    except NotDelegated as missing:
        return str(missing)
    return None


def delegation(controllers: Sequence[str] = CONTROLLERS) -> Path:
    """The folder that groups for students can be made in.

    Raises:
        NotDelegated: there is none.
    """
    own = own_folder()
    parent = own.parent if own.name == OWN_LEAF else own
    if not all(os.access(parent / f, os.W_OK) for f in ("", "cgroup.procs")):
        raise NotDelegated("its cgroup is not writable")
    offered = read(parent / "cgroup.controllers").split()
    lacking = [name for name in controllers if name not in offered]
    if lacking:
        raise NotDelegated(f"its cgroup lacks the controller {' and '.join(lacking)}")
    if _handed_on(parent, controllers):
        return parent
    if not (parent / _ROOTS_LACK).exists():
        raise NotDelegated("it is in the root cgroup, which is not ours to change")
    if not os.access(parent / "cgroup.subtree_control", os.W_OK):
        raise NotDelegated("its cgroup's controllers cannot be handed on")
    if members(parent) not in ([], [os.getpid()]):
        raise NotDelegated("other processes are in its cgroup")
    return parent


def settle(parent: Path, controllers: Sequence[str]) -> None:
    """Have children of a delegated group controlled, moving ourselves out of it if need be.

    Raises:
        OSError: the kernel refuses; we are back where we were.
    """
    if _handed_on(parent, controllers):
        return
    leaf = parent / OWN_LEAF
    moved = os.getpid() in members(parent)
    if moved:
        leaf.mkdir(exist_ok=True)
        write(leaf / "cgroup.procs", str(os.getpid()))
    try:
        write(parent / "cgroup.subtree_control", " ".join(f"+{name}" for name in controllers))
    except OSError:
        if moved:
            write(parent / "cgroup.procs", str(os.getpid()))
            leaf.rmdir()
        raise


def _handed_on(parent: Path, controllers: Sequence[str]) -> bool:
    """Whether the children of a group have these controllers already."""
    return set(controllers) <= set(read(parent / "cgroup.subtree_control").split())


def parse_own_path(text: str) -> str | None:
    """The path of a process's version 2 group, from the text of ``/proc/PID/cgroup``.

    Returns:
        The path below the hierarchy's root, or None when it has none that we can see.
    """
    for line in text.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if (number, controllers) == ("0", "") and path.startswith("/"):
            outside = path == "/.." or path.startswith("/../")
            gone = path.endswith(" (deleted)")
            return None if outside or gone else path
    return None


def parse_mounts(text: str) -> list[tuple[str, str]]:
    """The mounts of the version 2 hierarchy, from the text of ``/proc/PID/mountinfo``.

    Returns:
        For each the path within the hierarchy that is mounted, and the folder it is mounted on.
    """
    found = []
    for line in text.splitlines():
        fields, _, kind = line.partition(" - ")
        parts = fields.split(" ")
        if kind.split(" ")[0] == "cgroup2" and len(parts) >= 5:
            found.append((_unescaped(parts[3]), _unescaped(parts[4])))
    return found


def own_folder() -> Path:
    """The folder of this process's own group.

    Raises:
        NotDelegated: it has none, or none that is mounted.
    """
    path = parse_own_path(read(Path("/proc/self/cgroup")))
    if path is None:
        raise NotDelegated("it is in no cgroup of version 2")
    for root, point in parse_mounts(read(Path("/proc/self/mountinfo"))):
        if root in ("/", path) or path.startswith(f"{root}/"):
            inside = path if root == "/" else path.removeprefix(root)
            folder = Path(point, inside.lstrip("/"))
            if os.getpid() in members(folder):
                return folder
    raise NotDelegated("its cgroup is mounted nowhere")


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)


def members(folder: Path) -> list[int]:
    """The processes in a group, by their numbers as we see them; 0 for those we cannot."""
    return [int(pid) for pid in read(folder / "cgroup.procs").split() if pid.isdecimal()]


def read(file: Path) -> str:
    """A kernel's file; nothing when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def write(file: Path, text: str) -> None:
    """Write to a kernel's file.

    Raises:
        OSError: it is not there, or the kernel refuses.
    """
    # Never creates: in a folder that is no cgroup after all, a limit must not become a file.
    descriptor = os.open(file, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
