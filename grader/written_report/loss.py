"""The claimed loss function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader.written_report.claims import Claim, LossName
from grader.written_report.plain_text import Origin, Passage
from grader.written_report.ranking import combined, quote

_NAMES: tuple[tuple[LossName, re.Pattern[str]], ...] = (
    (
        "cross_entropy",
        re.compile(
            r"cross[ -]{0,2}entropy|crossentropy|log[ -]?loss|logistic loss|(?<![a-z])(?:nll"
            r"|ce)(?![a-z])"
            r"|negative log|log[ -]?likelihood|softmax[ -](?:loss|cost|cross|objective|log)"
            r"|softmax (?:function )?(?:as|for) (?:the |our )?loss|loss.{0,20}softmax"
            r"|交叉熵|交差エントロピー|교차 ?엔트로피"
            r"|kreuzentropie|entropie croisée|entrop[ií]a cruzada|entropia incrociata",
            re.IGNORECASE,
        ),
    ),
    (
        "squared_error",
        re.compile(
            r"(?:mean|sum of|least)[ -]squared?s?|squared[ -](?:error|loss)|(?<![a-z])mse(?![a-z])"
            r"|quadratic (?:loss|cost)|均方误差|平方误差|平均二乗誤差|mittlere[rn]? quadratische",
            re.IGNORECASE,
        ),
    ),
    (
        "hinge",
        re.compile(r"hinge|(?<![a-z])svm loss|max[ -]margin|合页损失", re.IGNORECASE),
    ),
)
# A formula: something called a loss, a minus, a logarithm.
_LOSS_SYMBOL = r"(?:loss|cost|(?<!\w)[LJE](?![a-z])(?: ?\([^()\n]{0,40}\))?(?: ?i)?(?= ?=)|损失)"
_FORMULA = re.compile(
    rf"(?:{_LOSS_SYMBOL})[^\n]{{0,120}}?-[^\n]{{0,80}}?(?<![a-z])(?:log|ln)(?:\s?[(\[| ]"
    rf"|\s?[a-zŷ])",
    re.IGNORECASE,
)
_LOGARITHM = re.compile(r"(?i)(?<![a-z])-?\s?(?:log|ln)(?![a-z])")
_CONTRAST = re.compile(
    r"(?i)(?:instead of|rather than|compared (?:to|with)|than|not|versus|vs\.?|unlike|tried)"
    r"(?: (?:using|the|a|with)){0,2}\s?$"
)
_FRONT_KEY = re.compile(r"(?i)^(?:loss|cost|objective|损失)[^:]{0,40}:\s?(.{1,500})$")


def read_loss(passages: Iterable[Passage]) -> Claim[LossName] | None:
    """Which loss the report defines, by name or by formula."""
    found = list(_readings(passages))
    for least in (2, 1):
        firm = [reading for reading in found if reading[0] >= least]
        found = firm or found
    claims: dict[LossName, Claim[LossName]] = {}
    for _, claim in sorted(found, key=lambda reading: -reading[0]):
        claims.setdefault(claim.value, claim)
    return combined(list(claims.values()))


def _readings(passages: Iterable[Passage]) -> Iterator[tuple[int, Claim[LossName]]]:
    for passage in passages:
        text = passage.text
        in_front = passage.origin is Origin.FRONT_MATTER
        hits: list[tuple[LossName, int]] = [
            (name, match.start())
            for name, pattern in _NAMES
            if (match := pattern.search(text)) is not None
        ]
        formula = _FORMULA.search(text)
        if not hits and formula is None and re.search(r"(?i)loss|损失|cost", passage.heading):
            formula = _LOGARITHM.search(text)
        if formula is not None:
            hits.append(("cross_entropy", formula.start()))
        for name, place in hits:
            contrast = _CONTRAST.search(text[max(0, place - 40) : place])
            firmness = 2 if in_front else 0 if contrast else 1
            yield firmness, Claim(name, quote(passage, place), passage.line)
        if in_front and not hits:
            yield from _front_value(passage)


def _front_value(passage: Passage) -> Iterator[tuple[int, Claim[LossName]]]:
    match = _FRONT_KEY.match(passage.text)
    # "loss: 0.12" is a measured value, no definition.
    if match is None or not re.search(r"[^\W\d_]{3}", match[1]):
        return
    name: LossName = "cross_entropy" if _LOGARITHM.search(match[1]) else "other"
    if re.fullmatch(r"(?i)\W?softmax\W?", match[1]):
        name = "cross_entropy"
    yield 2, Claim(name, quote(passage, match.start(1)), passage.line)
