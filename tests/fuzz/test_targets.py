"""The fuzzer's targets over their seeds and over all that was ever found, without the fuzzer."""

from __future__ import annotations

import importlib

import pytest

from tests.fuzz import TARGETS
from tests.fuzz.__main__ import found


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_accepts_its_seeds_and_what_was_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that failed once fails again."""
    module = importlib.import_module(f"tests.fuzz.{name}")
    for place, value in getattr(module, "REPLACED", {}).items():
        monkeypatch.setattr(place, value)
    for data in [*module.seeds(), *found(name)]:
        module.target(data)
