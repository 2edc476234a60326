"""The filter's program, run by a small machine: every number, and arguments at the edges."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.worker import seccomp
from grader.worker.call_arguments import CONDITIONS, Argument
from grader.worker.seccomp import ALLOW, KILL, REFUSE, UNKNOWN
from grader.worker.syscalls import ARCHITECTURES, OWN_PID, Architecture

_PID = 4242
_PROGRAMS = {
    (name, threads): seccomp.assemble(architecture, threads=threads).for_process(_PID)
    for name, architecture in ARCHITECTURES.items()
    for threads in (False, True)
}
_BOTH = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda a: a.name)


def _run(code: bytes, number: int, audit: int, arguments: tuple[int, ...] = (0,) * 6) -> int:
    """What the kernel would answer; an instruction out of range or unknown is an error."""
    data = struct.pack("<IIQ6Q", number & 0xFFFF_FFFF, audit, 0, *arguments)
    program = list(struct.iter_unpack("<HBBI", code))
    position = accumulator = 0
    while True:
        operation, then, otherwise, k = program[position]
        position += 1
        match operation:
            case 0x20:
                assert k % 4 == 0
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x54:
                accumulator &= k
            case 0x05:
                position += k
            case 0x15:
                position += then if accumulator == k else otherwise
            case 0x35:
                position += then if accumulator >= k else otherwise
            case 0x06:
                return k
            case _:
                raise AssertionError(hex(operation))


def _meets(demand: Argument, arguments: tuple[int, ...]) -> bool:
    value = arguments[demand.position]
    if not demand.wide:
        value &= 0xFFFF_FFFF
    return value & ~demand.ignored in {_PID if v == OWN_PID else v for v in demand.among}


def _expected(
    architecture: Architecture, threads: bool, number: int, arguments: tuple[int, ...]
) -> int:
    if number == architecture.clone3 or number > architecture.newest:
        return UNKNOWN
    names = [name for name, n in architecture.numbers.items() if n == number]
    if not names or (names == ["clone"] and not threads):
        return REFUSE
    met = all(_meets(demand, arguments) for demand in CONDITIONS.get(names[0], ()))
    return ALLOW if met else REFUSE


@_BOTH
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("filling", [0, _PID, 2**64 - 1])
def test_every_number_is_answered_as_the_table_says(
    architecture: Architecture, threads: bool, filling: int
) -> None:
    """From 0 to 600: in the table, refused, or unknown."""
    code = _PROGRAMS[architecture.name, threads]
    arguments = (filling,) * 6
    got = [_run(code, n, architecture.audit, arguments) for n in range(601)]
    assert got == [_expected(architecture, threads, n, arguments) for n in range(601)]


_EDGES = sorted(
    {
        value + add
        for demands in CONDITIONS.values()
        for demand in demands
        for value in (*demand.among, demand.ignored, _PID)
        for add in (-1, 0, 1, 1 << 32, 1 << 63)
    }
    - {-1}
)


@_BOTH
@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_each_demand_is_compared_at_its_edges(architecture: Architecture, name: str) -> None:
    """Each argument with every edge value, the call's other arguments as they should be."""
    number = architecture.numbers.get(name, architecture.newest + 1)
    demands = CONDITIONS[name]
    good = {d.position: _PID if d.among[0] == OWN_PID else d.among[0] for d in demands}
    for demand in demands:
        for edge in _EDGES:
            arguments = tuple(
                {**dict.fromkeys(range(6), 0), **good, demand.position: edge}.values()
            )
            got = _run(_PROGRAMS[architecture.name, True], number, architecture.audit, arguments)
            assert got == _expected(architecture, True, number, arguments), (demand, hex(edge))


@_BOTH
@given(
    name=st.sampled_from(sorted(CONDITIONS)),
    threads=st.booleans(),
    arguments=st.tuples(*[st.sampled_from(_EDGES) | st.integers(0, 2**64 - 1)] * 6),
)
def test_arguments_are_compared_as_the_conditions_say(
    architecture: Architecture, name: str, threads: bool, arguments: tuple[int, ...]
) -> None:
    """Values beside the allowed ones, with the upper half filled, and any others."""
    number = architecture.numbers.get(name)
    if number is not None:
        got = _run(_PROGRAMS[architecture.name, threads], number, architecture.audit, arguments)
        assert got == _expected(architecture, threads, number, arguments)


@_BOTH
@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_each_allowed_argument_goes_ahead(architecture: Architecture, name: str) -> None:
    """Every value that a condition names is let through, and so are its ignored bits."""
    if name not in architecture.numbers:
        assert name == "arch_prctl"
        return
    demands = CONDITIONS[name]
    for demand in demands:
        for value in demand.among:
            for extra in {0, demand.ignored}:
                arguments = [0] * 6
                for other in demands:
                    arguments[other.position] = other.among[0]
                arguments[demand.position] = (_PID if value == OWN_PID else value) | extra
                code = _PROGRAMS[architecture.name, True]
                number = architecture.numbers[name]
                assert _run(code, number, architecture.audit, tuple(arguments)) == ALLOW


@pytest.mark.parametrize("pid", [0, 1, -1, -_PID, _PID + 1, _PID - 1, OWN_PID])
@pytest.mark.parametrize("name", ["kill", "tkill", "tgkill"])
def test_only_itself_is_signalled(name: str, pid: int) -> None:
    """Not its group, not everybody, not a neighbour."""
    for architecture in ARCHITECTURES.values():
        code = _PROGRAMS[architecture.name, True]
        arguments = (pid & 2**64 - 1, 9, 0, 0, 0, 0)
        assert _run(code, architecture.numbers[name], architecture.audit, arguments) == REFUSE


_THREAD = 0x003D_0F00
_MORE_THAN_A_THREAD = {
    "PIDFD": 0x1000,
    "PTRACE": 0x2000,
    "VFORK": 0x4000,
    "PARENT": 0x8000,
    "NEWNS": 0x0002_0000,
    "UNTRACED": 0x0080_0000,
    "NEWCGROUP": 0x0200_0000,
    "NEWUTS": 0x0400_0000,
    "NEWIPC": 0x0800_0000,
    "NEWUSER": 0x1000_0000,
    "NEWPID": 0x2000_0000,
    "NEWNET": 0x4000_0000,
}


@_BOTH
@pytest.mark.parametrize("flag", _MORE_THAN_A_THREAD)
def test_no_process_and_no_namespace_comes_of_clone(architecture: Architecture, flag: str) -> None:
    """With threads allowed: neither as fork does it, nor with a flag added to a thread's."""
    code = _PROGRAMS[architecture.name, True]
    extra = _MORE_THAN_A_THREAD[flag]
    for flags in (0, 17, extra, extra | 17, extra | _THREAD):  # 17 is SIGCHLD
        arguments = (flags, 0, 0, 0, 0, 0)
        number = architecture.numbers["clone"]
        assert _run(code, number, architecture.audit, arguments) == REFUSE


@_BOTH
@given(audit=st.integers(0, 2**32 - 1), number=st.integers(0, 600))
def test_another_architectures_calls_kill(
    architecture: Architecture, audit: int, number: int
) -> None:
    """The same number means another call there."""
    if audit != architecture.audit:
        assert _run(_PROGRAMS[architecture.name, True], number, audit) == KILL


@given(number=st.integers(1 << 30, 2**32 - 1))
def test_x32_kills_and_elsewhere_is_unknown(number: int) -> None:
    """From 2^30 on, x86_64 has its calls a second time."""
    for name, answer in (("x86_64", KILL), ("aarch64", UNKNOWN)):
        assert _run(_PROGRAMS[name, True], number, ARCHITECTURES[name].audit) == answer


@_BOTH
@given(number=st.integers(451, (1 << 30) - 1))
def test_newer_calls_are_answered_as_by_an_older_kernel(
    architecture: Architecture, number: int
) -> None:
    """ENOSYS: the C library then does without."""
    answer = _run(_PROGRAMS[architecture.name, False], number, architecture.audit)
    assert (answer, answer & 0xFFFF) == (UNKNOWN, errno.ENOSYS)


def test_a_program_without_the_number_filled_in_refuses_every_kill() -> None:
    """What prepare gives is harmless as it is."""
    architecture = ARCHITECTURES["x86_64"]
    code = seccomp.assemble(architecture, threads=False).code
    for pid in (0, 1, _PID, 1 << 22, 2**32 - 1):
        assert _run(code, architecture.numbers["kill"], architecture.audit, (pid,) * 6) == REFUSE
