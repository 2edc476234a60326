"""Text that student code produced, made safe to store and to show.

Control characters can rewrite a terminal, bidirectional marks can reorder a line, lone surrogates
cannot be encoded, and length is unbounded: none of that passes this module.
"""

from __future__ import annotations

import unicodedata

_KEPT_CONTROLS = {"\n", "\t"}
_REPLACED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(text: object, limit: int = 300) -> str:
    """One line of at most ``limit`` characters: control characters become '�', newlines ' / '."""
    if isinstance(text, str) and len(text) <= limit and text.isprintable():
        return text.strip()  # nearly always, and ten times as fast
    return " / ".join(part.strip() for part in block(text, limit).split("\n") if part.strip())


def block(text: object, limit: int = 4000) -> str:
    """Several lines of at most ``limit`` characters in all, without control characters."""
    raw = text if isinstance(text, str) else str(text)
    cut = raw[:limit]
    if cut.isascii() and cut.isprintable():  # nearly always, and then a hundred times faster
        return cut + ("…" if len(raw) > limit else "")
    clean = "".join(
        char
        if char in _KEPT_CONTROLS or unicodedata.category(char) not in _REPLACED_CATEGORIES
        else "\N{REPLACEMENT CHARACTER}"
        for char in cut.replace("\r\n", "\n").replace("\r", "\n")
    )
    return clean + ("…" if len(raw) > limit else "")
