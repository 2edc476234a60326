"""grader/cli/dataset.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.group import grade


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "grader.dataset.cache.platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache"
    )


# Read before the tests' fixtures hide the variable from the commands.
_NEARBY = Path(__file__).parents[4] / "shared/data/dataset.txt"
_PUBLISHED = Path(os.environ.get("GOLDGRAD_DATASET", _NEARBY))


@pytest.fixture
def published() -> Path:
    if not _PUBLISHED.is_file():
        pytest.skip("the published dataset is not here")
    return _PUBLISHED


def test_a_file_fetched_elsewhere_is_taken_once_its_hash_is_right(published: Path) -> None:
    """--file installs the published file; afterwards it is in the cache."""
    first = CliRunner().invoke(grade, ["dataset", "--file", str(published)])
    assert first.exit_code == 0, first.output
    assert "400 lines, classes 109 / 109 / 87 / 95" in first.output
    again = CliRunner().invoke(grade, ["dataset"])
    assert again.exit_code == 0
    assert "already in the cache" in again.output


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A wrong hash: exit 2 and what to use for one's own data."""
    (tmp_path / "x.txt").write_text("0.1 1\n")
    result = CliRunner().invoke(grade, ["dataset", "--file", str(tmp_path / "x.txt")])
    assert result.exit_code == 2
    assert "is not the published dataset" in result.output
    assert "--dataset FILE" in result.output
