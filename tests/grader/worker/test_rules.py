"""Which imports are what."""

from __future__ import annotations

import pytest

from grader.worker.rules import ImportRules

_RULES = ImportRules(allow=["numpy", "math", "os.path"], inert=["matplotlib"], frameworks=["torch"])


@pytest.mark.parametrize(
    ("module", "verdict"),
    [
        ("numpy", "allowed"),
        ("numpy.linalg", "allowed"),
        ("numpyro", "missing"),
        ("os.path", "allowed"),
        ("os", "forbidden"),
        ("matplotlib.pyplot", "inert"),
        ("past.builtins", "inert"),
        ("torch.nn", "allowed"),
        ("tensorflow", "forbidden"),
        ("scipy", "forbidden"),
        ("socket", "forbidden"),
        ("my_own_file", "missing"),
    ],
)
def test_a_name_decides(module: str, verdict: str) -> None:
    """An entry covers what is below it and nothing that merely begins alike."""
    assert _RULES.verdict(module) == verdict
