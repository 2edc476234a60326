"""What the tests of the catalogue share: the loops written without the reference, a bundle."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.bundle import Bundle

_NAIVE = Path(__file__).resolve().parents[1] / "naive"


@pytest.fixture(scope="session")
def naive() -> Mapping[str, Callable[..., Any]]:
    """The students' functions in plain loops (the modules of tests/reference/naive)."""
    functions: dict[str, Callable[..., Any]] = {}
    for path in sorted(_NAIVE.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"naive_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        functions |= module.FUNCTIONS
    return functions


@pytest.fixture(scope="session")
def bundle(catalogue_bundle: Bundle) -> Bundle:
    """All problems of the catalogue."""
    return catalogue_bundle
