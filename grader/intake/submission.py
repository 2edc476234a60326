"""From a path on the command line to a Workspace."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from grader.assignment import Limits
from grader.errors import BadSubmission, UnusableInput
from grader.intake.archive import list_zip
from grader.intake.assembly import Assembled, assemble
from grader.intake.directory import other_kind
from grader.intake.folder import list_folder, read_file, readable_name
from grader.intake.identity import folder_sha256
from grader.intake.listing import Entry, Listing, Unreadable, megabytes
from grader.intake.names import has_control_characters
from grader.intake.packed import with_packed_code
from grader.intake.workspace import Workspace
from grader.result import SubmissionInfo
from grader.untrusted import shown

Kind = Literal["zip", "folder", "notebook", "file"]

_OTHER_ARCHIVES = {".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
_MAX_LISTED = 200


def open_submission(path: Path, limits: Limits) -> Workspace:
    """Read what was handed in: a zip, a folder, a notebook or one Python file.

    Args:
        path: of the submission.
        limits: of the assignment; ``upload_mb`` caps what is read.

    Raises:
        BadSubmission: it is a submission, but nothing in it can be marked; the text says why.
        UnusableInput: it is not a submission at all, or cannot be opened.
    """
    kind = _kind(path)
    if kind == "folder":
        assembled, digest = _open_folder(path, limits)
    else:
        data = _whole_file(path, limits)
        assembled, digest = _open_file(path, kind, data, limits), hashlib.sha256(data).hexdigest()
    info = SubmissionInfo(
        name=shown(_submission_name(path, kind), 120),
        kind=kind,
        sha256=digest,
        files=_listed([shown(file, 200) for file in assembled.files]),
        ignored=_listed(list(assembled.ignored)),
    )
    return Workspace(info, assembled.sources, assembled.report, assembled.notes)


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
        case suffix if suffix == ".zip" or suffix in _OTHER_ARCHIVES:
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
    try:
        size = path.stat().st_size
        if size > limit:
            raise BadSubmission(
                f"{shown(path.name)} has {megabytes(size)},"
                f" more than the {limits.upload_mb} MB allowed",
                hint="hand in only your own code and the report, without environments and data",
            )
        return read_file(path.resolve(), limit)
    except OSError as error:
        raise _cannot_open(path, error) from error
    except Unreadable as reason:
        raise UnusableInput(f"{shown(path)}: {reason}") from reason


def _open_file(path: Path, kind: Kind, data: bytes, limits: Limits) -> Assembled:
    name = shown(path.name, 120)
    if kind == "zip":
        if path.suffix.lower() in _OTHER_ARCHIVES:
            raise BadSubmission(
                f"{name} is {other_kind(data) or 'not a zip'}, which cannot be read",
                hint="make a .zip of the homework's folder and hand that in",
            )
        return assemble(list_zip(data, name, limits.upload_mb), name)
    own = readable_name(path.name)
    if has_control_characters(own):
        raise BadSubmission(f"the name {name} has control characters", hint="rename the file")
    entry = Entry(own, len(data), lambda _limit: data)
    return assemble(Listing((entry,)), name)


def _open_folder(path: Path, limits: Limits) -> tuple[Assembled, str]:
    name = shown(_submission_name(path, "folder"), 120)
    try:
        listing = list_folder(path)
    except OSError as error:
        raise _cannot_open(path, error) from error
    opened = with_packed_code(listing, limits.upload_mb)
    return assemble(opened, name), folder_sha256(listing)


def _submission_name(path: Path, kind: Kind) -> str:
    if kind == "folder":
        return path.resolve().name or str(path.resolve())
    return path.stem or path.name


def _listed(names: list[str]) -> list[str]:
    if len(names) <= _MAX_LISTED:
        return names
    return [*names[:_MAX_LISTED], f"and {len(names) - _MAX_LISTED} more"]
