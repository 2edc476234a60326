"""grader/checkup.py: what is found out, on this machine, by trying."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.checkup import Checkup, examine
from grader.sandbox import ForkServer, Wall
from grader.secret import secret_seed

pytestmark = pytest.mark.slow  # tries and times every wall


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instructor's data folder without anything in it."""
    monkeypatch.setenv("GOLDGRAD_HOME", str(tmp_path))
    monkeypatch.setenv("GOLDGRAD_DATASET", "")
    return tmp_path


def test_the_wall_is_a_real_servers_and_its_cost_is_measured() -> None:
    """Not what ought to be: what a fork server proved."""
    with ForkServer.start() as server:
        strongest = server.tier
    found = examine("hw3")
    assert found.wall is not None
    assert found.wall.tier == strongest
    assert found.speed is not None
    assert found.speed.fresh_process > 0
    assert found.troubles == []


def test_looking_makes_no_seed(home: Path) -> None:
    """An examination changes nothing."""
    found = examine("hw3")
    assert found.seed is not None
    assert found.seed.mode is None
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
def test_secrets_that_others_can_read_are_found(home: Path) -> None:
    """The seed and each bundle, with the command that mends it."""
    secret_seed()
    bundle = home / "bundles" / "hw3-0.npz"
    bundle.parent.mkdir(mode=0o700)
    bundle.touch(mode=0o600)
    assert examine("hw3").troubles == []
    for file in (home / "seed", bundle):
        file.chmod(0o644)
    troubles = examine("hw3").troubles
    assert [(t.about, t.hint) for t in troubles] == [
        ("secrets", f"chmod 600 {home / 'seed'}"),
        ("secrets", f"chmod 600 {bundle}"),
    ]


def test_a_dataset_that_cannot_be_used_is_told_and_all_else_looked_at(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One trouble does not hide the others' absence."""
    monkeypatch.setenv("GOLDGRAD_DATASET", str(home / "nothing.txt"))
    found = examine("hw3")
    assert [trouble.about for trouble in found.troubles] == ["dataset"]
    assert found.wall is not None
    assert found.free_bytes > 0


@pytest.mark.parametrize(
    ("tier", "reference", "accepted"),
    [
        ("full", True, True),
        ("kernel", True, True),
        ("basic", True, False),
        ("basic", False, True),
        (None, True, False),
        (None, False, False),
    ],
)
def test_what_is_accepted(tier: str | None, reference: bool, accepted: bool) -> None:
    """Marking needs a wall that holds; a student's kit, one that works."""
    checkup = Checkup(
        assignment=None,  # type: ignore[arg-type]  # no matter here
        wall=Wall(tier) if tier else None,  # type: ignore[arg-type]  # parametrized
        reference=reference,
    )
    assert checkup.accepted is accepted
