"""Source files and plain-text reports: any bytes are text or a reason why not."""

from __future__ import annotations

from collections.abc import Iterator

from fixtures.samples import load_samples
from grader.intake.legacy_text import plausible_encoding
from grader.intake.listing import Unreadable
from grader.intake.notebook import is_exported
from grader.intake.report_text import decode_text
from grader.intake.root import common_folder
from grader.intake.source_text import decode_source
from grader.intake.workspace import SourceFile
from tests.fuzz.messages import fit_to_show

WORDS = [
    *(b"# coding: gbk\n", b"# -*- coding: utf-7 -*-", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n"),
    *(b"# In [1]:\n", b"get_ipython().", b"from a import b\n", b"from . import b\n"),
]


def target(data: bytes) -> None:
    """As a report, whose encoding is guessed, and as a source, whose encoding is not."""
    decode_text(data).encode("utf-8", "surrogatepass")
    data[:512].decode(plausible_encoding(data[:512]), errors="replace")
    try:
        text = decode_source(data)
    except Unreadable as reason:
        fit_to_show(reason)
        return
    text.encode("utf-8")
    assert "\r" not in text
    assert "\0" not in text
    is_exported(text)
    assert common_folder(["a/b.py"], [SourceFile("a/b.py", text)]) in ("", "a/")


def seeds() -> Iterator[bytes]:
    """The sample's files, and text in the encodings that are met."""
    for content in load_samples()["good"].files.values():
        yield content[:2_000]
    for encoding, text in (
        ("gbk", "# coding: gbk\nx = '准确率'\n"),
        ("cp932", "# 精度は 93 % です\n"),
        ("cp1252", "# Größe – 93 %\n"),
        ("utf-16", "accuracy: 93 %"),
        ("utf-8-sig", "x = 1\r\n"),
    ):
        yield text.encode(encoding)
