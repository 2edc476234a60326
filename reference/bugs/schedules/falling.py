"""Schedules that are a formula of time, and the mistakes in them.

rate_now = rate share, where share is 1 at first
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.sheet import Family, Formula, Formulas, Signature


def schedule(function: str, arguments: tuple[str, ...], **formulas: Formula) -> Family:
    """The family of ``function(rate, *arguments)``; its formulas give ``share``."""

    def given(*values: Any) -> dict[str, Any]:
        return dict(zip(("rate", *arguments), values, strict=True))

    every: Formulas = {"rate_now": lambda q: q.rate * q.share, **formulas}
    return Family(function, every, {function: Signature(given, lambda q: q.rate_now)})


COSINE = schedule(
    "cosine_decay",
    ("epoch", "epochs"),
    passed=lambda q: q.epoch / q.epochs,
    angle=lambda q: math.pi * q.passed,
    share=lambda q: (1 + math.cos(q.angle)) / 2,
)
LINEAR = schedule(
    "linear_decay",
    ("epoch", "epochs"),
    passed=lambda q: q.epoch / q.epochs,
    share=lambda q: 1 - q.passed,
)
INVERSE_SQRT = schedule("inverse_sqrt_decay", ("step",), share=lambda q: 1 / math.sqrt(q.step))
WARMUP = schedule(
    "linear_warmup",
    ("step", "warmup"),
    passed=lambda q: q.step / q.warmup,
    share=lambda q: min(1.0, q.passed),
)

cosine_bug = bugs_of(COSINE)
linear_bug = bugs_of(LINEAR)
sqrt_bug = bugs_of(INVERSE_SQRT)
warmup_bug = bugs_of(WARMUP)


def _clock_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in how far training is, of the schedules with a last epoch."""
    return (
        bug(
            "one_epoch_ahead",
            "the schedule is one epoch ahead, as if epochs were counted from 1; they count from 0",
            "what should the rate be in epoch 0?",
            passed=lambda q: (q.epoch + 1) / q.epochs,
        ),
        bug(
            "zero_an_epoch_early",
            "the rate is 0 one epoch too early: the epoch is divided by epochs - 1; it should be "
            "by epochs",
            "in which epoch does the docstring say the rate is 0?",
            passed=lambda q: q.epoch / (q.epochs - 1),
        ),
        bug(
            "whole_division",
            "the epoch is divided by epochs without decimals, so nothing changes until the end",
            "what is 3 // 10?",
            passed=lambda q: q.epoch // q.epochs,
        ),
        bug(
            "rate_ignored",
            "the first rate is not used; it should multiply the whole",
            "what should the rate be in epoch 0?",
            rate_now=lambda q: q.share,
        ),
        bug(
            "constant",
            "the rate never changes; it should fall from epoch to epoch",
            "where does your code use epoch?",
            share=lambda _: 1,
        ),
    )


COSINE_BUGS = (
    *_clock_bugs(cosine_bug),
    cosine_bug(
        "not_halved",
        "the rate begins at twice the first rate: the half is missing",
        "what should the rate be in epoch 0?",
        share=lambda q: 1 + math.cos(q.angle),
    ),
    cosine_bug(
        "cosine_alone",
        "the rate is that times a cosine, which becomes negative; the wave should be lifted by 1 "
        "and halved",
        "what should the rate be in the last epoch?",
        share=lambda q: math.cos(q.angle),
    ),
    cosine_bug(
        "not_lifted",
        "half a cosine becomes negative; 1 should be added before it is halved",
        "what should the rate be in the last epoch?",
        share=lambda q: math.cos(q.angle) / 2,
    ),
    cosine_bug(
        "half_of_cosine_only",
        "only the cosine is halved, not the 1 before it",
        "what should the rate be in epoch 0?",
        share=lambda q: 1 + math.cos(q.angle) / 2,
    ),
    cosine_bug(
        "whole_wave",
        "the rate goes down and up again: a whole wave; it should be half a wave",
        "what is the cosine of pi, and that of 2 pi?",
        angle=lambda q: 2 * math.pi * q.passed,
    ),
    cosine_bug(
        "quarter_of_a_wave",
        "the wave ends at half the rate: the angle goes to pi / 2; it should go to pi",
        "what should the rate be in the last epoch?",
        angle=lambda q: math.pi / 2 * q.passed,
    ),
    cosine_bug(
        "quarter_cosine",
        "the rate follows the first quarter of a cosine; it should follow the first half, lifted "
        "and halved",
        "how does the curve end: steeply, or flat?",
        share=lambda q: math.cos(q.angle / 2),
    ),
    cosine_bug(
        "no_pi",
        "pi is missing in the angle, so the rate hardly falls",
        "what should the rate be in the last epoch?",
        angle=lambda q: q.passed,
    ),
    cosine_bug(
        "degrees",
        "the angle is in degrees; NumPy and Python expect it in radians",
        "what is half a turn in radians?",
        angle=lambda q: 180 * q.passed,
    ),
    cosine_bug(
        "rising",
        "the rate rises from 0; it should fall to 0",
        "what should the rate be in epoch 0?",
        share=lambda q: (1 - math.cos(q.angle)) / 2,
    ),
    cosine_bug(
        "sine",
        "a sine stands where the cosine should",
        "what should the rate be in epoch 0?",
        share=lambda q: (1 + math.sin(q.angle)) / 2,
    ),
)

LINEAR_BUGS = (
    *_clock_bugs(linear_bug),
    linear_bug(
        "rising",
        "the rate rises from 0; it should fall to 0",
        "what should the rate be in epoch 0?",
        share=lambda q: q.passed,
    ),
    linear_bug(
        "share_subtracted",
        "the share of the epochs is subtracted from the rate itself; it should be from 1, before "
        "the rate is multiplied",
        "what should the rate be in the last epoch?",
        rate_now=lambda q: q.rate - q.passed,
    ),
    linear_bug(
        "not_divided",
        "the epochs that are left are not divided by all epochs",
        "what should the rate be in epoch 0?",
        share=lambda q: q.epochs - q.epoch,
    ),
    linear_bug(
        "squared",
        "the share is squared; the rate should follow a straight line",
        "what should the rate be halfway?",
        share=lambda q: (1 - q.passed) ** 2,
    ),
    linear_bug(
        "hyperbola",
        "the rate is divided by 1 plus the share of the epochs; it should follow a straight line "
        "down to 0",
        "what should the rate be in the last epoch?",
        share=lambda q: 1 / (1 + q.passed),
    ),
    linear_bug(
        "exponential",
        "the rate falls exponentially; it should follow a straight line down to 0",
        "what should the rate be in the last epoch?",
        share=lambda q: math.exp(-q.passed),
    ),
    linear_bug(
        "half_left",
        "the rate falls to half of what it was; it should fall to 0",
        "what should the rate be in the last epoch?",
        share=lambda q: 1 - q.passed / 2,
    ),
)

INVERSE_SQRT_BUGS = (
    sqrt_bug(
        "no_root",
        "the rate is divided by the step; it should be by its square root",
        "what should the rate be in step 4?",
        share=lambda q: 1 / q.step,
    ),
    sqrt_bug(
        "squared",
        "the rate is divided by the square of the step; it should be by its square root",
        "what should the rate be in step 4?",
        share=lambda q: 1 / q.step**2,
    ),
    sqrt_bug(
        "multiplied",
        "the rate grows: it is multiplied with the root; it should be divided by it",
        "should the rate rise or fall?",
        share=lambda q: math.sqrt(q.step),
    ),
    sqrt_bug(
        "one_step_ahead",
        "the schedule is one step ahead: 1 is added to the step, which counts from 1 already",
        "what should the rate be in step 1?",
        share=lambda q: 1 / math.sqrt(q.step + 1),
    ),
    sqrt_bug(
        "one_added_to_root",
        "1 is added to the root; the rate should be divided by the root alone",
        "what should the rate be in step 1?",
        share=lambda q: 1 / (1 + math.sqrt(q.step)),
    ),
    sqrt_bug(
        "root_of_rate",
        "the root is taken of the rate, too; it should be of the step only",
        "what should the rate be in step 1?",
        rate_now=lambda q: math.sqrt(q.rate / q.step),
    ),
    sqrt_bug(
        "root_subtracted",
        "the root is subtracted from the rate; the rate should be divided by it",
        "can your rate be negative?",
        rate_now=lambda q: q.rate - math.sqrt(q.step),
    ),
    sqrt_bug(
        "logarithm",
        "the rate is divided by a logarithm; it should be by the square root",
        "what should the rate be in step 4?",
        share=lambda q: 1 / (1 + math.log(q.step)),
    ),
    sqrt_bug(
        "rate_ignored",
        "the first rate is not used; it should multiply the whole",
        "what should the rate be in step 1?",
        rate_now=lambda q: q.share,
    ),
    sqrt_bug(
        "constant",
        "the rate never changes; it should fall from step to step",
        "where does your code use step?",
        share=lambda _: 1,
    ),
)

WARMUP_BUGS = (
    warmup_bug(
        "no_end",
        "the rate goes on rising after the warm-up; it should stay",
        "what should the rate be long after the warm-up?",
        share=lambda q: q.passed,
    ),
    warmup_bug(
        "one_step_ahead",
        "the warm-up is one step ahead, as if steps were counted from 1; they count from 0",
        "what should the rate be in step 0?",
        passed=lambda q: (q.step + 1) / q.warmup,
    ),
    warmup_bug(
        "one_step_too_short",
        "the rate is reached one step too early: the step is divided by warmup - 1; it should be "
        "by warmup",
        "in which step does the docstring say the rate is reached?",
        passed=lambda q: q.step / (q.warmup - 1),
    ),
    warmup_bug(
        "one_step_too_long",
        "the rate is reached one step too late: the step is divided by warmup + 1; it should be "
        "by warmup",
        "in which step does the docstring say the rate is reached?",
        passed=lambda q: q.step / (q.warmup + 1),
    ),
    warmup_bug(
        "waits_at_zero",
        "the rate is 0 until the warm-up is over; it should rise in a straight line",
        "what should the rate be halfway through the warm-up?",
        share=lambda q: float(q.step >= q.warmup),
    ),
    warmup_bug(
        "falling",
        "the rate falls from the full rate to 0; it should rise",
        "what should the rate be in step 0?",
        share=lambda q: max(0.0, 1 - q.passed),
    ),
    warmup_bug(
        "zero_afterwards",
        "the rate is 0 after the warm-up; it should stay",
        "what should the rate be long after the warm-up?",
        share=lambda q: q.passed * (q.step <= q.warmup),
    ),
    warmup_bug(
        "share_capped_by_rate",
        "the share of the warm-up is cut off at the rate; it should be cut off at 1, and then "
        "multiplied with the rate",
        "what should the rate be halfway through the warm-up?",
        rate_now=lambda q: min(q.rate, q.passed),
    ),
    warmup_bug(
        "squared",
        "the share is squared; the rate should rise in a straight line",
        "what should the rate be halfway through the warm-up?",
        share=lambda q: min(1.0, q.passed) ** 2,
    ),
    warmup_bug(
        "rate_ignored",
        "the rate that is to be reached is not used; it should multiply the whole",
        "what should the rate be long after the warm-up?",
        rate_now=lambda q: q.share,
    ),
    warmup_bug(
        "no_warmup",
        "the rate is there at once; it should be approached from 0",
        "where does your code use step?",
        share=lambda _: 1,
    ),
)
