"""The filter of system calls: what syscalls.py does not name, the kernel refuses.

A filter is a program for the kernel's classic BPF machine: one accumulator, jumps forwards only,
and an answer. It is assembled here, since libseccomp is not everywhere. The call's number is found
by halving, so that installing it is quick: the kernel tries a new filter with every number.

===============================================  ==============================================
call                                             answer
===============================================  ==============================================
in the table, with arguments as demanded         goes ahead
clone3; numbers above the newest the table knows ENOSYS: the C library then uses an older call
another architecture's, or x32                   the process is killed: no program of ours does it
any other                                        EPERM
===============================================  ==============================================

For good: it survives whatever the process does, and its threads have it too. It is not the wall
alone: which files may be opened is Landlock's to say.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from . import kernel
from .call_arguments import CONDITIONS, Argument
from .syscalls import ARCHITECTURES, OWN_PID, Architecture

ALLOW: Final = 0x7FFF_0000
REFUSE: Final = 0x0005_0000 | errno.EPERM
UNKNOWN: Final = 0x0005_0000 | errno.ENOSYS
KILL: Final = 0x8000_0000

_SET_MODE_FILTER: Final = 1
_GET_ACTION_AVAIL: Final = 2
_X32: Final = 0x4000_0000

# Instructions: load a 32-bit word, mask, jump, answer.
_LOAD: Final = 0x20
_AND: Final = 0x54
_JUMP: Final = 0x05
_JUMP_IF_EQUAL: Final = 0x15
_JUMP_IF_AT_LEAST: Final = 0x35
_ANSWER: Final = 0x06
_FARTHEST: Final = 255  # of a conditional jump
_ENCODING: Final = struct.Struct("<HBBI")  # both architectures are little-endian
_OPERAND: Final = 4  # where an encoded instruction has it

# Offsets in what the filter is shown of a call (struct seccomp_data).
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_ARGUMENTS: Final = 16


class Instruction(NamedTuple):
    """One instruction; ``then`` and ``otherwise`` count the instructions a jump skips."""

    code: int
    then: int
    otherwise: int
    operand: int


@dataclass(frozen=True)
class Program:
    """A filter, complete but for the number of the process it is for.

    Attributes:
        code: the encoded instructions.
        own_pid: the offsets in it at which that number is missing.
    """

    code: bytes
    own_pid: tuple[int, ...]

    def for_process(self, pid: int) -> bytes:
        """The code for the process with this number, as it is in its own pid namespace."""
        code = bytearray(self.code)
        for offset in self.own_pid:
            struct.pack_into("<I", code, offset, pid)
        return bytes(code)


class _Described(ctypes.Structure):
    """What seccomp(2) takes (struct sock_fprog). It points to the code and does not keep it."""

    _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_char_p))


class _Stretch(NamedTuple):
    """Call numbers from ``first`` up to the next stretch are answered alike."""

    first: int
    answer: tuple[Instruction, ...]


def available() -> bool:
    """Whether a filter can be installed here: Linux, a known architecture, the kernel's consent.

    Asks the kernel without changing anything.
    """
    architecture = _architecture()
    if architecture is None:
        return False
    try:
        action = ctypes.create_string_buffer(struct.pack("<I", KILL), 4)
        kernel.syscall(architecture.seccomp, _GET_ACTION_AVAIL, 0, action)
    except OSError:
        return False
    return True


@lru_cache(maxsize=2)
def prepare(*, threads: bool) -> Program:
    """Assemble the filter for this machine, once; children forked later find it done.

    Args:
        threads: whether the process may start threads.

    Raises:
        OSError: this machine's architecture is not known.
    """
    architecture = _architecture()
    if architecture is None:
        raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}")
    return assemble(architecture, threads=threads)


def install(*, threads: bool) -> None:
    """Filter the system calls of the calling process from now on; sets no_new_privs as well.

    Only the calling thread and those it starts are filtered: call it while there is no other.
    The process number is built in: what is forked later could not even send itself a signal.

    Args:
        threads: whether the process may start threads.

    Raises:
        OSError: no filter can be installed here.
    """
    code = prepare(threads=threads).for_process(os.getpid())
    described = bytes(_Described(len(code) // _ENCODING.size, code))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    architecture = ARCHITECTURES[platform.machine()]
    kernel.syscall(architecture.seccomp, _SET_MODE_FILTER, 0, described)


def assemble(architecture: Architecture, *, threads: bool) -> Program:
    """The filter for an architecture, not necessarily this machine's.

    Args:
        architecture: one of syscalls.ARCHITECTURES.
        threads: whether the process may start threads.
    """
    instructions = [
        Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        Instruction(_JUMP_IF_EQUAL, 1, 0, architecture.audit),
        _answer(KILL),
        Instruction(_LOAD, 0, 0, _NUMBER),
        *_search(_stretches(architecture, threads=threads)),
    ]
    code = b"".join(_ENCODING.pack(*i) for i in instructions)
    own_pid = [
        position * _ENCODING.size + _OPERAND
        for position, i in enumerate(instructions)
        if i.code == _JUMP_IF_EQUAL and i.operand == OWN_PID
    ]
    return Program(code, tuple(own_pid))


def _architecture() -> Architecture | None:
    # A 32-bit Python on a 64-bit kernel makes the calls of another architecture.
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return None
    return ARCHITECTURES.get(platform.machine())


def _answer(value: int) -> Instruction:
    return Instruction(_ANSWER, 0, 0, value)


def _stretches(architecture: Architecture, *, threads: bool) -> list[_Stretch]:
    answers: dict[int, tuple[Instruction, ...]] = {}
    for name, number in architecture.numbers.items():
        if name != "clone" or threads:
            answers[number] = _call(CONDITIONS.get(name, ()))
    answers[architecture.clone3] = (_answer(UNKNOWN),)

    refused = (_answer(REFUSE),)
    stretches = [_Stretch(0, answers.get(0, refused))]
    for number in range(1, architecture.newest + 1):
        answer = answers.get(number, refused)
        if answer != stretches[-1].answer:
            stretches.append(_Stretch(number, answer))
    stretches.append(_Stretch(architecture.newest + 1, (_answer(UNKNOWN),)))
    if architecture.has_x32:
        stretches.append(_Stretch(_X32, (_answer(KILL),)))
    return stretches


def _call(demands: Sequence[Argument]) -> tuple[Instruction, ...]:
    instructions: list[Instruction] = []
    for demand in demands:
        low = _ARGUMENTS + 8 * demand.position
        instructions += _word(low, [v & 0xFFFF_FFFF for v in demand.among], demand.ignored)
        if demand.wide:
            # Right for one value only; with more, halves of different values could meet.
            (value,) = demand.among
            instructions += _word(low + 4, [value >> 32], 0)
    return (*instructions, _answer(ALLOW))


def _word(offset: int, among: Sequence[int], ignored: int) -> list[Instruction]:
    instructions = [Instruction(_LOAD, 0, 0, offset)]
    if ignored:
        instructions.append(Instruction(_AND, 0, 0, ~ignored & 0xFFFF_FFFF))
    for left, value in zip(range(len(among), 0, -1), among, strict=True):
        instructions.append(Instruction(_JUMP_IF_EQUAL, left, 0, value))
    return [*instructions, _answer(REFUSE)]


def _search(stretches: Sequence[_Stretch]) -> list[Instruction]:
    if len(stretches) == 1:
        return list(stretches[0].answer)
    middle = len(stretches) // 2
    below, above = _search(stretches[:middle]), _search(stretches[middle:])
    number = stretches[middle].first
    if len(below) <= _FARTHEST:
        return [Instruction(_JUMP_IF_AT_LEAST, len(below), 0, number), *below, *above]
    far = Instruction(_JUMP, 0, 0, len(below))
    return [Instruction(_JUMP_IF_AT_LEAST, 0, 1, number), far, *below, *above]
