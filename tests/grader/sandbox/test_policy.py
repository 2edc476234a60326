"""grader/sandbox/policy.py: what is refused, and what the environment may ask for."""

from __future__ import annotations

import pytest

from grader.errors import UnusableInput
from grader.sandbox import TIERS, Obstacle, Tier, Wall
from grader.sandbox.policy import demand, pinned

BASIC = Wall("basic", obstacles=(Obstacle("full", "bubblewrap is not installed", "install it"),))


@pytest.fixture(autouse=True)
def no_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOLDGRAD_WALL", raising=False)


@pytest.mark.parametrize("tier", ["full", "kernel"])
def test_a_wall_that_holds_is_accepted(tier: Tier) -> None:
    """Nobody has to say --insecure where the wall is secure."""
    demand(Wall(tier), insecure=False)


def test_a_wall_that_does_not_hold_is_refused_with_the_reason() -> None:
    """The message names what is in the way, the hint how to find out and how to go on."""
    with pytest.raises(UnusableInput) as refused:
        demand(BASIC, insecure=False)
    assert "bubblewrap is not installed" in str(refused.value)
    assert refused.value.exit_code == 2
    assert "grade doctor" in str(refused.value.hint)
    assert "--insecure" in str(refused.value.hint)


def test_whoever_says_insecure_gets_it() -> None:
    """The one way around the refusal."""
    demand(BASIC, insecure=True)


def test_a_pinned_basic_wall_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment variable chooses a wall; it does not accept an insecure one."""
    monkeypatch.setenv("GOLDGRAD_WALL", "basic")
    with pytest.raises(UnusableInput, match="GOLDGRAD_WALL=basic"):
        demand(BASIC, insecure=False)


@pytest.mark.parametrize("tier", TIERS)
def test_each_tier_can_be_pinned(tier: Tier, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name that results show."""
    monkeypatch.setenv("GOLDGRAD_WALL", tier)
    assert pinned() == tier


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_pinned_by_default(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is empty is one that is not set, as everywhere."""
    if value is not None:
        monkeypatch.setenv("GOLDGRAD_WALL", value)
    assert pinned() is None


def test_a_misspelt_tier_is_an_error_that_names_the_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pin that is passed over in silence would mark behind another wall."""
    monkeypatch.setenv("GOLDGRAD_WALL", "Full")
    with pytest.raises(UnusableInput, match="no wall called 'Full'") as refused:
        pinned()
    assert refused.value.hint == "one of: full, kernel, basic"
