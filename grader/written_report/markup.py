"""Markdown, LaTeX and typography, taken off a line of text."""

from __future__ import annotations

import re
import unicodedata

_ANGLE = re.compile(r"<[^<>\n]{0,120}>")

# LaTeX and Markdown, in this order.
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\([%_&#$])", r"\1"),
        (r"\\(?:times|cdot)(?![A-Za-z])", "×"),
        (r"\\pm(?![A-Za-z])", "±"),
        (r"\\eta(?![A-Za-z])", "η"),
        (r"\\alpha(?![A-Za-z])", "α"),  # noqa: RUF001 (the Greek letter is meant)
        (r"\\lambda(?![A-Za-z])", "λ"),
        (r"\\frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}", r"\1/\2"),
        (r"\\(?:text|mathrm|mathbf|textbf|textit|emph|texttt|operatorname)\{", ""),
        (r"\\item(?![A-Za-z])", "- "),
        (r"\\(?:sub)*section\*?\{([^{}]{0,100})\}", r"# \1"),
        (r"\\([A-Za-z]{1,20})", r" \1 "),
        (r"\\[,;:! ]|\\\\", " "),
        (r"(?<![A-Za-z])(lr|eta|η|alpha|α)_?\{?[0t]\}?(?![0-9.])", r"\1"),  # noqa: RUF001 (Greek)
        (r"[{}$`]", ""),
        (r"(?<=\d)[ ]?\*[ ]?(?=\d)", "×"),
        (r"(?<!^)[*]|^[*]{2,3}(?=\S)", ""),
        (r"[_~]", " "),
        (r"\[([^\[\]\n]{1,80})\]\([^()\n]{0,200}\)", r"\1"),
        (r"[ \t\u3000]{2,40}", " "),
    )
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER_OF_TEN = re.compile(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_DASHES = str.maketrans(
    {"−": "-", "\u2010": "-", "\u2011": "-", "\u00ad": "", "\u2019": "'", "\u200b": ""}
)


def clean(line: str) -> str:
    """One line without markup, its characters in their plain forms."""
    if not line or line.isspace():
        return ""
    line = _POWER_OF_TEN.sub(lambda m: "10^" + m.group(1).translate(_SUPERSCRIPT), line)
    line = unicodedata.normalize("NFKC", line).translate(_DASHES)
    line = _ANGLE.sub(" ", line)
    for pattern, replacement in _REWRITES:
        line = pattern.sub(replacement, line)
    return line.strip()


def without_comments(text: str) -> str:
    """HTML comments become their line breaks alone, so that line numbers stay."""
    parts = []
    while (start := text.find("<!--")) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += [text[:start], "\n" * text.count("\n", start, end)]
        text = text[end + 3 :]
    return "".join([*parts, text])
