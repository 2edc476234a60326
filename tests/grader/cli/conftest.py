"""Sample submissions for the commands' tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import ForkServer, Obstacle, Wall
from grader.shipped import shipped

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def stand_in_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's cache holds, these tests use the bundled stand-in."""
    monkeypatch.delenv("GOLDGRAD_DATASET", raising=False)
    monkeypatch.setattr(
        "grader.dataset.cache.platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache"
    )


@pytest.fixture
def weak_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose servers report a wall that does not hold.

    The servers are real, and walled as well as this machine can: some cannot have the basic wall,
    because as root nothing less than another user will do.
    """
    start = ForkServer.start

    def start_and_report(*args: Any, **options: Any) -> ForkServer:
        server = start(*args, **options)
        server.wall = Wall("basic", obstacles=(Obstacle("full", "bubblewrap is not installed"),))
        return server

    monkeypatch.setattr(ForkServer, "start", start_and_report)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A copy of the good sample."""
    folder = tmp_path / "good"
    shutil.copytree(ROOT / "fixtures/submissions/good", folder)
    return folder


@pytest.fixture
def wrong(good: Path) -> Path:
    """The good sample with the gradient of the L2 term halved."""
    file = good / "two_layer_net.py"
    text = file.read_text("utf-8")
    assert "+ 2 * reg * W" in text
    file.write_text(text.replace("+ 2 * reg * W", "+ reg * W"), "utf-8")
    return good


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A copy of the template."""
    folder = tmp_path / "template"
    shutil.copytree(shipped("student_template"), folder)
    return folder
