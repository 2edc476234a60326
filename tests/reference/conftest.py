"""What the tests of the solution share: the homework's data and how properties are searched."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

# The same examples on every run, and no failure because a machine was busy.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

_BESIDE_THE_CHECKOUT = Path(__file__).parents[3] / "shared" / "data" / "dataset.txt"


@pytest.fixture(scope="session")
def dataset_path() -> Path:
    """The homework's dataset.txt, which is not committed."""
    path = Path(os.environ.get("GOLDGRAD_DATASET") or _BESIDE_THE_CHECKOUT)
    if not path.is_file():
        pytest.skip("needs dataset.txt: run `grade dataset` and set GOLDGRAD_DATASET to the file")
    return path


@pytest.fixture(scope="session")
def dataset(dataset_path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """X (500, 8) and y (500,), labels 0..3."""
    table = np.loadtxt(dataset_path)
    return table[:, :-1], table[:, -1].astype(np.int64) - 1
