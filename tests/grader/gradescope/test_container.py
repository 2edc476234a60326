"""grader/gradescope/container.py: no more memory than there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.gradescope.container import _limits, fitting, memory_mb


@pytest.mark.parametrize(
    ("wanted", "container", "given"), [(1024, 768, 512), (256, 768, 256), (1024, 100, 64)]
)
def test_code_gets_what_the_container_leaves(wanted: int, container: int, given: int) -> None:
    """The assignment's limit, or what is there beside the grader; all else stays."""
    limits = Limits(memory_mb=wanted, call_cpu_seconds=3)
    assert fitting(limits, container) == Limits(memory_mb=given, call_cpu_seconds=3)


def test_this_machine_has_some() -> None:
    """Whatever its cgroups are."""
    assert 100 < memory_mb() < 10_000_000


@pytest.mark.parametrize(
    ("membership", "files", "found"),
    [
        ("0::/\n", {"memory.max": "805306368\n"}, {805306368}),
        ("0::/\n", {"memory.max": "max\n"}, set()),
        ("0::/a/b\n", {"a/b/memory.max": "7\n", "a/memory.max": "5\n"}, {7, 5}),
        ("4:memory:/d/x\n", {"memory/d/x/memory.limit_in_bytes": "9\n"}, {9}),
        ("4:memory:/docker/1\n", {"memory/memory.limit_in_bytes": "9\n"}, {9}),
        ("", {}, set()),
        ("nonsense\n", {"memory.max": "8\n"}, {8}),
    ],
)
def test_limits_of_either_kind_of_cgroup_are_found(
    membership: str, files: dict[str, str], found: set[int], tmp_path: Path
) -> None:
    """Of the process's own group and those above; in a container its own is the root."""
    own = tmp_path / "cgroup"
    own.write_text(membership, encoding="utf-8")
    for name, text in files.items():
        (tmp_path / "sys" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sys" / name).write_text(text, encoding="utf-8")
    assert set(_limits(own, tmp_path / "sys")) == found
