"""Names in a zip's list: any bytes and extra fields become safe relative paths or a refusal."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from zipfile import ZipInfo

from grader.errors import BadSubmission
from grader.intake.listing import Entry
from grader.intake.names import checked_path, entry_names
from grader.intake.report_text import document_candidates
from grader.intake.selection import select, taken_module
from tests.fuzz.messages import fit_to_show

WORDS = [
    b"../",
    b"..\\",
    b"C:",
    b"__MACOSX/",
    b"numpy.py",
    b".ipynb",
    b"report.pdf",
    b"\n",
    b"\x75\x70",
]


def target(data: bytes) -> None:
    """A line a name; the first byte says whether it is declared to be UTF-8."""
    infos = []
    for line in data.split(b"\n")[:20]:
        name, _, extra = line[1:].partition(b"\xff\xff")
        info = ZipInfo("x")
        if line[:1] == b"8":
            info.flag_bits = 0x800
            info.orig_filename = name.decode("utf-8", "surrogateescape")
        else:
            info.orig_filename = name.decode("cp437")
        info.extra = extra
        infos.append(info)
    entries = []
    for name in entry_names(infos):
        try:
            path = checked_path(name)
        except BadSubmission as refusal:
            fit_to_show(refusal)
            continue
        assert path
        assert not {"", ".", ".."} & set(path.split("/"))
        assert not {"Cc", "Cs"} & {unicodedata.category(char) for char in path}
        entries.append(Entry(path, 0, lambda _limit: b""))
    chosen = select(entries)
    for entry in (*chosen.sources, *chosen.notebooks):
        taken_module(entry.path, frozenset())
    document_candidates(chosen.documents)


def seeds() -> Iterator[bytes]:
    """Names of all kinds."""
    unicode = "网络.py".encode()
    raw = "网络.py".encode("gbk")
    extra = struct.pack("<BI", 1, zlib.crc32(raw)) + unicode
    yield b" " + raw + b"\xff\xff" + struct.pack("<HH", 0x7075, len(extra)) + extra
    yield b"8" + unicode + b"\n8../a.py\n hw3\\layers.py\n8/etc/passwd\n C:\\a.py\n8a\x1b[2J.py"
    yield b"8hw3/report.pdf\n8hw3/__MACOSX/._a.py\n8hw3/numpy.py\n8venv/pyvenv.cfg\n8a.ipynb"
