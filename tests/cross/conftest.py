"""Comparisons with other libraries, whose imports alone take seconds."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file here where all of its tests would be deselected: ``-m "not cross"``."""
    if collection_path.suffix != ".py":
        return None
    wanted: str = config.getoption("markexpr")
    return True if "not cross" in wanted and " or " not in wanted else None
