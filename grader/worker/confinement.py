"""From the parent's wishes to a Jail, and from a Jail to what it was seen to hold.

The wishes: ``namespaces`` ("given": bubblewrap has made the server's; "own": make some where that
is allowed; "none"), ``box`` with ``box_bytes`` and ``box_files``, ``user``, ``readable`` (for
Landlock, or None), ``reachable`` (folders that must not lie behind one which the user cannot
enter), ``filtered``, ``threads``, ``tried`` (whether to try the walls), ``hidden`` (files that must
not be readable).
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Any, Final

from . import kernel, landlock, seccomp
from .frames import Closed, header, read_frame
from .jail import CHANNEL, DEVICES, Jail, die_with_parent
from .namespaces import PidNamespaces, closed_to, enter_own, open_the_way, own_mounts
from .selftest import WALLS, try_walls
from .wire import WireError, decode, encode

_CAP: Final = 1 << 16
_SECONDS: Final = 20.0
_NAMESPACES: Final = ("user", "mnt", "pid", "net", "ipc", "uts")
_LIMITS: Final = {
    "memory_bytes": 512 << 20,
    "cpu_seconds": 30,
    "file_bytes": 1 << 20,
    "open_files": 64,
}


def build(wishes: dict[str, Any]) -> tuple[Jail, PidNamespaces | None]:
    """Prepare everything that children share, before the first fork.

    What cannot be had is left out; the examination tells.
    """
    user = wishes["user"]
    own = wishes["namespaces"] == "own" and enter_own(wishes["box"])
    namespaced = own or wishes["namespaces"] == "given"
    births = None
    if namespaced:
        with contextlib.suppress(OSError):
            births = PidNamespaces()
    if user is not None and _obstacle(wishes):
        with contextlib.suppress(OSError):
            if births is None:
                own_mounts()
            open_the_way(user, [Path(path) for path in wishes["reachable"]])
    readable = None
    if wishes["readable"] is not None and landlock.version():
        paths = (*wishes["readable"], *DEVICES)
        readable = [landlock.open_path(path) for path in paths if Path(path).exists()]
        landlock.prepare(tuple(readable))
    filtered = bool(wishes["filtered"]) and seccomp.available()
    if filtered:
        seccomp.prepare(threads=wishes["threads"])
    jail = Jail(
        namespaced=births is not None,
        box=wishes["box"],
        box_bytes=wishes["box_bytes"],
        box_files=wishes["box_files"],
        user=user,
        readable=readable,
        filtered=filtered,
        threads=wishes["threads"],
    )
    return jail, births


def examine(jail: Jail, births: PidNamespaces | None, plan: dict[str, Any]) -> dict[str, Any]:
    """Confine one child like all others, have it try the walls, and report what it found.

    Returns:
        ``ready`` (our number), ``open`` (wall -> why it does not hold; all of them when nothing
        was tried), ``namespaces``, ``landlock``, ``seccomp``, ``namespaced``.
    """
    wishes = plan["jail"]
    report: dict[str, Any] = {
        "ready": os.getpid(),
        "namespaced": births is not None,
        "landlock": landlock.version() if jail.readable is not None else 0,
        "seccomp": jail.filtered,
    }
    obstacle = _obstacle(wishes)
    closed = f"{obstacle} cannot be entered by other users than its owner" if obstacle else ""
    if not wishes["tried"]:
        problems = dict.fromkeys(WALLS, "not tried") | ({"libraries": closed} if closed else {})
        return report | {"open": problems, "namespaces": []}
    found = _child_report(jail, births, plan)
    outside = wishes["outside"]
    own = {kind for kind in _NAMESPACES if _namespace(kind) not in (None, outside.get(kind))}
    problems = found["open"]
    if "libraries" in problems and closed:
        problems["libraries"] = closed
    return report | {
        "open": problems,
        "namespaces": [k for k in _NAMESPACES if k in own or k in found["namespaces"]],
    }


def _obstacle(wishes: dict[str, Any]) -> Path | None:
    if wishes["user"] is None:
        return None
    ways = (closed_to(wishes["user"], Path(path)) for path in wishes["reachable"])
    return next((way for way in ways if way is not None), None)


def _child_report(jail: Jail, births: PidNamespaces | None, plan: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    with births.fresh() if births else contextlib.nullcontext():
        pid = os.fork()
        if pid == 0:
            _be_examined(jail, plan, theirs, parent)
    theirs.close()
    with ours:
        ours.settimeout(_SECONDS)
        try:
            _, body = read_frame(ours, _CAP)
            report: Any = decode(body)
        except (OSError, Closed, WireError):
            report = {"open": dict.fromkeys(WALLS, "the process that tried them ended early")}
    with contextlib.suppress(OSError):
        os.kill(pid, 9)
    os.waitpid(pid, 0)
    return {"namespaces": [], **report}


def _be_examined(jail: Jail, plan: dict[str, Any], theirs: socket.socket, parent: int) -> None:
    try:
        die_with_parent(parent)
        number = theirs.fileno()
        output = os.open(os.devnull, os.O_WRONLY)
        try:
            connection = jail.confine(_LIMITS, plan["trial"], os.dup(number), output)
            connection.detach()  # it is written to by its number
            report: dict[str, Any] = {"open": try_walls(plan["jail"]["hidden"])}
            report["namespaces"] = _of_child(jail)
        except Exception as error:  # noqa: BLE001  whatever it is, the parent is told
            report = {"open": dict.fromkeys(WALLS, f"{type(error).__name__}: {error}")}
        body = encode(report)
        for descriptor in (number, CHANNEL):  # the first is gone when its number is no longer ours
            with contextlib.suppress(OSError):
                os.write(descriptor, b"".join([header(body), *body]))
                break
    finally:
        os._exit(0)


def _of_child(jail: Jail) -> list[str]:
    """The namespaces that the child alone has; their names cannot be read behind the walls."""
    found = ["mnt", "ipc"] if jail.namespaced else []
    if os.getpid() == 1:
        found.append("pid")
    if jail.namespaced and os.geteuid() == kernel.OVERFLOW_USER:
        found.append("user")
    return found


def _namespace(kind: str) -> str | None:
    try:
        return os.readlink(f"/proc/self/ns/{kind}")  # noqa: PTH115  the target is no path
    except OSError:
        return None
