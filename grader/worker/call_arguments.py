"""With which arguments some of the allowed system calls are allowed (see syscalls.py).

A filter sees numbers only, never what a pointer points to. Where the kernel reads an argument as
a C int, only the lower 32 bits are compared: the upper ones may hold anything, and count nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .syscalls import OWN_PID


@dataclass(frozen=True)
class Argument:
    """A demand on one argument of a call.

    Attributes:
        position: from 0.
        among: the values that are allowed; 0 for a pointer is NULL.
        ignored: bits that are not compared.
        wide: compare all 64 bits, as for a pointer or an offset.
    """

    position: int
    among: tuple[int, ...]
    ignored: int = 0
    wide: bool = False


# What glibc and musl pass for a thread: CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS,
# PARENT_SETTID, CHILD_CLEARTID; musl adds CLONE_DETACHED, which the kernel ignores. No process,
# no namespace, no descriptor of a process comes of it.
_THREAD: Final = 0x003D_0F00
_DETACHED: Final = 0x0040_0000

_FCNTL: Final = (
    0,  # F_DUPFD
    1,  # F_GETFD
    2,  # F_SETFD
    3,  # F_GETFL
    4,  # F_SETFL
    1030,  # F_DUPFD_CLOEXEC
)

_IOCTL: Final = (
    0x5401,  # TCGETS: isatty
    0x802C_542A,  # TCGETS2: isatty from glibc 2.42 on
    0x5413,  # TIOCGWINSZ: os.get_terminal_size
    0x541B,  # FIONREAD
    0x5421,  # FIONBIO: socket.settimeout
    0x5450,  # FIONCLEX
    0x5451,  # FIOCLEX
    0x4004_9409,  # FICLONE: Path.copy from Python 3.14 on; both files must be open already
)

_PRCTL: Final = (
    3,  # PR_GET_DUMPABLE
    15,  # PR_SET_NAME: threading names its threads
    16,  # PR_GET_NAME
    21,  # PR_GET_SECCOMP
    23,  # PR_CAPBSET_READ
    39,  # PR_GET_NO_NEW_PRIVS
    51,  # PR_SVE_GET_VL: BLAS libraries ask for the length of aarch64's vectors
    0x5356_4D41,  # PR_SET_VMA: malloc names its memory
)

_ARCH_PRCTL: Final = (
    0x1003,  # ARCH_GET_FS
    0x1004,  # ARCH_GET_GS
    0x1021,  # ARCH_GET_XCOMP_SUPP
    0x1022,  # ARCH_GET_XCOMP_PERM
    0x1023,  # ARCH_REQ_XCOMP_PERM: BLAS libraries ask to use the AMX registers
)

# Not SO_PEERCRED and SO_PEERPIDFD: they tell who is at the other end, or open it.
_SOCKET_OPTION: Final = (
    3,  # SO_TYPE
    4,  # SO_ERROR
    38,  # SO_PROTOCOL
    39,  # SO_DOMAIN
)
_SOL_SOCKET: Final = 1

# Not MSG_OOB: nobody sends urgent bytes, and the kernel's code for them has had holes.
_MESSAGE: Final = (
    0,
    0x2,  # MSG_PEEK
    0x40,  # MSG_DONTWAIT
    0x100,  # MSG_WAITALL
    0x4000,  # MSG_NOSIGNAL
)

_RENAME: Final = (
    0,
    1,  # RENAME_NOREPLACE
    2,  # RENAME_EXCHANGE
)

# Memory that is shared and belongs to no file stays taken, however much of it was unmapped, until
# the last page is: RLIMIT_AS would count one page of a gigabyte.
_SHARED: Final = 0x01
_ANONYMOUS: Final = 0x20

CONDITIONS: Final[Mapping[str, tuple[Argument, ...]]] = MappingProxyType(
    {
        # Without threads the call is refused altogether.
        "clone": (Argument(0, (_THREAD,), ignored=_DETACHED),),
        # Never 0 (the process group), negative (groups, everybody) or another process.
        "kill": (Argument(0, (OWN_PID,)),),
        "tgkill": (Argument(0, (OWN_PID,)),),
        # By a thread's number alone; the first thread's is the process's.
        "tkill": (Argument(0, (OWN_PID,)),),
        # resource.setrlimit: the worker limits its processor time anew for each request.
        "prlimit64": (Argument(0, (0, OWN_PID)),),
        "getpgid": (Argument(0, (0, OWN_PID)),),
        "getsid": (Argument(0, (0, OWN_PID)),),
        "fcntl": (Argument(1, _FCNTL),),
        "ioctl": (Argument(1, _IOCTL),),
        "prctl": (Argument(0, _PRCTL),),
        "arch_prctl": (Argument(0, _ARCH_PRCTL),),
        # Mode 0 is posix_fallocate. FALLOC_FL_KEEP_SIZE takes disk space that no file size shows.
        "fallocate": (Argument(1, (0,)),),
        # Not RENAME_WHITEOUT, which leaves a device in the old name's place.
        "renameat2": (Argument(4, _RENAME),),
        # send and recv: no address, so only along what is connected already.
        "sendto": (Argument(3, _MESSAGE), Argument(4, (0,), wide=True)),
        "recvfrom": (Argument(3, _MESSAGE), Argument(4, (0,), wide=True)),
        "mmap": (
            Argument(3, (0, _SHARED, _ANONYMOUS), ignored=~(_SHARED | _ANONYMOUS) & 0xFFFF_FFFF),
        ),
        "getsockopt": (Argument(1, (_SOL_SOCKET,)), Argument(2, _SOCKET_OPTION)),
    }
)
