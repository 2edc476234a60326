"""The user's cache folder, where a fetched dataset is kept; nothing with a wrong hash is used."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import platformdirs

from grader.assignment import DatasetRule
from grader.dataset.table import read_content
from grader.errors import BadDataset, GraderFailure


def cache_path(rule: DatasetRule) -> Path:
    """Where the rule's dataset lies once it has been fetched."""
    name = PurePosixPath(urlsplit(rule.url).path).name or "dataset.txt"
    folder = platformdirs.user_cache_path("goldgrad", appauthor=False)
    return folder / "datasets" / rule.sha256[:16] / name


def cached(rule: DatasetRule) -> Path | None:
    """The cached file if it is there and unharmed, else None."""
    path = cache_path(rule)
    with suppress(OSError, BadDataset):
        if digest(read_content(path)) == rule.sha256:
            return path
    return None


def install(rule: DatasetRule, file: Path) -> Path:
    """Put a file that was fetched by other means into the cache.

    Raises:
        BadDataset: it cannot be read, or its hash is not the rule's.
        GraderFailure: the cache folder cannot be written.
    """
    content = read_content(file)
    found = digest(content)
    if found != rule.sha256:
        raise BadDataset(
            f"{file} is not the published dataset: its SHA-256 is {found}, not {rule.sha256}",
            hint="to mark with another file of the same shape, use `grade PATH --dataset FILE`",
        )
    return store(rule, content)


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def store(rule: DatasetRule, content: bytes) -> Path:
    """Write content whose hash was checked into the cache, whole or not at all.

    Raises:
        GraderFailure: the cache folder cannot be written.
    """
    path = cache_path(rule)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GraderFailure(
            f"cannot write {path}: {error.strerror}",
            hint="give the file with --dataset, or make the cache folder writable",
        ) from error
    return path
