"""A few attacks against the strongest tier that can be had here; the others are slow tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fixtures.redteam.table import Attack, Setting, load_attacks

SETTING: Setting | None = None


@pytest.mark.parametrize(
    "attack", [a for a in load_attacks() if a.quick], ids=lambda attack: attack.name
)
def test_attack(try_: Callable[[Attack], list[str]], attack: Attack) -> None:
    """The outcome is the table's; nothing leaks, nothing remains, the next submission is safe."""
    assert try_(attack) == []
