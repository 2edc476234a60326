"""A folder with a zip in it: what course systems make of an upload of a zip and a report.

When a folder holds no code and one zip beside other files (a report, a plot), that zip is the
code, and is opened as if it had been handed in by itself. Zips inside that zip stay closed. A
folder with a zip alone is likely the wrong folder, and is not opened.
"""

from __future__ import annotations

from grader.intake.archive import list_zip
from grader.intake.listing import Listing, Unreadable
from grader.intake.selection import select
from grader.untrusted import shown


def with_packed_code(listing: Listing, upload_mb: int) -> Listing:
    """The listing with the files of its only zip in the zip's place.

    Args:
        listing: of a folder. It is returned as it is when it holds code, nothing but the zip, or
            not just one zip.
        upload_mb: the assignment's limit, for the zip as for any that is handed in.

    Raises:
        BadSubmission: the zip is refused.
    """
    chosen = select(listing.entries)
    if chosen.sources or chosen.notebooks or len(chosen.archives) != 1:
        return listing
    packed = chosen.archives[0]
    beside = [entry for entry in listing.entries if entry is not packed]
    alone = all(entry.name.startswith(".") for entry in beside)
    if alone or not packed.name.lower().endswith(".zip"):
        return listing
    try:
        data = packed.fetch(upload_mb * 1_000_000)
    except Unreadable:
        return listing  # intake names it with the reason
    inner = list_zip(data, shown(packed.path, 120), upload_mb)
    taken = {entry.path.casefold() for entry in inner.entries}
    hidden = [entry for entry in beside if entry.path.casefold() in taken]
    return Listing(
        entries=(*inner.entries, *(entry for entry in beside if entry not in hidden)),
        ignored=(
            *listing.ignored,
            *inner.ignored,
            *(f"{shown(e.path, 120)} (the zip has a file of that name, too)" for e in hidden),
        ),
        notes=(*listing.notes, *inner.notes),
    )
