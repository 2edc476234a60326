"""An autograder of a small assignment, unpacked as Gradescope unpacks it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.samples import load_samples
from grader.dataset.source import VARIABLE
from grader.gradescope.build import Autograder, build_autograder

SMALL = """\
assignment: small
title: A small one
points: 10
dataset:
  url: https://example.invalid/none
  sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  inputs: 8
  classes: 4
  train: 400
  test: 100
files:
  layers.py: [avg_pool_forward, max_pool_forward]
imports:
  allow: [numpy, time]
limits: {import_cpu_seconds: 5, call_cpu_seconds: 0.3, waiting_seconds: 0.3, memory_mb: 100000}
parts:
  - id: pool
    title: Pooling
    points: 10
    checks:
      - {id: avg, title: average, points: 6, kind: values, problem: avg_pool_forward,
         cases: [plain]}
      - {id: max, title: maximum, points: 4, kind: values, problem: max_pool_forward,
         cases: [plain]}
"""
SEED = "a seed that nobody must find"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    """The zip of an assignment that is marked in a moment: 6 points and 4, no training."""
    folder = tmp_path_factory.mktemp("autograder")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(VARIABLE, raising=False)
        return build_autograder(folder / "autograder.zip", folder / "small.yaml", seed=SEED)


@pytest.fixture(autouse=True)
def _no_dataset_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is built does not depend on whose machine this is."""
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def layers() -> bytes:
    """Right answers to all of it."""
    return load_samples()["good"].files["layers.py"]


@pytest.fixture
def lay_out(small: Autograder, tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder like /autograder, with these files as the submission."""

    def made(**files: bytes) -> Path:
        root = tmp_path / "autograder"
        with zipfile.ZipFile(small.path) as archive:
            archive.extractall(root / "source")
        (root / "submission").mkdir()
        for name, content in files.items():
            stem, _, suffix = name.rpartition("_")
            (root / "submission" / f"{stem}.{suffix}").write_bytes(content)
        return root

    yield made
    shutil.rmtree(tmp_path / "autograder", ignore_errors=True)
