"""Which quantity each number of a passage belongs to, and how firmly the report states it.

For a number, the first of these decides:

1. a label directly before it, with nothing but "is", "of", "=" and the like between;
2. a unit directly after it ("32 samples per batch");
3. the nearest label before it in the passage, unless that label has had its number already and
   the two numbers are not parts of one list;
4. the heading the passage stands under;
5. the quantity that was spoken of last, where the passage names none but a choice ("We chose 16").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from grader.written_report.firmness import Firmness, firmness_of
from grader.written_report.links import CHANGE_LINK, LABEL_LINK, LIST_LINK, SETS_LINK
from grader.written_report.numbers import Number, numbers
from grader.written_report.plain_text import Passage
from grader.written_report.vocabulary import (
    CHOSEN,
    CHOSEN_AFTER,
    LABELS,
    TEST,
    UNITS,
    Quantity,
)

_NEAR = 90
_MAX_MENTIONS = 2_000


@dataclass(frozen=True)
class Mention:
    """A number with the quantity it belongs to."""

    quantity: Quantity
    number: Number
    firmness: Firmness
    passage: Passage
    before: str
    """The text from the previous number to this one."""
    after: str
    """The text from this number to the next one."""
    direct: bool
    """A label or a unit stands right beside it."""


@dataclass(frozen=True)
class _Label:
    quantity: Quantity
    start: int
    end: int


_REACHED = re.compile(
    r"(?i)(?<![a-z])(?:get|got|gets|reach|achiev|obtain|gave|gives|yield|scor|attain|erreich|达到)"
)
_RESPECTIVELY = re.compile(r"(?i)respectively|resp\.|分别|jeweils|respectivement|respectivamente")


def mentions(passages: Iterable[Passage]) -> list[Mention]:
    """The numbers of a report that belong to a quantity; at most the first few thousand."""
    return list(islice(_mentions(passages), _MAX_MENTIONS))


def _mentions(passages: Iterable[Passage]) -> Iterator[Mention]:
    last: Quantity | None = None
    for passage in passages:
        labels = _labels(passage.text)
        yield from _in_passage(passage, labels, last)
        spoken = [label.quantity for label in labels if label.quantity is not Quantity.OTHER]
        if spoken:
            last = spoken[-1]


def _labels(text: str) -> list[_Label]:
    """The labels of a passage; where two overlap, the longer one."""
    found = [
        _Label(quantity, match.start(), match.end())
        for quantity, pattern in LABELS
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda label: (label.start, label.start - label.end))
    kept: list[_Label] = []
    for label in found:
        if kept and label.start < kept[-1].end:
            if label.end - label.start > kept[-1].end - kept[-1].start:
                kept[-1] = label
            continue
        kept.append(label)
    return kept


def _in_passage(passage: Passage, labels: list[_Label], last: Quantity | None) -> Iterator[Mention]:
    text = passage.text
    found = numbers(text)
    if not found:
        return
    in_turn = _respectively(text, labels, found)
    unlabelled = _unlabelled(passage, labels, last)
    reached = _REACHED.search(text) is not None
    previous: tuple[Number, Quantity | None] | None = None
    for index, number in enumerate(found):
        before = text[(found[index - 1].end if index else 0) : number.start]
        after = text[number.end : found[index + 1].start if index + 1 < len(found) else len(text)]
        direct = True
        quantity = in_turn.get(index) or _fraction(text, number) or _by_label(text, labels, number)
        if quantity is None:
            quantity, width = _by_unit(after, number)
            # A word that was this number's unit is no label of the next number.
            unit = range(number.end, number.end + width)
            labels = [label for label in labels if label.start not in unit]
        if quantity is None:
            direct = False
            quantity = _by_nearest(text, labels, number, previous)
        if quantity is None and not any(label.end <= number.start for label in labels):
            quantity = next((q for q in unlabelled if _fits(q, number)), None)
        if quantity is None and number.percent and reached:
            quantity = Quantity.ACCURACY
        previous = number, quantity
        if quantity is not None and quantity is not Quantity.OTHER:
            firmness = firmness_of(passage, number)
            yield Mention(quantity, number, firmness, passage, before, after, direct)


def _unlabelled(
    passage: Passage, labels: list[_Label], last: Quantity | None
) -> tuple[Quantity, ...]:
    """What a number may be that no label in the passage stands before."""
    heading = [label.quantity for label in _labels(passage.heading)]
    under = tuple(quantity for quantity in heading if quantity is not Quantity.OTHER)
    if not under and last is not None and not labels and CHOSEN.search(passage.text):
        return (last,)
    return under


def _respectively(text: str, labels: list[_Label], found: list[Number]) -> dict[int, Quantity]:
    """Quantities by order: "the hidden size and the batch size are 16 and 32, respectively"."""
    if not found or not _RESPECTIVELY.search(text):
        return {}
    first = found[0].start
    named = [label.quantity for label in labels if label.end <= first]
    if len(named) < 2 or len(named) != len(found):
        return {}
    return dict(enumerate(named))


_WRONG = re.compile(r"(?i)misclassif|wrong|incorrect|mistake|error|fehler|falsch|错")
_COUNTED = re.compile(
    r"(?i)(?:epoch|iter(?:ation)?|step|trial|run|seed|round|page|question|part)s?\W{0,3}$"
)
_COUNTS = re.compile(
    r"(?i)\s?(?:epoch|iteration|step|trial|run|seed|round|page|question|part|point)"
)
_SCORED = re.compile(r"(?i)(?<![a-z])(?:scor|result|reach|g[eo]ts?(?![a-z])|achiev|obtain|attain)")
_SPLIT = re.compile(r"(?i)split|ratio|points|divid")
_TEST_LINES = 100
_CHANCE = 0.25
_RIGHT = re.compile(r"(?i)correct|right|accura|classif|richtig|正确|准确")


def _fraction(text: str, number: Number) -> Quantity | None:
    """What "93 of 100" counts."""
    if number.whole is None:
        return None
    start = max(0, number.start - 20)
    if _COUNTED.search(text, start, number.start) or _COUNTS.match(text, number.end):
        return Quantity.OTHER
    if _WRONG.search(text):
        return Quantity.ERROR
    if _RIGHT.search(text):
        return Quantity.ACCURACY
    # "We scored 96/100": of as many lines as the test has, and better than by chance.
    of_test = number.whole == _TEST_LINES and number.value > _CHANCE
    scored = _SCORED.search(text) or TEST.search(text)
    return Quantity.ACCURACY if of_test and scored and not _SPLIT.search(text) else None


def _fits(quantity: Quantity, number: Number) -> bool:
    """Whether a number written like this can be such a quantity."""
    share = number.percent or number.whole is not None
    if quantity in {Quantity.HIDDEN, Quantity.BATCH}:
        return not share and number.integer
    if quantity is Quantity.RATE:
        return not share and not number.word
    if quantity in {Quantity.ACCURACY, Quantity.ERROR}:
        return not number.word and (share or number.value <= 100)
    return True


def _counts_things(text: str, number: Number) -> bool:
    """Whether a noun follows: "100 held-out lines" is no accuracy, "accuracy: 93" is one."""
    bare = number.integer and not number.percent and number.whole is None and number.value > 1
    return bare and re.match(r"\s?[^\W\d_]", text[number.end :]) is not None


def _by_label(text: str, labels: list[_Label], number: Number) -> Quantity | None:
    for label in reversed(labels):
        if label.end <= number.start:
            between = text[label.end : number.start]
            near = len(between) <= _NEAR and LABEL_LINK.fullmatch(between)
            if label.quantity is Quantity.ACCURACY and _counts_things(text, number):
                return None
            return label.quantity if near and _fits(label.quantity, number) else None
    return None


def _by_unit(after: str, number: Number) -> tuple[Quantity | None, int]:
    """The quantity whose unit follows, and how far that unit reaches."""
    rest = after.lstrip(" -)")[:120]
    skipped = len(after) - len(after.lstrip(" -)"))
    longest: tuple[int, Quantity] | None = None
    for quantity, pattern in UNITS:
        match = pattern.match(rest)
        if match and _fits(quantity, number) and (longest is None or match.end() > longest[0]):
            longest = match.end(), quantity
    if longest is None:
        return None, 0
    if longest[1] is Quantity.ACCURACY and not (number.percent or number.value <= 1):
        return None, 0
    return longest[1], skipped + longest[0]


def _by_nearest(
    text: str,
    labels: list[_Label],
    number: Number,
    previous: tuple[Number, Quantity | None] | None,
) -> Quantity | None:
    label = next((label for label in reversed(labels) if label.end <= number.start), None)
    if label is None or number.word or not _fits(label.quantity, number):
        return None
    if number.percent and label.quantity in {Quantity.ACCURACY, Quantity.ERROR}:
        return label.quantity
    if label.quantity is Quantity.ACCURACY and _counts_things(text, number):
        return None
    if previous is None or previous[0].start < label.start:
        return label.quantity if number.start - label.end <= _NEAR else None
    between = text[previous[0].end : number.start]
    sets = previous[1] is Quantity.ACCURACY and SETS_LINK.fullmatch(between)
    if sets or LIST_LINK.fullmatch(between) or CHANGE_LINK.fullmatch(between):
        return previous[1]
    if CHOSEN_AFTER.match(text, number.end + 1):
        return label.quantity if label.quantity is not Quantity.OTHER else None
    chosen = CHOSEN.search(between) and not re.search(r"(?i)epoch|iteration", between)
    return label.quantity if chosen and label.quantity is not Quantity.OTHER else None
