"""Submissions made in the test: zips byte by byte, notebooks as JSON."""

from __future__ import annotations

import json
import signal
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.intake import Workspace, open_submission

Files = Iterable[tuple[str | bytes | zipfile.ZipInfo, bytes | str]]


class RawName(zipfile.ZipInfo):
    """An entry whose name is written as these bytes, without the UTF-8 flag."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits


def _info(name: str | bytes | zipfile.ZipInfo) -> zipfile.ZipInfo:
    if isinstance(name, zipfile.ZipInfo):
        return name
    shown = name if isinstance(name, str) else name.decode("latin-1")
    info = RawName(shown.replace("\x00", "?"))
    info.raw = name.encode("utf-8") if isinstance(name, str) else name
    if isinstance(name, str) and not name.isascii():
        info.flag_bits = 0x800
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Write a zip with these (name, content) entries; a name in bytes is written as it is."""

    def make(files: Files, name: str = "s1042.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in files:
                archive.writestr(_info(entry), content)
        return path

    return make


@pytest.fixture
def opened(make_zip: Callable[..., Path]) -> Callable[..., Workspace]:
    """Open a zip with these entries."""

    def opened(files: Files, **limits: int) -> Workspace:
        return open_submission(make_zip(files), Limits(**limits))

    return opened


@pytest.fixture
def notebook() -> Callable[..., bytes]:
    """A notebook file; a cell that starts with "#md" is a text cell."""

    def make(*cells: str, language: str = "python") -> bytes:
        return json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {"language_info": {"name": language}},
                "cells": [
                    {"cell_type": "markdown", "metadata": {}, "source": cell.removeprefix("#md ")}
                    if cell.startswith("#md ")
                    else {
                        "cell_type": "code",
                        "metadata": {},
                        "execution_count": None,
                        "outputs": [],
                        "source": cell.splitlines(keepends=True),
                    }
                    for cell in cells
                ],
            }
        ).encode()

    return make


@pytest.fixture
def bounded_cpu() -> Iterator[None]:
    """Fail a test that computes for longer than a stall can be mistaken for work."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("no CPU timer here")

    def stalled(*_args: object) -> None:
        pytest.fail("it computed for 20 seconds")

    before = signal.signal(signal.SIGVTALRM, stalled)
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)
