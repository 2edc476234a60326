"""The claimed number of hidden neurons and the claimed batch size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader.written_report.attribution import Mention
from grader.written_report.claims import Claim
from grader.written_report.firmness import Firmness
from grader.written_report.numbers import Number
from grader.written_report.plain_text import Origin, Passage
from grader.written_report.ranking import Reading, ranked
from grader.written_report.vocabulary import Quantity

_MAX_SIZE = 100_000

_ARROW = r"\s?(?:-{1,2}>?|→|=>|–|—|x|×|/|,|:|>|to)\s?"
_ARCHITECTURE = re.compile(
    rf"(?<![\d.]){{inputs}}(?:\s?inputs?)?{_ARROW}(?P<hidden>\d{{1,5}})"
    rf"(?:\s?(?:hidden|relu"
    rf"|\(\s?relu\s?\))[a-z ]{{0,20}})?(?:{_ARROW}relu)?{_ARROW}{{classes}}(?![\d.]\d)"
)
_TWO_STEPS = re.compile(
    rf"(?<![\d.]){{inputs}}{_ARROW}(?P<hidden>\d{{1,5}})\D{{1,60}}(?P=hidden){_ARROW}{{classes}}"
    r"(?![\d.]\d)"
)
_FULL_BATCH = re.compile(
    r"(?i)full[ -]?batch|entire (?:training )?(?:data|set|batch)|whole (?:training )?(?:data"
    r"|set|batch)"
    r"|all (?:the )?(?:400 )?(?:training )?(?:samples|data|examples)(?: at once| together"
    r"| in (?:one|a"
    r" single|each|every)| per| each| as one| for (?:each|every))"
    r"|(?<!mini[ -])(?<!mini)batch gradient"
    r" descent|全批量|全量|整个训练集|ganze[nr]? trainings"
)
_SINGLE = re.compile(
    r"(?i)(?:one|a single|1) (?:training )?(?:sample|example|row|point) (?:at a time|per|each"
    r"|at once|for"
    r" (?:each|every))|sample[ -]by[ -]sample|(?:pure|online|true) (?:sgd|stochastic|learning)"
    r"|online (?:gradient|training|learning)|after (?:each|every) (?:single )?(?:training )?"
    r"(?:sample|example)|逐个样本|单个样本|single[ -]sample|without (?:mini[ -]?)?batch(?:es|ing)"
)
_FULL_VALUE = re.compile(
    r"(?i)[^:=]{0,40}batch[^:=]{0,20}[:=]\s?\W?(?:full|all|whole|entire)(?![a-z])"
)


def read_hidden_size(
    passages: Iterable[Passage], mentions: Sequence[Mention], inputs: int, classes: int
) -> Claim[int] | None:
    """The number of neurons in the hidden layer; "8-16-4" counts as a statement of it."""
    readings = _integers(mentions, Quantity.HIDDEN)
    for passage in passages:
        for template in (_ARCHITECTURE, _TWO_STEPS):
            written = template.pattern.replace("{inputs}", str(inputs))
            pattern = re.compile(written.replace("{classes}", str(classes)), re.IGNORECASE)
            readings += [
                _phrase(passage, match.start("hidden"), int(match["hidden"]), Quantity.HIDDEN)
                for match in pattern.finditer(passage.text)
            ]
    return ranked(readings)


def read_batch_size(
    passages: Iterable[Passage], mentions: Sequence[Mention], samples: int
) -> Claim[int] | None:
    """The batch size; "full batch" is ``samples``, "one sample at a time" is 1."""
    readings = _integers(mentions, Quantity.BATCH)
    for passage in passages:
        for pattern, value in ((_FULL_BATCH, samples), (_SINGLE, 1), (_FULL_VALUE, samples)):
            match = pattern.search(passage.text)
            if match:
                readings.append(_phrase(passage, match.start(), value, Quantity.BATCH))
    return ranked(readings)


def _integers(mentions: Sequence[Mention], quantity: Quantity) -> list[Reading[int]]:
    return [
        Reading(int(m.number.value), m, (m.firmness, m.direct, not m.number.word, -index))
        for index, m in enumerate(mentions)
        if m.quantity is quantity
        and (m.number.integer or m.number.value.is_integer())
        and not m.number.percent
        and m.number.whole is None
        and 1 <= m.number.value <= _MAX_SIZE
    ]


_CONTRAST = re.compile(
    r"(?i)(?:instead of|rather than|compared (?:to|with)|than|not|vs\.?|versus|tried|between|from)"
    r"(?: (?:using|doing|with|a|the)){0,2}\s?\W?$"
)


def _phrase(passage: Passage, place: int, value: int, quantity: Quantity) -> Reading[int]:
    """A reading from a phrase that holds no number of its own."""
    if passage.origin is Origin.FRONT_MATTER:
        firmness = Firmness.FRONT_MATTER
    elif _CONTRAST.search(passage.text[max(0, place - 40) : place]):
        firmness = Firmness.TRIED
    else:
        firmness = Firmness.STATED
    number = Number(place, place, float(value), 0.0, integer=True)
    mention = Mention(quantity, number, firmness, passage, "", "", direct=True)
    return Reading(value, mention, (firmness, 0, 0, 0))
