"""grader/secret.py: the secret seed is made once, kept private, and drawn from by purpose."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import UnusableInput
from grader.secret import derived, generator, secret_seed, seed_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("GOLDGRAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_seed_is_made_once_and_private() -> None:
    """The first use makes a seed readable by its owner alone; later uses read the same one."""
    first = secret_seed()
    assert len(first) == 32
    assert secret_seed() == first
    assert stat.S_IMODE(seed_file().stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_seed_that_others_may_read_is_made_private(mode: int) -> None:
    """The seed stays the same; its mode becomes 0600 again."""
    first = secret_seed()
    seed_file().chmod(mode)
    assert secret_seed() == first
    assert stat.S_IMODE(seed_file().stat().st_mode) == 0o600


def test_graders_that_start_together_agree() -> None:
    """Many first uses at the same time end with one seed."""
    with ThreadPoolExecutor(8) as pool:
        seeds = set(pool.map(lambda _: secret_seed(), range(32)))
    assert len(seeds) == 1


@pytest.mark.parametrize("content", ["", "not hex\n", "abcd\n"])
def test_a_damaged_seed_is_an_error(home: Path, content: str) -> None:
    """A file that holds no seed is reported, never silently used or replaced."""
    home.mkdir()
    seed_file().write_text(content)
    with pytest.raises(UnusableInput):
        secret_seed()
    assert seed_file().read_text() == content


def test_purposes_are_independent() -> None:
    """Other labels or another seed give another key; the same give the same."""
    keys = {
        derived(b"a", "x", "y"),
        derived(b"a", "xy"),
        derived(b"a", "x"),
        derived(b"b", "x", "y"),
    }
    assert len(keys) == 4
    assert derived(b"a", "x", "y") in keys
    assert generator(b"s", "p").random() == generator(b"s", "p").random()
