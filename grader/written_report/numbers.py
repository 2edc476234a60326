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
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = _UP_TO_TWENTY[:9]
_WORDS = {
    **{word: value for value, word in enumerate(_UP_TO_TWENTY, start=1)},
    **{word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{
        f"{tens}-{unit}": 10 * ten + value
        for ten, tens in enumerate(_TENS, start=2)
        for value, unit in enumerate(_UNITS, start=1)
    },
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
}
_WORD = (
    rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)})(?![a-z]))?"
    rf"|(?:a |one )?hundred|{'|'.join(sorted(_UP_TO_TWENTY, key=len, reverse=True))}"
)
_HUNDRED = r"(?:a|one)[ -]hundred|hundred"
# "ninety-six point five"
_DIGITS = {"zero": "0", **{word: str(value) for value, word in enumerate(_UNITS, start=1)}}
_POINT = rf"\spoint(?P<decimals>(?:[ -](?:{'|'.join(_DIGITS)})(?![a-z])){{1,4}})"

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
    rf"|(?<![^\W\d_])(?P<word>{_WORD})(?![^\W\d_])(?:(?:{_POINT})?(?P<word_percent>{_PERCENT}))?",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"(?<![\w.])(?P<part>\d{{1,4}}|(?:{_WORD}))"
    r"(?:\s?/\s?|\s(?:out\s)?of\s(?:the\s|all\s|our\s|its\s)?(?:last\s)?)"
    rf"(?P<whole>\d{{2,4}}|{_HUNDRED})(?![\w/]|\.\d)",
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
    whole = int(match["whole"]) if match["whole"].isdigit() else 100
    spelt = not match["part"].isdigit()
    part = _in_words(match["part"]) if spelt else int(match["part"])
    if not 0 <= part <= whole or whole < 20:
        return None
    if spelt and 2 * part < whole:
        return None  # "one of the 32 neurons" is no share
    return Number(match.start(), match.end(), part / whole, 0.0, whole=whole)


def _number(match: re.Match[str]) -> Number | None:
    if match["word"] is not None:
        value = float(_in_words(match["word"]))
        if match["word_percent"]:
            decimals = "".join(_DIGITS[d] for d in re.findall(r"[a-z]+", _decimals(match)))
            share = float(f"{value:g}.{decimals or 0}") / 100
            resolution = 0.005 * 10.0 ** -len(decimals)
            return Number(match.start(), match.end(), share, resolution, percent=True)
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


def _in_words(text: str) -> int:
    key = re.sub(r"\s", "-", text.lower())
    return _WORDS.get(key, _WORDS.get(key.replace("-", " "), 0))


def _decimals(match: re.Match[str]) -> str:
    return (match["decimals"] or "").lower()


def _power(exponent: str) -> int:
    """The power of ten of "e-3", "x 10^-3" or, after a 10, "^-3"."""
    compact = exponent.replace(" ", "").lower()
    digits = re.sub(r"^(?:e|[x×·]10\^?|\^)", "", compact)
    return int(digits) if digits else 0
