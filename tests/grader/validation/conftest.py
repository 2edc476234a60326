"""A small assignment of one's own, with few enough bugs to try them all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[3] / "fixtures/assignments/pooling.yaml"


@pytest.fixture
def pooling(tmp_path: Path) -> Path:
    """A copy of its file, to change."""
    return Path(shutil.copy(SAMPLE, tmp_path))
