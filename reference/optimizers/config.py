"""What update rules are told, and what they remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Config: TypeAlias = dict[str, Any]
"""Hyperparameters (numbers) and state (arrays of the shape of w) by name."""


def completed(config: Mapping[str, Any] | None, **defaults: Any) -> Config:
    """A new config: the given one, with defaults for what is absent."""
    return {**defaults, **(config or {})}
