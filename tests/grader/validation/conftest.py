"""A small assignment of one's own, with few enough bugs to try them all."""

from __future__ import annotations

from pathlib import Path

import pytest

POOLING = """\
assignment: pooling
title: Average pooling
points: 4
dataset:
  url: https://example.org/dataset.txt
  sha256: 3688e0b0e7e54e70866428c765bf4c96d9185659cc0a9175963fd4039ee9fced
  inputs: 8
  classes: 4
  train: 400
  test: 100
files:
  solution.py: [avg_pool_forward]
imports:
  allow: [numpy]
parts:
  - id: pooling
    title: Pooling
    points: 4
    checks:
      - {id: avg, title: average pooling, points: 4, kind: values, problem: avg_pool_forward,
         cases: [plain]}
"""


@pytest.fixture
def pooling(tmp_path: Path) -> Path:
    """Its file."""
    file = tmp_path / "pooling.yaml"
    file.write_text(POOLING, encoding="utf-8")
    return file
