"""Which encoding bytes without a declared encoding are most likely in.

UTF-8 is recognised by itself: other text is almost never valid UTF-8. The East Asian and Western
code pages are not, so each is tried and its reading scored by how many of the characters are
common ones. For Chinese and Japanese that is a property of the code page itself: both GB 2312
and JIS X 0208 list their common characters first ("level 1"), so the lead byte tells.
"""

from __future__ import annotations

from collections.abc import Callable

_SAMPLE = 20_000

_GB2312_LEVEL_1 = range(0xB0, 0xD8)
_JIS_LEVEL_1 = range(0x88, 0x98)
_GB2312_PUNCTUATION = range(0xA1, 0xA4)
_JIS_PUNCTUATION_AND_KANA = range(0x81, 0x84)


def _common_in_gbk(raw: bytes, char: str) -> bool:
    second_is_gb2312 = len(raw) == 2 and raw[1] >= 0xA1
    kana = "\u3040" <= char <= "\u30ff"
    return second_is_gb2312 and not kana and raw[0] in (*_GB2312_LEVEL_1, *_GB2312_PUNCTUATION)


def _common_in_shift_jis(raw: bytes, _char: str) -> bool:
    return len(raw) == 2 and raw[0] in (*_JIS_LEVEL_1, *_JIS_PUNCTUATION_AND_KANA)


def _common_in_western(_raw: bytes, char: str) -> bool:
    return char in "äöüÄÖÜßéèêëÉáàâãåÅÁíìîïóòôõøúùûñÑçÇæÆ¡¿“”–—…·°±×µ€"


# In the order of preference between equal scores. cp437 is what zip prescribes, and names every
# byte; cp1252 is what Western editors on Windows write.
_CANDIDATES: tuple[tuple[str, Callable[[bytes, str], bool]], ...] = (
    ("gbk", _common_in_gbk),
    ("cp932", _common_in_shift_jis),
    ("cp1252", _common_in_western),
    ("cp437", _common_in_western),
)


def plausible_encoding(raw: bytes) -> str:
    """The encoding in which ``raw`` reads most like text; never fails ("cp437" reads anything)."""
    sample = raw[:_SAMPLE]
    for encoding in ("ascii", "utf-8"):
        if _decodes(raw, encoding):
            return encoding
    scored = [
        (_score(sample, encoding, common), -order, encoding)
        for order, (encoding, common) in enumerate(_CANDIDATES)
        if _decodes(raw, encoding)
    ]
    return max(scored)[2]


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _score(raw: bytes, encoding: str, common: Callable[[bytes, str], bool]) -> float:
    """The share of the non-ASCII characters that are common ones in this encoding."""
    text = f" {raw.decode(encoding, errors='ignore')} "
    hits = total = 0
    for before, char, after in zip(text, text[1:], text[2:], strict=False):
        if char.isascii():
            continue
        total += 1
        code = char.encode(encoding)
        # A single Chinese or Japanese character inside a Latin word is a misreading of "é".
        inside_word = _is_latin(before) and _is_latin(after)
        hits += common(code, char) and not (inside_word and len(code) == 2)
    return hits / total if total else 0.0


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
