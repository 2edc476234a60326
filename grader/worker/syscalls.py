"""The system calls that a confined process may make; seccomp.py turns the table into a filter.

What is not in the table is refused: processes and programs, networks, other processes, memory that
no limit counts (memfd, locks, shared memory), the kernel's own settings, mounts, identities, and
what Landlock does not cover (modes, owners, times and attributes of files, links, file locks; and
before its version 3, cutting a file short that is not open). Refusals a student can meet: locks of
files (an SQLite database on disk), ``mmap.mmap(-1, ...)`` unless it is private, and ``os.waitpid``
(there is nobody to wait for). Some others are passed over where Python meets them: see lenient.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

OWN_PID: Final = 0x7FFF_FFFF
"""Stands for the process's own number until the filter is installed. It is larger than any number
a process can have: a filter in which it was forgotten refuses."""


class Call(NamedTuple):
    """One system call and its numbers; None where an architecture does not have it."""

    name: str
    x86_64: int | None
    aarch64: int | None


@dataclass(frozen=True)
class Group:
    """Calls that are allowed for one purpose."""

    purpose: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Architecture:
    """What a filter must know of an architecture.

    Attributes:
        name: as ``platform.machine()`` gives it.
        audit: the number by which the kernel names it to a filter.
        has_x32: numbers from 2^30 on are a second way into the same calls.
        newest: the highest number the table knows; calls above it were not there when the table
            was written, and are answered as by a kernel that does not have them.
        seccomp: the number of seccomp(2).
        clone3: the number of clone3(2), whose arguments lie in memory that a filter cannot read.
        numbers: of every allowed call.
    """

    name: str
    audit: int
    has_x32: bool
    newest: int
    seccomp: int
    clone3: int
    numbers: Mapping[str, int]


def _group(purpose: str, rows: str) -> Group:
    calls = []
    for name, *numbers in map(str.split, rows.strip().splitlines()):
        x86_64, aarch64 = (None if n == "-" else int(n) for n in numbers)
        calls.append(Call(name, x86_64, aarch64))
    return Group(purpose, tuple(calls))


# Each row: name, number on x86_64, number on aarch64.
GROUPS: Final = (
    _group(
        "Descriptors: reading, writing and waiting, on what was opened within the limits.",
        """
        read                      0   63
        write                     1   64
        readv                    19   65
        writev                   20   66
        pread64                  17   67
        pwrite64                 18   68
        preadv                  295   69
        pwritev                 296   70
        preadv2                 327  286
        pwritev2                328  287
        lseek                     8   62
        close                     3   57
        close_range             436  436
        dup                      32   23
        dup2                     33    -
        dup3                    292   24
        fcntl                    72   25
        ioctl                    16   29
        pipe                     22    -
        pipe2                   293   59
        select                   23    -
        pselect6                270   72
        poll                      7    -
        ppoll                   271   73
        epoll_create            213    -
        epoll_create1           291   20
        epoll_ctl               233   21
        epoll_wait              232    -
        epoll_pwait             281   22
        epoll_pwait2            441  441
        eventfd                 284    -
        eventfd2                290   19
        """,
    ),
    _group(
        "Files and folders: which of them, Landlock and the view decide; imports read many.",
        """
        open                      2    -
        openat                  257   56
        creat                    85    -
        stat                      4    -
        fstat                     5   80
        lstat                     6    -
        newfstatat              262   79
        statx                   332  291
        access                   21    -
        faccessat               269   48
        faccessat2              439  439
        readlink                 89    -
        readlinkat              267   78
        getdents64              217   61
        getcwd                   79   17
        chdir                    80   49
        fchdir                   81   50
        mkdir                    83    -
        mkdirat                 258   34
        rmdir                    84    -
        unlink                   87    -
        unlinkat                263   35
        rename                   82    -
        renameat                264   38
        renameat2               316  276
        ftruncate                77   46
        fallocate               285   47
        fadvise64               221  223
        fsync                    74   82
        fdatasync                75   83
        statfs                  137   43
        fstatfs                 138   44
        umask                    95  166
        sendfile                 40   71
        copy_file_range         326  285
        """,
    ),
    _group(
        "Memory, which RLIMIT_AS counts; executable too, as extension modules are loaded later.",
        """
        mmap                      9  222
        munmap                   11  215
        mremap                   25  216
        mprotect                 10  226
        madvise                  28  233
        msync                    26  227
        brk                      12  214
        """,
    ),
    _group(
        "Threads and their locks; asking about the scheduler, not telling it.",
        """
        clone                    56  220
        futex                   202   98
        set_robust_list         273   99
        rseq                    334  293
        sched_yield              24  124
        sched_getaffinity       204  123
        sched_getparam          143  121
        sched_getscheduler      145  120
        sched_get_priority_max  146  125
        sched_get_priority_min  147  126
        getcpu                  309  168
        """,
    ),
    _group(
        "Signals of the process for itself: handlers, alarms, abort().",
        """
        rt_sigaction             13  134
        rt_sigprocmask           14  135
        rt_sigreturn             15  139
        rt_sigpending           127  136
        rt_sigsuspend           130  133
        rt_sigtimedwait         128  137
        sigaltstack             131  132
        restart_syscall         219  128
        pause                    34    -
        alarm                    37    -
        getitimer                36  102
        setitimer                38  103
        kill                     62  129
        tkill                   200  130
        tgkill                  234  131
        """,
    ),
    _group(
        "Clocks and sleeping.",
        """
        clock_gettime           228  113
        clock_getres            229  114
        clock_nanosleep         230  115
        nanosleep                35  101
        gettimeofday             96  169
        time                    201    -
        times                   100  153
        """,
    ),
    _group(
        "The process's own identity, limits and end, and facts of the machine.",
        """
        getpid                   39  172
        gettid                  186  178
        getppid                 110  173
        getpgid                 121  155
        getpgrp                 111    -
        getsid                  124  156
        getuid                  102  174
        geteuid                 107  175
        getgid                  104  176
        getegid                 108  177
        getresuid               118  148
        getresgid               120  150
        getgroups               115  158
        capget                  125   90
        getrusage                98  165
        getrlimit                97  163
        setrlimit               160  164
        prlimit64               302  261
        uname                    63  160
        sysinfo                  99  179
        getrandom               318  278
        prctl                   157  167
        arch_prctl              158    -
        exit                     60   93
        exit_group              231   94
        """,
    ),
    _group(
        "The request socket: what Python's recv_into and sendall call, and what socket.socket "
        "asks about a descriptor.",
        """
        sendto                   44  206
        recvfrom                 45  207
        getsockname              51  204
        getsockopt               55  209
        """,
    ),
)

ARCHITECTURES: Final[Mapping[str, Architecture]] = MappingProxyType(
    {
        "x86_64": Architecture(
            name="x86_64",
            audit=0xC000_003E,
            has_x32=True,
            newest=450,
            seccomp=317,
            clone3=435,
            numbers=MappingProxyType(
                {c.name: c.x86_64 for g in GROUPS for c in g.calls if c.x86_64 is not None}
            ),
        ),
        "aarch64": Architecture(
            name="aarch64",
            audit=0xC000_00B7,
            has_x32=False,
            newest=450,
            seccomp=277,
            clone3=435,
            numbers=MappingProxyType(
                {c.name: c.aarch64 for g in GROUPS for c in g.calls if c.aarch64 is not None}
            ),
        ),
    }
)
