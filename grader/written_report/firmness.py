"""How firmly a report states a number: as its final choice, or as something that was tried."""

from __future__ import annotations

import re
from enum import IntEnum

from grader.written_report.numbers import Number
from grader.written_report.plain_text import Origin, Passage
from grader.written_report.vocabulary import CHOSEN, CHOSEN_AFTER, TRIED

_CLAUSE_END = re.compile(r"[;.!?。]\s")
_LOG_LINE = re.compile(r"(?i)\W{0,4}(?:epoch|iter(?:ation)?|step)\s{0,3}[:=#]?\s{0,3}\d")


class Firmness(IntEnum):
    """How firmly a number is stated as the final one."""

    TRIED = 0
    STATED = 1
    CHOSEN = 2
    FRONT_MATTER = 3


def firmness_of(passage: Passage, number: Number) -> Firmness:
    """Judged by the words around the number; front matter leaves no doubt."""
    if passage.origin is Origin.FRONT_MATTER:
        return Firmness.FRONT_MATTER
    text = passage.text
    if _LOG_LINE.match(text):
        return Firmness.TRIED
    window = text[max(0, number.start - 70) : number.start]
    clause = _CLAUSE_END.split(window)[-1]
    chosen = _last_end(CHOSEN, clause)
    tried = _last_end(TRIED, clause)
    following = re.split(r"[;.!?,。]", text[number.end : number.end + 60])[0].lstrip(" )")
    if CHOSEN_AFTER.match(following):
        return Firmness.CHOSEN
    if tried > chosen:
        return Firmness.TRIED
    return Firmness.CHOSEN if chosen >= 0 else Firmness.STATED


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)
