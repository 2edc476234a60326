"""The claimed learning-rate strategy: a rate, a schedule, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.written_report.attribution import Mention
from grader.written_report.claims import Claim, LearningRate
from grader.written_report.firmness import Firmness
from grader.written_report.plain_text import Origin, Passage
from grader.written_report.ranking import combined, quote
from grader.written_report.vocabulary import LABELS, Quantity

_MAX_RATE = 20.0

# In the order in which they decide: a named schedule before a vague one.
_SCHEDULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("cosine", r"cosine|余弦|kosinus|cosinus|coseno"),
        ("cyclic", r"cyclic(?:al)?|one[ -]?cycle|restarts?"),
        (
            "plateau",
            r"plateau|stops? (?:improving|falling|decreasing)|no longer (?:falls|improves)",
        ),
        ("inverse time", r"/ ?\(? ?1 ?\+|1 ?/ ?t(?![a-z])|inverse(?:[ -]time|ly)|1/sqrt|1/√"),
        (
            "step",
            (
                r"step[ -]?(?:wise|decay|schedule|lr)|steps? (?:at|after|down)|halv(?:ed"
                r"|es|ing|e)|(?:divid|drop|reduc"
                r"|decreas|cut|lower)"
                r"\w{0,5} .{0,40}(?:after|every|each|at) .{0,20}(?:epoch|iteration)|in half|减半"
                r"|milestone"
                r"|piecewise|halbiert"
            ),
        ),
        (
            "exponential",
            (
                r"exponential|(?:multipl|decay)\w{0,5} .{0,40}0?\.\d{1,5}.{0,30}(?:epoch"
                r"|iteration|step)"
                r"|(?:epoch|iteration|step).{0,30}(?:multipl|decay)\w{0,5} .{0,30}0?\.\d"
                r"|指数|每.{0,12}乘以"
            ),
        ),
        ("linear", r"linear(?:ly)?(?! (?:layer|model|class|unit|reg|rect|act))|线性"),
        ("warm-up", r"warm[ -]?up|预热"),
        (
            "constant",
            (
                r"constant|fixed|kept (?:the same|unchanged|at)|unchanged|not chang|no (?:decay"
                r"|schedule)"
                r"|without (?:any )?(?:decay|schedule)|does not (?:change|decay)"
                r"|did not (?:change|decay)|same"
                r" (?:for|during|through)|固定|恒定|不变|konstant|constante?|costante"
            ),
        ),
        ("adaptive", r"(?<![a-z])(?:adam|adamw|rmsprop|adagrad|adadelta|adaptive)(?![a-z])|自适应"),
        (
            "decay",
            r"(?<!weight )decay|anneal|decreas|reduc|shrink|lower(?:ed|ing)|衰减|下降|递减|schedul",
        ),
    )
)
_CONTEXT = re.compile(
    "|".join(p.pattern for quantity, p in LABELS if quantity is Quantity.RATE)
    + r"|(?<!weight )decay|anneal|schedul|衰减",
    re.IGNORECASE,
)
_LOST_SUPERSCRIPT = re.compile(r"10\s?-\s?([1-7])(?!\d|\.\d)")


def read_learning_rate(
    passages: Sequence[Passage], mentions: Sequence[Mention]
) -> Claim[LearningRate] | None:
    """The learning rate and how it changes; every stated rate is a reading."""
    rates = _rates(mentions)
    schedule = _schedule(passages)
    if not rates:
        if schedule is None:
            return None
        name, passage, place = schedule
        return Claim(LearningRate(None, name), quote(passage, place), passage.line)
    return combined(
        [
            Claim(
                LearningRate(rate, schedule[0] if schedule else None),
                quote(mention.passage, mention.number.start),
                mention.passage.line,
                mention.number.resolution,
            )
            for rate, mention in rates
        ]
    )


def _rates(mentions: Sequence[Mention]) -> list[tuple[float, Mention]]:
    found: dict[float, Mention] = {}
    usable = [
        (rate, mention)
        for mention in mentions
        if mention.quantity is Quantity.RATE and (rate := _rate(mention)) is not None
    ]
    for least in (Firmness.FRONT_MATTER, Firmness.STATED):
        firm = [(rate, mention) for rate, mention in usable if mention.firmness >= least]
        usable = firm or usable
    usable.sort(key=lambda pair: (pair[1].firmness, pair[1].direct), reverse=True)
    for rate, mention in usable:
        found.setdefault(rate, mention)
    return list(found.items())


def _rate(mention: Mention) -> float | None:
    number = mention.number
    if number.percent or number.word or number.whole is not None:
        return None
    text = mention.passage.text
    lost = _LOST_SUPERSCRIPT.match(text, number.start)
    if lost and number.value == 10:
        return 10.0 ** -int(lost[1])
    if text[max(0, number.start - 1) : number.start] == "-" and re.search(
        r"10\s?-$", text[: number.start]
    ):
        return None
    return number.value if 0 < number.value <= _MAX_RATE else None


def _schedule(passages: Sequence[Passage]) -> tuple[str, Passage, int] | None:
    """The first schedule in the order of the list above, front matter before prose."""
    about: list[Passage] = []
    spoken_of = False
    for passage in passages:
        named = _CONTEXT.search(passage.text) or _CONTEXT.search(passage.heading)
        # "... starts with 0.1. Every 100 epochs it is halved."
        if named or (spoken_of and passage.origin is Origin.PROSE):
            about.append(passage)
        spoken_of = bool(named)
    front = [passage for passage in about if passage.origin is Origin.FRONT_MATTER]
    for group in (front, about):
        for name, pattern in _SCHEDULES:
            for passage in group:
                match = pattern.search(passage.text)
                if match:
                    return name, passage, match.start()
    return None
