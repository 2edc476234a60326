"""The claimed accuracy on the test lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from grader.written_report.attribution import Firmness, Mention
from grader.written_report.claims import Claim
from grader.written_report.ranking import Reading, ranked
from grader.written_report.vocabulary import NOT_OURS, TEST, TRAIN, VALIDATION, Quantity

_TRAINING_SAMPLES = 400


class _Of(IntEnum):
    """What an accuracy was measured on; the larger, the likelier it is the claim."""

    NOT_OURS = 0
    TRAIN = 1
    VALIDATION = 2
    UNNAMED = 3
    TEST = 4


def read_accuracy(mentions: Sequence[Mention]) -> Claim[float] | None:
    """The accuracy that the report claims for the test lines, as a fraction.

    Numbers that are said to be about the training lines, or about somebody else's classifier, are
    no readings. Numbers of which nothing is said are, after those said to be about the test.
    """
    readings = []
    for mention in mentions:
        value = _value(mention)
        if value is None:
            continue
        of = _measured_on(mention)
        if of in {_Of.NOT_OURS, _Of.TRAIN}:
            continue
        interval = mention.before.rstrip().endswith(("[", "±"))
        likely = (of, not interval, mention.quantity is Quantity.ACCURACY, mention.firmness)
        readings.append(Reading(value, mention, likely, mention.number.resolution))
    return ranked(readings)


def _value(mention: Mention) -> float | None:
    number = mention.number
    value = number.value
    if number.word:
        return None
    if mention.quantity is Quantity.ERROR:
        plausible = number.percent or not number.integer
        return 1 - value if plausible and 0 <= value <= 1 else None
    if mention.quantity is not Quantity.ACCURACY:
        return None
    if number.percent or number.whole is not None:
        return value if 0 <= value <= 1 else None
    if number.integer and value <= 1 and not mention.direct:
        return None
    if 0 <= value <= 1:
        return value
    # "accuracy: 93.0", without the percent sign
    return value / 100 if mention.direct and 1 < value <= 100 else None


def _measured_on(mention: Mention) -> _Of:
    if mention.number.whole == _TRAINING_SAMPLES:
        return _Of.TRAIN
    after = re.split(r"[;,.。]|\band\b|\bwhile\b|\bbut\b", mention.after)[0]
    # "99 % on the training set": right after the number it is certain.
    beside = re.match(
        r"\s?(?:accuracy |accurate |correct |acc )?[(\[]?(?:on|for|in|at|over|of|auf|sur|en)?\s?"
        r"(?:the |our |all )?(?:[0-9]{1,3} |last |first |unseen )?(?P<what>\S{1,14}(?: \S{1,12})?)",
        after,
    )
    if beside:
        found = _of(beside["what"])
        if found is not None:
            return found
    for text in (mention.before, after, mention.passage.text, mention.passage.heading):
        found = _of(text)
        if found is not None:
            return found
        if text is mention.before and mention.firmness is Firmness.FRONT_MATTER:
            break
    return _Of.UNNAMED


def _of(text: str) -> _Of | None:
    """What the last hint in the text says; None when it holds none."""
    hints = [
        (match.end(), of)
        for of, pattern in (
            (_Of.NOT_OURS, NOT_OURS),
            (_Of.TRAIN, TRAIN),
            (_Of.VALIDATION, VALIDATION),
            (_Of.TEST, TEST),
        )
        for match in pattern.finditer(text)
    ]
    return max(hints)[1] if hints else None
