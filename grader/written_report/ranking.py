"""From several readings of a report to one claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from grader.untrusted import shown
from grader.written_report.attribution import Mention
from grader.written_report.claims import Claim
from grader.written_report.firmness import Firmness
from grader.written_report.plain_text import Passage

T = TypeVar("T")

_MAX_READINGS = 8
_QUOTE = 120


@dataclass(frozen=True)
class Reading(Generic[T]):
    """One number, read as the value of a claim."""

    value: T
    mention: Mention
    likely: tuple[int, ...]
    """Compared as a tuple; the largest is the likeliest reading."""
    resolution: float = 0.0


def ranked(readings: Iterable[Reading[T]]) -> Claim[T] | None:
    """The likeliest reading as a claim, with the others as its alternatives.

    Front matter leaves no doubt: beside it nothing else is read. Values only tried are readings
    where nothing firmer is stated.
    """
    kept = list(readings)
    for least in (Firmness.FRONT_MATTER, Firmness.STATED):
        firm = [r for r in kept if r.mention.firmness >= least]
        kept = firm or kept
    kept.sort(key=lambda reading: reading.likely, reverse=True)
    claims: dict[T, Claim[T]] = {}
    for reading in kept:
        place = reading.mention.number.start
        claim = Claim(
            reading.value,
            quote(reading.mention.passage, place),
            reading.mention.passage.line,
            reading.resolution,
        )
        claims.setdefault(reading.value, claim)
    return combined(list(claims.values()))


def combined(claims: list[Claim[T]]) -> Claim[T] | None:
    """The first claim with the others as its alternatives; None when there is none."""
    if not claims:
        return None
    first = claims[0]
    others = tuple(claims[1:_MAX_READINGS])
    return Claim(first.value, first.quote, first.line, first.resolution, others)


def quote(passage: Passage, place: int) -> str:
    """The words around a place in a passage."""
    text = passage.text
    if len(text) <= _QUOTE:
        return shown(text, _QUOTE)
    start = max(0, min(place - _QUOTE // 2, len(text) - _QUOTE + 2))
    return shown(("…" if start else "") + text[start : start + _QUOTE - 2], _QUOTE)
