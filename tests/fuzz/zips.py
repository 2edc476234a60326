"""Zips: whatever the bytes are, a list of submission-relative files or a refusal."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator

from fixtures.samples import load_samples, zip_of
from grader.errors import BadSubmission
from grader.intake.archive import list_zip
from grader.intake.assembly import assemble
from grader.intake.listing import Unreadable
from tests.fuzz.messages import fit_to_show

MAX_BYTES = 16_384
WORDS = [
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"),
    *(
        b"\x01\0\x10\0",
        b"\x75\x70",
        b"../",
        b".py",
        b"\xff" * 4,
        b"\xff" * 8,
        b"\x7f" + b"\xff" * 7,
    ),
]


def _unread(*_args: object) -> None:
    # Another process per input would leave nothing to be fuzzed; its readers have targets.
    raise Unreadable("not read here")


def target(data: bytes) -> None:
    """List, select, read."""
    try:
        listing = list_zip(data, "s.zip", 1)
    except BadSubmission as refusal:
        fit_to_show(f"{refusal} {refusal.hint}")
        return
    for entry in listing.entries:
        assert not entry.path.startswith("/")
        assert not {"", ".", ".."} & set(entry.path.split("/"))
    try:
        assembled = assemble(listing, "s.zip")
    except BadSubmission as refusal:
        fit_to_show(f"{refusal} {refusal.hint}")
        return
    for source in assembled.sources:
        source.text.encode("utf-8")
    for text in (*assembled.notes, *assembled.ignored):
        fit_to_show(text)


def seeds() -> Iterator[bytes]:
    """A sample, and a small zip of each kind that is met."""
    yield zip_of(load_samples()["good"].files)
    files = {"hw3/layers.py": b"x = 1\n", "hw3/report.md": b"93 %\n", "hw3/data.csv": b"1\n"}
    yield zip_of(files)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name in ("a.py", "作业.py", "b/", "__MACOSX/._a.py", "n.ipynb", "r.pdf", "in.zip"):
            archive.writestr(name, b"" if name.endswith("/") else b"x = 1\n")
        link = zipfile.ZipInfo("link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, b"a.py")
    yield stored.getvalue()
    yield _with_zip64(zip_of({"layers.py": b"x = 1\n"}))


def _with_zip64(data: bytes) -> bytes:
    """The same zip with a zip64 end record and locator."""
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    return data[:end] + record + struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1) + data[end:]


# What the runner puts in the place of these while the target is fuzzed.
REPLACED = {
    "grader.intake.assembly.read_notebook": _unread,
    "grader.intake.assembly.definitions_only": lambda source, _patience: source,
    "grader.intake.report_text.read_document": _unread,
}
