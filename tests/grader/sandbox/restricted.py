"""Runs a command as systems run it that allow less than this one.

    python tests/grader/sandbox/restricted.py --docker --no-namespaces -- grade doctor

``--no-namespaces``  no user namespace can be made: sandboxes inside containers, hardened kernels
``--docker``         root with the capabilities that Docker leaves it: no SYS_ADMIN
``--no-landlock``    a kernel without Landlock, or a container whose filter does not know it
``--no-mounts``      namespaces can be made, but nothing can be mounted in them: Ubuntu's AppArmor
``--no-bubblewrap``  the folder that bubblewrap is in is not on PATH
``--user N``         an ordinary user

They combine. All is real: the kernel itself refuses. Linux only, and it must be root for
``--docker`` and ``--user``.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import os
import platform
import struct
from pathlib import Path
from typing import Final

from grader.worker import kernel

DOCKERS: Final = {
    "chown": 0, "dac_override": 1, "fowner": 3, "fsetid": 4, "kill": 5, "setgid": 6, "setuid": 7,
    "setpcap": 8, "net_bind_service": 10, "net_raw": 13, "sys_chroot": 18, "mknod": 27,
    "audit_write": 29, "setfcap": 31,
}  # fmt: skip
"""Docker's default capabilities."""

_LANDLOCKS: Final = (444, 446)  # the first and the last of its calls, on every architecture
_MOUNT: Final = {"x86_64": 165, "aarch64": 40}
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_FILTER_MODE: Final = 2


def main() -> None:
    """Restrict this process, then become the command."""
    parser = argparse.ArgumentParser(description="Run a command on a lesser system.")
    parser.add_argument("--no-namespaces", action="store_true")
    parser.add_argument("--docker", action="store_true")
    parser.add_argument("--no-landlock", action="store_true")
    parser.add_argument("--no-mounts", action="store_true")
    parser.add_argument("--no-bubblewrap", action="store_true")
    parser.add_argument("--user", type=int)
    parser.add_argument("command", nargs="+")
    wanted = parser.parse_args()
    if wanted.no_bubblewrap:
        os.environ["PATH"] = path_without("bwrap")
    if wanted.no_namespaces:
        forbid_user_namespaces()
    if wanted.docker:
        bound_to(set(DOCKERS.values()))
    if wanted.user is not None:
        os.setgroups([])
        os.setresgid(*[wanted.user] * 3)
        os.setresuid(*[wanted.user] * 3)
    if wanted.no_landlock:
        forbid(*_LANDLOCKS, errno.ENOSYS)
    if wanted.no_mounts:
        forbid(*[_MOUNT[platform.machine()]] * 2, errno.EACCES)
    os.execvp(wanted.command[0], wanted.command)


def forbid_user_namespaces() -> None:
    """Enter a user namespace in which no other can be made.

    Root keeps all users, so that it can still become one; anybody else keeps itself.
    """
    user, group = os.geteuid(), os.getegid()
    every = "0 0 4294967295"
    ready, go = os.pipe()
    parent = os.getpid()
    mapper = os.fork()
    if mapper == 0:  # who writes the map must have its rights outside
        os.close(go)
        os.read(ready, 1)
        maps = {"uid_map": every, "gid_map": every}
        if user:
            maps = {"uid_map": f"{user} {user} 1", "setgroups": "deny"}
            maps["gid_map"] = f"{group} {group} 1"
        for name, text in maps.items():
            Path("/proc", str(parent), name).write_text(text, encoding="ascii")
        os._exit(0)
    kernel.unshare(kernel.CLONE_NEWUSER)
    os.write(go, b"x")
    if os.waitpid(mapper, 0)[1] != 0:
        raise OSError("the users could not be mapped")
    os.close(go)
    os.close(ready)
    Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")


def bound_to(kept: set[int]) -> None:
    """Let what is executed from here on have no other capabilities than these, root or not."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        if capability not in kept:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)


def forbid(first: int, last: int, error: int) -> None:
    """Have the kernel answer the system calls with these numbers by an error."""
    code = b"".join(
        struct.pack("<HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the call's number
            (0x35, 0, 2, first),  # at least the first of them, or allow
            (0x25, 1, 0, last),  # greater than the last: allow
            (0x06, 0, 0, _REFUSE | error),
            (0x06, 0, 0, _ALLOW),
        )
    )
    instructions = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(instructions))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if ctypes.CDLL(None).prctl(kernel.PR_SET_SECCOMP, _FILTER_MODE, program, 0, 0) != 0:
        raise OSError("the kernel takes no filter")


def path_without(program: str) -> str:
    """PATH without the folders that hold this program."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(f for f in folders if not Path(f, program).exists())


if __name__ == "__main__":
    main()
