"""What the tests of the solution share: the homework's data as arrays, a bundle of everything."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.bundle import PUBLIC_SEED, Bundle
from reference.golden import make_bundle
from reference.problems.catalogue import CATALOGUE

_PATIENCE = 60.0


@pytest.fixture(scope="session")
def dataset(dataset_path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """X (500, 8) and y (500,), labels 0..3."""
    table = np.loadtxt(dataset_path)
    return table[:, :-1], table[:, -1].astype(np.int64) - 1


@pytest.fixture(scope="session")
def catalogue_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """All problems of the catalogue, without pairs: made by one worker, read by the others."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    file = folder / "catalogue.pickle"
    try:
        (folder / "catalogue.begun").mkdir()
    except FileExistsError:
        deadline = time.monotonic() + _PATIENCE
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        if file.exists():
            kept: Bundle = pickle.loads(file.read_bytes())
            return kept
    bundle = make_bundle("hw3", list(CATALOGUE), PUBLIC_SEED, "hidden", pairs=False)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_bytes(pickle.dumps(bundle))
    draft.replace(file)
    return bundle
