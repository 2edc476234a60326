"""From what was handed in to a Workspace."""

from __future__ import annotations

from pathlib import Path

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake.archive import list_zip
from grader.intake.assembly import Assembled, assemble
from grader.intake.directory import other_kind
from grader.intake.folder import readable_name
from grader.intake.listing import Entry, Listing
from grader.intake.names import has_control_characters
from grader.intake.packed import with_packed_code
from grader.intake.parcel import OTHER_ARCHIVES, Parcel, take
from grader.intake.workspace import Workspace
from grader.result import SubmissionInfo
from grader.untrusted import shown

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
    return open_parcel(take(path, limits), limits)


def open_parcel(parcel: Parcel, limits: Limits) -> Workspace:
    """Read what was taken, here or on another machine.

    Raises:
        BadSubmission: nothing in it can be marked; the text says why.
    """
    if parcel.refusal is not None:
        raise parcel.refusal
    if parcel.listing is not None:
        opened = with_packed_code(parcel.listing, limits.upload_mb)
        assembled = assemble(opened, shown(parcel.title, 120))
    else:
        assembled = _open_file(parcel, limits)
    info = SubmissionInfo(
        name=shown(parcel.title, 120),
        kind=parcel.kind,
        sha256=parcel.sha256,
        files=_listed([shown(file, 200) for file in assembled.files]),
        ignored=_listed(list(assembled.ignored)),
    )
    return Workspace(info, assembled.sources, assembled.report, assembled.notes)


def _open_file(parcel: Parcel, limits: Limits) -> Assembled:
    name, data = shown(parcel.name, 120), parcel.data
    if parcel.kind == "zip":
        if Path(parcel.name).suffix.lower() in OTHER_ARCHIVES:
            raise BadSubmission(
                f"{name} is {other_kind(data) or 'not a zip'}, which cannot be read",
                hint="make a .zip of the homework's folder and hand that in",
            )
        return assemble(list_zip(data, name, limits.upload_mb), name)
    own = readable_name(parcel.name)
    if has_control_characters(own):
        raise BadSubmission(f"the name {name} has control characters", hint="rename the file")
    entry = Entry(own, len(data), lambda _limit: data)
    return assemble(Listing((entry,)), name)


def _listed(names: list[str]) -> list[str]:
    if len(names) <= _MAX_LISTED:
        return names
    return [*names[:_MAX_LISTED], f"and {len(names) - _MAX_LISTED} more"]
