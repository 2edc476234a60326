"""One fork server and one hidden marking for all tests of the harness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.marking import Marking, prepare
from grader.sandbox import ForkServer


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """A warm fork server."""
    with ForkServer.start() as started:
        yield started


@pytest.fixture(scope="session")
def marking() -> Marking:
    """What hw3 is marked with, from a fixed seed and on the stand-in data."""
    data = Path(__file__).resolve().parents[2] / "fixtures" / "data" / "standin.txt"
    return prepare("hw3", visibility="hidden", dataset=data, seed="tests")
