"""How much of the store a results folder's gradebook says, so that little is enough to amend it.

The note is made when everything was rendered and is gone as soon as a run begins: from then on
Results may change, of which the audit trail does not tell. Until then only people change scores.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.batch.settings import Settings

_NAME = "gradebook"


@dataclass(frozen=True)
class Behind:
    """What a gradebook does not say yet."""

    students: Sequence[str]
    """Whose scores have changed since, by id."""
    as_written: bool
    """Whether the file is still what was written: nobody has edited it."""


def note(settings: Settings, gradebook: Path, change: int) -> None:
    """Keep that a gradebook says what the store says, up to a line of the audit trail."""
    settings.put(_NAME, json.dumps([change, *_looks(gradebook)]))


def forget(settings: Settings) -> None:
    """No gradebook says what the store is about to say."""
    settings.drop(_NAME)


def behind(settings: Settings, gradebook: Path) -> Behind | None:
    """What a gradebook does not say yet; None where that is not known."""
    text = settings.get(_NAME)
    if text is None:
        return None
    change, *looks = json.loads(text)
    found = settings.connection.execute(
        "SELECT DISTINCT student FROM changes WHERE id > ? ORDER BY student", [change]
    )
    return Behind([student for (student,) in found], looks == _looks(gradebook))


def _looks(file: Path) -> list[object]:
    try:
        status = file.stat()
    except OSError:
        return [__version__, None, None]
    return [__version__, status.st_size, status.st_mtime_ns]
