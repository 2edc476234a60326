"""Which tier is recorded: what was tried and held, never what was hoped for."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderFailure
from grader.sandbox import ForkServer, Obstacle, ProcessLimits, Tier, Wall
from grader.sandbox.recipe import Recipe, judge, recipes
from grader.sandbox.scratch import Scratch
from grader.sandbox.zygote import Zygote
from grader.worker.selftest import WALLS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls are Linux's")
ROOT = os.geteuid() == 0


class Leaky(Recipe):
    """A recipe with some wishes left out."""

    changes: dict[str, Any]

    def wishes(self, mount_point: Path) -> dict[str, Any]:
        """As ever, but for the changes."""
        return {**super().wishes(mount_point), **self.changes}


def _report(recipe: Recipe) -> dict[str, Any]:
    scratch = Scratch(recipe.user)
    zygote = Zygote(recipe, scratch)
    try:
        return zygote.start()
    finally:
        zygote.stop()
        scratch.close()


def _recipe(tier: Tier, *, namespaces: bool = True) -> Recipe:
    (found,) = recipes((), tier, namespaces=namespaces)
    if isinstance(found, Obstacle):
        pytest.skip(f"TIER {tier} NOT TESTED: {found.reason}")
    return found


def _leaky(recipe: Recipe, **changes: Any) -> Recipe:
    fields = (recipe.tier, recipe.namespaces, recipe.program, recipe.user, recipe.frameworks)
    leaky = Leaky(*fields)
    object.__setattr__(leaky, "changes", changes)
    return leaky


@pytest.mark.parametrize(
    ("changes", "holes"),
    [
        pytest.param(
            {"filtered": False}, {"filter", "network", "signals"}, id="calls are not filtered"
        ),
        pytest.param({"readable": None}, {"reading"}, id="files are not closed"),
        pytest.param(
            {"user": None},
            {"user"},
            id="it stays root",
            marks=pytest.mark.skipif(not ROOT, reason="only root stays root"),
        ),
    ],
)
def test_a_hole_is_found(changes: dict[str, Any], holes: set[str]) -> None:
    """A server whose children lack one wall reports that, and is of no secure tier."""
    recipe = _leaky(_recipe("kernel", namespaces=False), **changes)
    report = _report(recipe)
    assert holes <= set(report["open"])
    assert isinstance(judge(recipe, report), Obstacle)


@pytest.mark.parametrize(("tier", "namespaces"), [("full", True), ("kernel", True)])
def test_a_server_holds_what_its_tier_says(tier: Tier, namespaces: bool) -> None:
    """On this machine, every attempt from the inside fails."""
    recipe = _recipe(tier, namespaces=namespaces)
    report = _report(recipe)
    assert report["open"] == {}
    wall = judge(recipe, report)
    assert isinstance(wall, Wall)
    assert wall.tier == tier
    assert wall.seccomp
    assert (wall.uid is not None) == ROOT


def test_the_names_of_walls_are_those_that_are_tried() -> None:
    """A report of nothing open means that each was tried."""
    report = _report(_leaky(_recipe("kernel", namespaces=False), tried=False))
    assert set(report["open"]) == set(WALLS)


def _tried(**changes: Any) -> dict[str, Any]:
    kinds = ["user", "mnt", "pid", "net", "ipc", "uts"]
    return {"open": {}, "namespaces": kinds, "landlock": 7, "seccomp": True, **changes}


def test_without_landlock_bubblewrap_makes_a_kernel_tier() -> None:
    """One wall around the files is not two; and the result says what is lacking."""
    wall = judge(Recipe("full", "given", "/usr/bin/bwrap", None, ()), _tried(landlock=0))
    assert isinstance(wall, Wall)
    assert wall.tier == "kernel"
    assert "Landlock" in wall.obstacles[0].reason


def test_a_missing_namespace_is_told() -> None:
    """Full means all of them, but for the user namespace that root does not need."""
    report = _tried(namespaces=["mnt", "pid", "net", "ipc", "uts"])
    for user, tier in ((None, "kernel"), (61234, "full")):
        wall = judge(Recipe("full", "given", "/usr/bin/bwrap", user, ()), report)
        assert isinstance(wall, Wall)
        assert wall.tier == tier


@pytest.fixture
def without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which it is not installed."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("without_bubblewrap")
def test_without_bubblewrap_the_next_tier_is_taken_and_says_why() -> None:
    """And says what to do about it."""
    with ForkServer.start() as server:
        assert server.tier == "kernel"
        (obstacle,) = server.wall.obstacles
    assert obstacle.tier == "full"
    assert "not installed" in obstacle.reason
    assert "apt install" in str(obstacle.hint)


@pytest.mark.usefixtures("without_bubblewrap")
def test_a_tier_that_is_asked_for_is_not_replaced() -> None:
    """Who demands the full wall gets it or an error."""
    with pytest.raises(GraderFailure, match="bubblewrap is not installed") as failure:
        ForkServer.start(tier="full")
    assert failure.value.hint


def test_a_server_that_is_started_again_is_judged_again() -> None:
    """One whose wall has got a hole meanwhile starts no process, now or later."""
    with ForkServer.start(tier="kernel", namespaces=False) as server:
        launcher: Any = server._launcher
        launcher._recipe = _leaky(launcher._recipe, filtered=False)
        os.kill(launcher.pid, signal.SIGKILL)
        launcher._process.wait()
        for _ in range(2):
            with pytest.raises(GraderFailure):
                server.fork(ProcessLimits())
