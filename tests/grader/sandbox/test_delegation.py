"""Whose cgroups may be divided: what the kernel's files say, and what is never touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import delegation
from grader.sandbox.cgroup import Group, Groups

FINDER = """
import json, os, signal, sys
from grader.sandbox import cgroup, delegation
from grader.errors import GraderFailure  # all imports now: below, nothing may be readable
sys.stdin.readline()
if len(sys.argv) > 1:
    os.setgroups([]); os.setresgid(*[int(sys.argv[1])] * 3); os.setresuid(*[int(sys.argv[1])] * 3)
obstacle = delegation.obstacle()
groups = cgroup.Groups.find()
answer = {"obstacle": obstacle, "found": None}
if groups is not None:
    group = groups.new(64 << 20, 8)
    child = os.fork()
    if child == 0:
        signal.pause()
    group.add(child)
    again = cgroup.Groups.find()
    answer |= {
        "found": str(groups.parent), "again": str(again.parent), "inside": group.pids() == [child],
        "own": open("/proc/self/cgroup").read().splitlines()[-1].rpartition("/")[2],
    }
    group.close()
    os.waitpid(child, 0)
print(json.dumps(answer))
"""


def test_the_group_of_version_2_is_told_from_those_of_version_1() -> None:
    """The line that starts with 0:: counts, also when controllers are mounted the old way."""
    text = "9:name=systemd:/a\n4:memory:/b\n1:cpu,cpuacct:/\n0::/user.slice/session-3.scope\n"
    assert delegation.parse_own_path(text) == "/user.slice/session-3.scope"
    assert delegation.parse_own_path("0::/\n") == "/"
    assert delegation.parse_own_path("4:memory:/b\n") is None
    assert delegation.parse_own_path("") is None


@pytest.mark.parametrize("line", ["0::/../other\n", "0::/..\n", "0::/a/b (deleted)\n", "0::\n"])
def test_a_group_that_cannot_be_reached_is_none(line: str) -> None:
    """Outside our cgroup namespace, or removed: no folder of ours stands for it."""
    assert delegation.parse_own_path(line) is None


def test_mounts_are_found_wherever_they_are() -> None:
    """Optional fields, a part of the hierarchy alone, and blanks in a folder's name."""
    text = (
        "24 30 0:22 / /proc rw,nosuid - proc proc rw\n"
        "31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 master:2 - cgroup2 cgroup2 rw,nsdelegate\n"
        "40 24 0:27 /machine/a\\040b /mnt/my\\040groups ro - cgroup2 none rw\n"
        "41 24 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        "42 24 0:32 / /odd\n"
    )
    assert delegation.parse_mounts(text) == [
        ("/", "/sys/fs/cgroup"),
        ("/machine/a b", "/mnt/my groups"),
    ]


def test_looking_moves_nobody() -> None:
    """Whatever this system is like, asking what is possible changes nothing."""
    before = Path("/proc/self/cgroup").read_text(encoding="utf-8")
    assert (delegation.delegated() is None) == (delegation.obstacle() is not None)
    assert Path("/proc/self/cgroup").read_text(encoding="utf-8") == before


@pytest.fixture
def ground() -> Iterator[Path]:
    """A group with nobody in it that has the controllers, as a service manager delegates it."""
    groups = Groups.find()
    if groups is None:
        pytest.skip(f"cgroup limits NOT TESTED here: {delegation.obstacle()}")
    group = Group.create(groups.parent, None, None, name=f"delegated-{os.getpid()}")
    folder = groups.parent / f"delegated-{os.getpid()}"
    yield folder
    group.kill()
    for leaf in folder.glob("goldgrad*"):
        Group(leaf).close()
    group.close()


def find(group: Path, *arguments: str, company: bool = False) -> dict[str, Any]:
    """What a grader finds that is started in this group, alone or with a neighbour."""
    with subprocess.Popen(
        [sys.executable, "-c", FINDER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        Group(group).add(process.pid)
        neighbour = None
        if company:
            neighbour = subprocess.Popen(["sleep", "60"])
            Group(group).add(neighbour.pid)
        output, _ = process.communicate("go\n")
        if neighbour is not None:
            neighbour.kill()
            neighbour.wait()
    answer = json.loads(output)
    assert isinstance(answer, dict)
    return answer


def test_alone_in_a_delegated_group_the_grader_makes_room(ground: Path) -> None:
    """It moves itself into a leaf, hands the controllers on, and finds the same place again."""
    answer = find(ground)
    assert answer == {
        "obstacle": None,
        "found": str(ground),
        "again": str(ground),
        "inside": True,
        "own": delegation.OWN_LEAF,
    }
    assert set(delegation.CONTROLLERS) <= set(
        delegation.read(ground / "cgroup.subtree_control").split()
    )


def test_a_group_with_others_in_it_is_left_as_it_is(ground: Path) -> None:
    """A shell beside the grader is not moved, and the grader does without groups."""
    answer = find(ground, company=True)
    assert answer == {"obstacle": "other processes are in its cgroup", "found": None}
    assert delegation.read(ground / "cgroup.subtree_control").split() == []
    assert not (ground / delegation.OWN_LEAF).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a group another user's")
def test_a_user_may_divide_what_was_given_to_him(ground: Path) -> None:
    """An ordinary user needs the folder and two files of it, as service managers give them."""
    assert find(ground, "65533")["obstacle"] == "its cgroup is not writable"
    for name in ("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"):
        os.chown(ground / name, 65533, 65533)
    assert find(ground, "65533")["found"] == str(ground)
