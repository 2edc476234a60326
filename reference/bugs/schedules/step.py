"""Step decay and GoogLeNet's schedule, and the mistakes in them.

rate_now = rate factor ** drops, where drops = ⌊epoch / every⌋
"""

from __future__ import annotations

from collections.abc import Callable

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.schedules.falling import schedule

_FORMULAS = {
    "drops": lambda q: q.epoch // q.every,
    "share": lambda q: q.factor**q.drops,
}

STEP = schedule("step_decay", ("epoch", "factor", "every"), **_FORMULAS)
GOOGLENET = schedule(
    "googlenet_decay", ("epoch",), factor=lambda _: 0.96, every=lambda _: 8, **_FORMULAS
)

bug = bugs_of(STEP)
googlenet_bug = bugs_of(GOOGLENET)


def _step_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    return (
        bug(
            "falls_every_epoch",
            "the rate falls a little in every epoch; it should stay, and fall in steps",
            "what should the rate be in the second epoch?",
            drops=lambda q: q.epoch / q.every,
        ),
        bug(
            "factor_every_epoch",
            "the whole factor is applied in every epoch; it should be once every few epochs",
            "what should the rate be in the second epoch?",
            drops=lambda q: q.epoch,
        ),
        bug(
            "one_epoch_early",
            "the rate falls one epoch too early, as if epochs were counted from 1; they count from "
            "0",
            "which is the first epoch with the lower rate?",
            drops=lambda q: (q.epoch + 1) // q.every,
        ),
        bug(
            "one_epoch_late",
            "the rate falls one epoch too late; epochs count from 0",
            "which is the first epoch with the lower rate?",
            drops=lambda q: (q.epoch - 1) // q.every,
        ),
        bug(
            "late_but_for_the_first",
            "the rate falls one epoch too late: it is still the old one in the epoch in which it "
            "should fall",
            "which is the first epoch with the lower rate?",
            drops=lambda q: max(q.epoch - 1, 0) // q.every,
        ),
        bug(
            "rounded",
            "the number of steps is rounded to the nearest; a step counts when it is complete",
            "which is the first epoch with the lower rate?",
            drops=lambda q: round(q.epoch / q.every),
        ),
        bug(
            "only_once",
            "the rate falls once and never again; it should fall every few epochs",
            "what should the rate be after three times as many epochs?",
            drops=lambda q: min(q.epoch // q.every, 1),
        ),
        bug(
            "only_in_that_epoch",
            "the rate is lower in the epoch of a step only, and then back at the first rate",
            "what should the rate be in the epoch after a step?",
            drops=lambda q: int(q.epoch > 0 and q.epoch % q.every == 0),
        ),
        bug(
            "remainder",
            "the power is the remainder of the division; it should be the number of complete steps",
            "what is the difference between // and %?",
            drops=lambda q: q.epoch % q.every,
        ),
        bug(
            "straight_line",
            "each step takes the same amount off; each should take the same share of what is left",
            "how does the rate go from the first step to the second?",
            share=lambda q: 1 - (1 - q.factor) * q.drops,
        ),
        bug(
            "times_drops",
            "the factor is multiplied with the number of steps; it should be raised to its power",
            "what should the rate be in epoch 0?",
            share=lambda q: q.factor * q.drops,
        ),
        bug(
            "loss_for_rest",
            "the factor is taken for what is lost; it is what remains",
            "how large is the rate after the first step?",
            share=lambda q: (1 - q.factor) ** q.drops,
        ),
        bug(
            "rising",
            "the rate rises: it is divided by the factor; it should be multiplied with it",
            "is the rate larger or smaller after a step?",
            share=lambda q: q.factor**-q.drops,
        ),
        bug(
            "rate_ignored",
            "the first rate is not used; it should multiply the whole",
            "what should the rate be in epoch 0?",
            rate_now=lambda q: q.share,
        ),
        bug(
            "constant",
            "the rate never changes; it should fall in steps",
            "where does your code use epoch?",
            share=lambda _: 1,
        ),
    )


STEP_BUGS = _step_bugs(bug)

GOOGLENET_BUGS = (
    *_step_bugs(googlenet_bug),
    googlenet_bug(
        "forty_percent",
        "the rate falls by 40 % at a time; it should be 4 %",
        "what remains when 4 % are lost?",
        factor=lambda _: 0.6,
    ),
    googlenet_bug(
        "a_tenth_remains",
        "the rate is divided by 10 at a time; it should lose 4 %",
        "what remains when 4 % are lost?",
        factor=lambda _: 0.1,
    ),
    googlenet_bug(
        "divided_by_1_04",
        "the rate is divided by 1.04; to lose 4 % is a little more",
        "what remains of 100 when 4 % are lost?",
        factor=lambda _: 1 / 1.04,
    ),
    googlenet_bug(
        "four_percent_more",
        "the rate grows by 4 % at a time; it should lose 4 %",
        "is the rate larger or smaller after a step?",
        factor=lambda _: 1.04,
    ),
    googlenet_bug(
        "eight_percent_every_four",
        "the rate loses 8 % every 4 epochs; it should be 4 % every 8",
        "which of the two numbers is the share?",
        factor=lambda _: 0.92,
        every=lambda _: 4,
    ),
)
