"""The table of allowed system calls, against the kernel's headers and against itself."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from grader.worker.call_arguments import CONDITIONS
from grader.worker.syscalls import ARCHITECTURES, GROUPS, OWN_PID

_HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
# The generic header names some calls for 32 and 64 bits at once, and this one differently.
_RENAMED = {"fstatat": "newfstatat"}
_DEFINITION = re.compile(r"#define __NR(3264)?_(\w+)\s+(\d+)\s*$", re.MULTILINE)


def _header(architecture: str) -> dict[str, int]:
    path = _HEADERS[architecture]
    if not path.exists():
        pytest.skip(f"NOT COMPARED: no {path} (package linux-libc-dev)")
    found = _DEFINITION.findall(path.read_text())
    return {(_RENAMED.get(name, name) if both else name): int(n) for both, name, n in found}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_numbers_are_the_kernels(architecture: str) -> None:
    """Every number in the table is the one in the kernel's header, clone3 and seccomp included."""
    header = _header(architecture)
    known = ARCHITECTURES[architecture]
    ours = {**known.numbers, "clone3": known.clone3, "seccomp": known.seccomp}
    assert ours == {name: header.get(name) for name in ours}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_call_is_left_out_only_where_it_does_not_exist(architecture: str) -> None:
    """An architecture has no number for a call of the table only if its header has none."""
    header = _header(architecture)
    every = {call.name for group in GROUPS for call in group.calls}
    assert not (every - ARCHITECTURES[architecture].numbers.keys()) & header.keys()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_no_number_is_given_twice(architecture: str) -> None:
    """A mistyped number would allow a call unseen: each occurs once, and within what is known."""
    known = ARCHITECTURES[architecture]
    assert [n for n, times in Counter(known.numbers.values()).items() if times > 1] == []
    assert max(known.numbers.values()) <= known.newest


def test_conditions_are_about_calls_in_the_table() -> None:
    """A condition on a misspelled call would leave the call without any."""
    every = {call.name for group in GROUPS for call in group.calls}
    assert every >= CONDITIONS.keys()


def test_conditions_can_be_met_and_compare_whole_values() -> None:
    """Six arguments, values of 32 bits; a wide value alone, as its halves are compared singly."""
    for name, demands in CONDITIONS.items():
        for demand in demands:
            assert 0 <= demand.position <= 5, name
            assert demand.among, name
            assert not any(value & demand.ignored for value in demand.among), name
            assert all(0 <= value < 1 << 32 for value in demand.among), name
            assert len(demand.among) == 1 or not demand.wide, name


def test_the_stand_in_for_the_own_number_is_no_process() -> None:
    """A filter without its number must refuse every kill: Linux counts processes up to 2^22."""
    assert 1 << 22 < OWN_PID < 1 << 31
