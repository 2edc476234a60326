"""The text of a Python file, decoded as Python itself would, but from a short list of encodings.

Encodings that can hide code from a reader (UTF-7, unicode_escape, rot13) are refused whatever the
file's first lines declare.
"""

from __future__ import annotations

import re

from grader.intake.legacy_text import plausible_encoding
from grader.intake.listing import Unreadable
from grader.untrusted import shown

MAX_SOURCE_BYTES = 1_000_000

# PEP 263: a comment in the first or second line; the first line must be blank or a comment for
# the second to count.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#|$)")
_BOM = b"\xef\xbb\xbf"

_ENCODINGS = {
    "utf8": "utf-8",
    "utf8sig": "utf-8",
    "ascii": "ascii",
    "usascii": "ascii",
    "latin1": "latin-1",
    "iso88591": "latin-1",
    "iso885915": "iso8859-15",
    "cp1252": "cp1252",
    "windows1252": "cp1252",
    "gbk": "gbk",
    "gb2312": "gbk",
    "cp936": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "shiftjis": "shift_jis",
    "sjis": "shift_jis",
    "cp932": "cp932",
    "eucjp": "euc_jp",
    "euckr": "euc_kr",
    "cp949": "cp949",
}
_LOOKS_LIKE = {
    "gbk": "GBK",
    "cp932": "Shift-JIS",
    "cp1252": "Windows-1252",
    "cp437": "an old code page",
}


def decode_source(data: bytes) -> str:
    """The text of a Python file, its lines ended by newlines alone.

    Raises:
        Unreadable: not text in an accepted encoding; the text stands after the file's name.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is saved as UTF-16; save it as UTF-8")
    text = data.removeprefix(_BOM)
    if b"\x00" in text:
        line = text[: text.index(b"\x00")].count(b"\n") + 1
        raise Unreadable(f"it has a NUL byte in line {line}; save it again as plain text in UTF-8")
    declared = _declared(text)
    if len(text) != len(data) and declared not in {None, "utf-8"}:
        raise Unreadable(
            "it has a UTF-8 mark but declares another encoding; remove the coding line"
        )
    try:
        decoded = text.decode(declared or "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(_not_decodable(text, declared, error)) from error
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _declared(text: bytes) -> str | None:
    first, _, rest = text[:1000].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n")
    match = _COOKIE.match(first)
    if match is None and _BLANK_OR_COMMENT.match(first):
        match = _COOKIE.match(rest.partition(b"\n")[0])
    if match is None:
        return None
    name = match.group(1).decode("ascii")
    encoding = _ENCODINGS.get(re.sub(r"[-_.]", "", name.lower()))
    if encoding is None:
        raise Unreadable(
            f"it declares the encoding {shown(name, 40)}, which is not accepted; save it as UTF-8"
        )
    return encoding


def _not_decodable(text: bytes, declared: str | None, error: UnicodeDecodeError) -> str:
    line = text[: error.start].replace(b"\r\n", b"\n").count(b"\n") + 1
    if declared is not None:
        return f"it declares the encoding {declared}, but line {line} is not in it"
    guess = _LOOKS_LIKE.get(plausible_encoding(text), "another encoding")
    return f"it is not UTF-8 in line {line} (perhaps {guess}); save it as UTF-8"
