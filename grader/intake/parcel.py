"""What was handed in, taken from the disk and not opened yet: it can be opened anywhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.assignment import Limits
from grader.errors import BadSubmission, UnusableInput
from grader.intake.folder import list_folder, read_file
from grader.intake.identity import folder_sha256, submission_sha256
from grader.intake.listing import Listing, Unreadable, megabytes
from grader.untrusted import shown

Kind = Literal["zip", "folder", "notebook", "file"]

OTHER_ARCHIVES = {".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
"""Suffixes of what cannot be read, but was meant as a submission."""


@dataclass(frozen=True)
class Parcel:
    """One submission's bytes, and what is known of it without a look inside."""

    name: str
    """The file's or folder's own, with its suffix; the student's choice, to be shown with care."""
    title: str
    """What the submission is called: the name without the suffix."""
    kind: Kind
    sha256: str
    """As grader/intake/identity.py has it."""
    data: bytes = b""
    """All of a file."""
    listing: Listing | None = None
    """The files of a folder."""
    refusal: BadSubmission | None = None
    """Why it is not opened at all: it is too large, for example."""


def take(path: Path, limits: Limits) -> Parcel:
    """The parcel of a zip, a folder, a notebook or a Python file; files in a folder are not read.

    Args:
        path: of the submission.
        limits: of the assignment; a file above ``upload_mb`` is refused.

    Raises:
        UnusableInput: it is not a submission at all, or cannot be read.
    """
    kind = _kind(path)
    title = _submission_name(path, kind)
    try:
        if kind == "folder":
            listing = list_folder(path)
            return Parcel(path.name, title, kind, folder_sha256(listing), listing=listing)
        data = _whole_file(path, limits)
        return Parcel(path.name, title, kind, hashlib.sha256(data).hexdigest(), data)
    except BadSubmission as refusal:
        digest = submission_sha256(path, limits)
        return Parcel(path.name, title, kind, digest, refusal=refusal)
    except OSError as error:
        raise _cannot_open(path, error) from error


def _kind(path: Path) -> Kind:
    try:
        if path.is_dir():
            return "folder"
        if not path.exists():
            raise UnusableInput(f"{shown(path)} does not exist")
        if not path.is_file():
            raise UnusableInput(f"{shown(path)} is not an ordinary file")
    except (OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    match path.suffix.lower():
        case ".ipynb":
            return "notebook"
        case ".py":
            return "file"
        case suffix if suffix == ".zip" or suffix in OTHER_ARCHIVES:
            return "zip"
        case "" if _starts_like_a_zip(path):
            return "zip"
    raise UnusableInput(
        f"{shown(path)} is not a submission: expected a .zip, a folder or a .ipynb",
        hint="name the file or folder that holds the homework's code",
    )


def _starts_like_a_zip(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise _cannot_open(path, error) from error


def _cannot_open(path: Path, error: Exception) -> UnusableInput:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnusableInput(f"{shown(path)} cannot be opened: {reason}", hint="check its permissions")


def _whole_file(path: Path, limits: Limits) -> bytes:
    limit = limits.upload_mb * 1_000_000
    size = path.stat().st_size
    if size > limit:
        raise BadSubmission(
            f"{shown(path.name)} has {megabytes(size)},"
            f" more than the {limits.upload_mb} MB allowed",
            hint="hand in only your own code and the report, without environments and data",
        )
    try:
        return read_file(path.resolve(), limit)
    except Unreadable as reason:
        raise UnusableInput(f"{shown(path)}: {reason}") from reason


def _submission_name(path: Path, kind: Kind) -> str:
    if kind == "folder":
        return path.resolve().name or str(path.resolve())
    return path.stem or path.name
