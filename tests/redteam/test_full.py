"""Every attack by code against the tier full: bubblewrap, namespaces, Landlock, seccomp, limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fixtures.redteam.table import Attack, Setting, attacks_on

pytestmark = pytest.mark.slow

SETTING: Setting = "full"


@pytest.mark.parametrize("attack", attacks_on(SETTING), ids=lambda attack: attack.name)
def test_attack(try_: Callable[[Attack], list[str]], attack: Attack) -> None:
    """The outcome is the table's; nothing leaks, nothing remains, the next submission is safe."""
    assert try_(attack) == []
