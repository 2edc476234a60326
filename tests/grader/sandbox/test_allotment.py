"""A fork server's cgroup grows and shrinks with the processes in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import ForkServer, ProcessLimits
from grader.sandbox.allotment import Allotment, delegated_groups
from grader.sandbox.cgroup import Group
from grader.sandbox.delegation import obstacle


class Noting(Group):
    """Notes what it is told; the kernel's part is tested where a cgroup is delegated."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.allowed: list[int] = []
        self.kills = 0

    def allow(self, memory_bytes: int) -> None:
        """Note the limit."""
        self.allowed.append(memory_bytes)

    def events(self) -> dict[str, int]:
        """Say how many were killed."""
        return {"oom_kill": self.kills, "forks_denied": 0}


def test_every_process_adds_what_it_may_use_and_takes_it_away_again(tmp_path: Path) -> None:
    """With none left, what remains is what was there before the first."""
    group = Noting(tmp_path)
    allotment = Allotment(group)
    small, large = ProcessLimits(memory_bytes=1 << 28), ProcessLimits(memory_bytes=1 << 32)
    for step, limits in (("admit", small), ("admit", large), ("dismiss", small)):
        getattr(allotment, step)(limits)
    allotment.dismiss(large)
    first, both, one, none = group.allowed
    assert both - first >= 1 << 32
    assert both - one == first - none
    assert none < first


def test_a_kill_is_told_once(tmp_path: Path) -> None:
    """To the first that asks: it is the one whose process is gone."""
    group = Noting(tmp_path)
    allotment = Allotment(group)
    group.kills = 1
    assert [allotment.has_killed() for _ in range(2)] == [True, False]


@pytest.fixture
def delegated() -> None:
    """Only where groups can really be made."""
    if delegated_groups() is None:
        pytest.skip(f"cgroup limits NOT TESTED here: {obstacle()}")


@pytest.mark.usefixtures("delegated")
def test_a_server_has_a_group_where_groups_can_be_made() -> None:
    """And its result says so."""
    with ForkServer.start() as server:
        assert server.wall.cgroup


def test_the_wall_says_whether_there_is_a_group(server: ForkServer) -> None:
    """As it is, not as it could be."""
    held: Any = server._allotment
    assert server.wall.cgroup == (held is not None)
