"""The claimed accuracy on the test lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from grader.written_report.attribution import Mention
from grader.written_report.claims import Claim
from grader.written_report.firmness import Firmness
from grader.written_report.links import LIST_LINK
from grader.written_report.ranking import Reading, ranked
from grader.written_report.vocabulary import NOT_OURS, TEST, TRAIN, VALIDATION, Quantity


class _Of(IntEnum):
    """What an accuracy was measured on; the larger, the likelier it is the claim."""

    NOT_OURS = 0
    TRAIN = 1
    VALIDATION = 2
    UNNAMED = 3
    TEST = 4


def read_accuracy(mentions: Sequence[Mention], samples: int) -> Claim[float] | None:
    """The accuracy that the report claims for the test lines, as a fraction.

    Numbers that are said to be about the training lines, or about somebody else's classifier, are
    no readings. Numbers of which nothing is said are, after those said to be about the test.

    Args:
        mentions: all numbers of the report.
        samples: for training; "396 of 400" is about them.
    """
    readings = []
    usable = [(m, value) for m in mentions if (value := _value(m)) is not None]
    in_turn = _in_turn([mention for mention, _ in usable])
    for mention, value in usable:
        of = in_turn.get(id(mention)) or _measured_on(mention, samples)
        if of in {_Of.NOT_OURS, _Of.TRAIN}:
            continue
        interval = mention.before.rstrip().endswith(("[", "±"))
        likely = (of, not interval, mention.quantity is Quantity.ACCURACY, mention.firmness)
        readings.append(Reading(value, mention, likely, mention.number.resolution))
    return ranked(readings)


def _in_turn(usable: Sequence[Mention]) -> dict[int, _Of]:
    """By order: "the training and test accuracy are 99 % and 93 %"."""
    chains: list[list[Mention]] = []
    for mention in usable:
        follows = chains and chains[-1][-1].passage is mention.passage
        if follows and LIST_LINK.fullmatch(mention.before):
            chains[-1].append(mention)
        else:
            chains.append([mention])
    found: dict[int, _Of] = {}
    for chain in chains:
        hints = [of for _, of in _hints(chain[0].before)]
        if len(chain) > 1 and len(hints) == len(chain):
            found |= {id(mention): of for mention, of in zip(chain, hints, strict=True)}
    return found


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


# What separates this number's words from those of the one before it.
_TURN = re.compile(r"[;,(|]| to | and | but | while | whereas | / ")
# "99 % on the training set": right after the number it is certain.
_BESIDE = re.compile(
    r"\s?(?:accuracy |accurate |correct |acc )?[(\[]?(?:on|for|in|at|over|of|auf|sur|en)?\s?"
    r"(?:the |our |all )?(?:[0-9]{1,3} |last |first |unseen )?"
    r"(?P<what>[^\s/|,;&]{1,14}(?: \S{1,12})?)"
)
# "92 % (training 98 %)": what the parenthesis says is about its own number.
_OPENS_ASIDE = re.compile(r"\s?[(\[][^)\]]*$")
_BEFORE_TRAINING = re.compile(
    r"(?i)^.{0,30}?(?:before (?:any )?training|untrained|at initiali[sz])"
)


def _measured_on(mention: Mention, samples: int) -> _Of:
    if mention.number.whole == samples:
        return _Of.TRAIN
    after = re.split(r"[;,.。]|\b(?:and|while|but|to)\b", mention.after)[0]
    if _OPENS_ASIDE.match(after):
        after = ""
    if _BEFORE_TRAINING.match(after):
        return _Of.NOT_OURS
    beside = _BESIDE.match(after)
    own = _TURN.split(mention.before)[-1]
    for text in (beside["what"] if beside else "", own, mention.before, after):
        hints = _hints(text)
        if hints:
            return hints[-1][1]
    if mention.firmness is not Firmness.FRONT_MATTER:
        for text in (mention.passage.text, mention.passage.heading):
            hints = _hints(text)
            if hints:
                return hints[-1][1]
    return _Of.UNNAMED


@lru_cache(maxsize=64)  # a passage with many numbers is asked about once for each
def _hints(text: str) -> tuple[tuple[int, _Of], ...]:
    """The places in a text that say what an accuracy was measured on, in order."""
    found = (
        (match.end(), of)
        for of, pattern in (
            (_Of.NOT_OURS, NOT_OURS),
            (_Of.TRAIN, TRAIN),
            (_Of.VALIDATION, VALIDATION),
            (_Of.TEST, TEST),
        )
        for match in pattern.finditer(text)
    )
    return tuple(sorted(found))
