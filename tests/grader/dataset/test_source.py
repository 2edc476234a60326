"""grader/dataset/source.py and grader/dataset/cache.py."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from grader.assignment import DatasetRule
from grader.dataset.cache import cache_path, cached, install
from grader.dataset.source import find_dataset
from grader.dataset.synthetic import ordinal_task
from grader.dataset.table import format_dataset
from grader.errors import BadDataset, GraderFailure


@pytest.fixture
def published(rule: DatasetRule, tmp_path: Path) -> tuple[DatasetRule, Path]:
    """A file of the right shape, and a rule whose hash it has."""
    path = tmp_path / "fetched.txt"
    path.write_text(format_dataset(*ordinal_task(np.random.default_rng(1))))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return rule.model_copy(update={"sha256": digest}), path


@pytest.mark.usefixtures("own_cache")
def test_offline_the_stand_in_is_used_and_says_so(rule: DatasetRule) -> None:
    """Nothing named, nothing fetched: the bundled stand-in, marked as such."""
    data = find_dataset(rule)
    assert data.stand_in
    assert data.X.shape == (500, 8)


@pytest.mark.usefixtures("own_cache")
def test_data_of_another_shape_has_no_stand_in(rule: DatasetRule) -> None:
    """Whose own assignment it is must learn what is missing, not what is wrong with our file."""
    with pytest.raises(BadDataset, match="the assignment's dataset is not here") as caught:
        find_dataset(rule.model_copy(update={"train": 200}))
    assert "--dataset" in (caught.value.hint or "")
    assert "standin" not in str(caught.value)


@pytest.mark.usefixtures("own_cache")
def test_order_of_the_sources(
    published: tuple[DatasetRule, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A named file wins over the environment, that over the cache, that over the stand-in."""
    rule, path = published
    install(rule, path)
    assert find_dataset(rule).name == "dataset.txt"
    assert not find_dataset(rule).stand_in
    copy = tmp_path / "copy.txt"
    copy.write_bytes(path.read_bytes())
    monkeypatch.setenv("GOLDGRAD_DATASET", str(copy))
    assert find_dataset(rule).name == "copy.txt"
    assert find_dataset(rule, path).name == "fetched.txt"


@pytest.mark.usefixtures("own_cache")
def test_a_named_file_that_is_no_good_is_an_error(
    rule: DatasetRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typing mistake in a path must not silently grade on the stand-in."""
    monkeypatch.setenv("GOLDGRAD_DATASET", str(tmp_path / "typo.txt"))
    with pytest.raises(BadDataset, match=r"typo\.txt"):
        find_dataset(rule)


@pytest.mark.usefixtures("own_cache")
def test_a_damaged_cache_is_not_used(published: tuple[DatasetRule, Path]) -> None:
    """A cached file whose hash changed is as good as absent."""
    rule, path = published
    stored = install(rule, path)
    assert cached(rule) == stored
    stored.write_text(stored.read_text() + "0\n")
    assert cached(rule) is None
    assert find_dataset(rule).stand_in


def test_a_file_with_another_hash_is_not_installed(
    rule: DatasetRule, published: tuple[DatasetRule, Path], own_cache: Path
) -> None:
    """The cache only ever holds what the assignment names."""
    with pytest.raises(BadDataset, match="not the published dataset"):
        install(rule, published[1])
    assert not own_cache.exists()


def test_an_unwritable_cache_is_explained(
    published: tuple[DatasetRule, Path], own_cache: Path
) -> None:
    """A file where the cache folder should be: a sentence and a way out, no traceback."""
    rule, path = published
    own_cache.write_text("in the way")
    with pytest.raises(GraderFailure, match="cannot write") as caught:
        install(rule, path)
    assert "--dataset" in (caught.value.hint or "")
    assert cache_path(rule).parts[-1] == "dataset.txt"
