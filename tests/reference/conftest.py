"""What the tests of the solution share: the homework's data as arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def dataset(dataset_path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """X (500, 8) and y (500,), labels 0..3."""
    table = np.loadtxt(dataset_path)
    return table[:, :-1], table[:, -1].astype(np.int64) - 1
