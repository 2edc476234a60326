"""The built-in rule, a cache of its own for each test, and a small text of the right shape."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import grader.assignments
from grader.assignment import Assignment, DatasetRule


@pytest.fixture(scope="session")
def rule() -> DatasetRule:
    file = Path(grader.assignments.__file__).with_name("hw3.yaml")
    return Assignment.model_validate(yaml.safe_load(file.read_text("utf-8"))).dataset


@pytest.fixture
def small_rule() -> DatasetRule:
    return DatasetRule(
        url="http://localhost/tiny.txt", sha256="0" * 64, inputs=2, classes=3, train=2, test=1
    )


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(
        "grader.dataset.cache.platformdirs.user_cache_path", lambda *_, **__: folder
    )
    monkeypatch.delenv("GOLDGRAD_DATASET", raising=False)
    return folder
