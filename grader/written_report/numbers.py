"""The numbers of a passage: as written, what they mean, and how precisely they are stated."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_NUMBERS = 400

_UP_TO_TWENTY = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_WORDS = {
    **{word: value for value, word in enumerate(_UP_TO_TWENTY, start=1)},
    "twenty-four": 24,
    "thirty": 30,
    "thirty-two": 32,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "sixty-four": 64,
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
}
_WORD = "|".join(
    sorted((re.escape(w).replace(r"\-", "[- ]") for w in _WORDS), key=len, reverse=True)
)

_PERCENT = (
    r"\s?(?:%|percent(?![a-z])|per cent(?![a-z])|pct(?![a-z])|prozent|pour ?cents?|por ?cientos?)"
)
_DECIMAL = (
    r"\d{1,3}(?:,\d{3}){1,3}(?![\d.,])"  # 1,000
    r"|0,\d{1,6}(?!,?\d)"  # 0,1 in much of Europe
    rf"|\d{{1,3}},\d{{1,3}}(?={_PERCENT})"  # 93,5 %
    r"|\d{1,9}(?:\.\d{1,15})?"
    r"|\.\d{1,15}"
)
_EXPONENT = r"[eE][-+]?\d{1,2}|\s?[x×·]\s?10\s?\^?\s?[-+]?\s?\d{1,2}(?!\d)|\s?\^\s?[-+]?\s?\d{1,2}"

_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9.])(?<!\^)(?P<body>{_DECIMAL})(?P<exponent>{_EXPONENT})?"
    rf"(?P<percent>{_PERCENT})?(?:\s?(?:±|\+/-|\+-)\s?(?P<spread>\d{{1,3}}(?:\.\d{{1,6}})?)"
    rf"(?P<percent2>{_PERCENT})?)?(?![\d%])(?!(?:st|nd|rd|th|D|d)(?![a-z]))"
    rf"|(?<![^\W\d_])(?P<word>{_WORD})(?![^\W\d_])",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?<![\w.])(?P<part>\d{1,4})(?:\s?/\s?|\s(?:out\s)?of\s(?:the\s|all\s|our\s|its\s)?(?:last\s)?)"
    r"(?P<whole>\d{2,4})(?![\w/]|\.\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number in a passage."""

    start: int
    end: int
    value: float
    resolution: float
    """Half a unit of the last digit stated (or the stated spread), in the units of ``value``."""
    percent: bool = False
    """It was written with a percent sign; ``value`` is the fraction."""
    whole: int | None = None
    """It was written as a fraction, "93 of 100": the 100."""
    integer: bool = False
    """It was written without a decimal point or exponent."""
    word: bool = False
    """It was written in words."""


def numbers(text: str) -> list[Number]:
    """The numbers of a passage in order; fractions count as one number."""
    fractions = [_fraction(match) for match in _FRACTION.finditer(text)]
    found = [f for f in fractions if f is not None]
    taken = [(f.start, f.end) for f in found]
    for match in _NUMBER.finditer(text):
        inside = any(start < match.end() and match.start() < end for start, end in taken)
        number = None if inside else _number(match)
        if number is not None:
            found.append(number)
        if len(found) >= _MAX_NUMBERS:
            break
    return sorted(found, key=lambda number: number.start)


def _fraction(match: re.Match[str]) -> Number | None:
    part, whole = int(match["part"]), int(match["whole"])
    if not 0 <= part <= whole or whole < 20:
        return None
    return Number(match.start(), match.end(), part / whole, 0.0, whole=whole)


def _number(match: re.Match[str]) -> Number | None:
    if match["word"] is not None:
        key = re.sub(r"\s", "-", match["word"].lower())
        value = float(_WORDS.get(key, _WORDS.get(key.replace("-", " "), 0)))
        return Number(match.start(), match.end(), value, 0.0, integer=True, word=True)
    body = match["body"]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", body) and not body.startswith("0"):
        body = body.replace(",", "")
    body = body.replace(",", ".")
    power = _power(match["exponent"] or "")
    # Read as one literal: 3e-1 is 0.3, but 3.0 * 10.0**-1 is not.
    value = float(f"{body}e{power}")
    if match["exponent"] and match["exponent"].strip().startswith("^"):
        value = 10.0**power if body == "10" else float(body)
    digits = len(body.partition(".")[2])
    resolution = 0.5 * 10.0 ** (power - digits)
    percent = bool(match["percent"] or match["percent2"])
    if match["spread"]:
        resolution = max(resolution, float(match["spread"]))
    if percent:
        value, resolution = value / 100, resolution / 100
    return Number(
        match.start(),
        match.end(),
        value,
        resolution,
        percent=percent,
        integer=digits == 0 and not match["exponent"],
    )


def _power(exponent: str) -> int:
    """The power of ten of "e-3", "x 10^-3" or, after a 10, "^-3"."""
    compact = exponent.replace(" ", "").lower()
    digits = re.sub(r"^(?:e|[x×·]10\^?|\^)", "", compact)
    return int(digits) if digits else 0
