"""Mistakes in Adam."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.optimizers.updates import descent_bugs, optimizer, scaling_bugs
from reference.bugs.sheet import Sheet

ADAM = optimizer(
    "adam",
    {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    {"m": 0.0, "v": 0.0, "steps": None},
    {
        "steps_at_first": lambda _: 0,
        "steps_before": lambda q: q.config.get("steps", q.steps_at_first),
        "steps": lambda q: q.steps_before + 1,
        "t": lambda q: q.steps,
        "power": lambda q: q.dw**2,
        "m": lambda q: q.beta1 * q.m_before + (1 - q.beta1) * q.dw,
        "v": lambda q: q.beta2 * q.v_before + (1 - q.beta2) * q.power,
        "correction1": lambda q: 1 - q.beta1**q.t,
        "correction2": lambda q: 1 - q.beta2**q.t,
        "corrected_m": lambda q: q.m / q.correction1,
        "squares": lambda q: q.v / q.correction2,
        "root": lambda q: np.sqrt(q.squares),
        "divisor": lambda q: q.root + q.epsilon,
        "numerator": lambda q: q.corrected_m,
        "step": lambda q: q.learning_rate * q.numerator / q.divisor,
    },
)

bug = bugs_of(ADAM)


def _zero(q: Sheet) -> Any:
    return np.zeros_like(q.w)


ADAM_BUGS = (
    *descent_bugs(bug, 1e-3),
    *scaling_bugs(bug),
    # ------------------------------------------------------------------------- bias correction
    bug(
        "no_bias_correction",
        "the two averages are used as they are; both start at zero and should be corrected for "
        "that",
        "how large is the first average after one step, compared with the gradient?",
        correction1=lambda _: 1,
        correction2=lambda _: 1,
    ),
    bug(
        "first_not_corrected",
        "the average of the gradients is not corrected for its start at zero; that of the squares "
        "is",
        "how many averages start at zero?",
        correction1=lambda _: 1,
    ),
    bug(
        "second_not_corrected",
        "the average of the squares is not corrected for its start at zero; that of the gradients "
        "is",
        "how many averages start at zero?",
        correction2=lambda _: 1,
    ),
    bug(
        "t_stands_still",
        "the correction is the same in every step (t is not counted up, or the power of t is "
        "missing); it should fade away",
        "how large should the correction be after a thousand steps?",
        t=lambda _: 1,
    ),
    bug(
        "t_too_late",
        "t is counted up after it is used, so the first correction divides by 0; the first step "
        "has t = 1",
        "what is a number to the power of 0?",
        t=lambda q: q.steps_before,
    ),
    bug(
        "t_from_zero_plus_epsilon",
        "t is 0 in the first step, and epsilon keeps the division from failing; the first step has "
        "t = 1",
        "what is a number to the power of 0?",
        correction1=lambda q: 1 - q.beta1**q.steps_before + q.epsilon,
        correction2=lambda q: 1 - q.beta2**q.steps_before + q.epsilon,
    ),
    bug(
        "power_of_one_minus_beta",
        "the power of t is taken of 1 - beta; it should be taken of beta, and then subtracted from "
        "1",
        "towards which number should the correction go when t grows?",
        correction1=lambda q: 1 - (1 - q.beta1) ** q.t,
        correction2=lambda q: 1 - (1 - q.beta2) ** q.t,
    ),
    bug(
        "power_of_the_difference",
        "the whole of 1 - beta is raised to the power of t; only beta should be",
        "towards which number should the correction go when t grows?",
        correction1=lambda q: (1 - q.beta1) ** q.t,
        correction2=lambda q: (1 - q.beta2) ** q.t,
    ),
    bug(
        "multiplied_by_correction",
        "the averages are multiplied with the corrections; they should be divided by them",
        "are the first averages too small or too large?",
        corrected_m=lambda q: q.m * q.correction1,
        squares=lambda q: q.v * q.correction2,
    ),
    bug(
        "corrections_swapped",
        "each average is corrected with the other one's beta",
        "which beta belongs to which average?",
        correction1=lambda q: 1 - q.beta2**q.t,
        correction2=lambda q: 1 - q.beta1**q.t,
    ),
    bug(
        "beta_times_t",
        "beta is multiplied with t; it should be raised to the power of t",
        "towards which number should the correction go when t grows?",
        correction1=lambda q: 1 - q.beta1 * q.t,
        correction2=lambda q: 1 - q.beta2 * q.t,
    ),
    bug(
        "corrected_kept",
        "the corrected averages are put into the state, so the next step corrects them again; the "
        "state should hold the averages as they are",
        "what does the next step expect to find in the config?",
        m_kept=lambda q: q.corrected_m,
        v_kept=lambda q: q.squares,
    ),
    # ------------------------------------------------------------------------------- averages
    bug(
        "all_forgotten",
        "nothing is kept for the next step: both averages and t start anew each time",
        "what does your function put into the config that it returns?",
        m_before=_zero,
        v_before=_zero,
        steps_before=lambda q: q.steps_at_first,
    ),
    bug(
        "averages_forgotten",
        "the averages are not kept for the next step, only t is; they should be carried on",
        "what does your function put into the config that it returns?",
        m_before=_zero,
        v_before=_zero,
    ),
    bug(
        "m_forgotten",
        "the average of the gradients is not kept for the next step; it should be carried on",
        "what does your function put into the config that it returns?",
        m_before=_zero,
    ),
    bug(
        "v_forgotten",
        "the average of the squares is not kept for the next step; it should be carried on",
        "what does your function put into the config that it returns?",
        v_before=_zero,
    ),
    bug(
        "gradient_for_m",
        "the gradient itself is divided by the root; its average should be",
        "where does your step use the average of the gradients?",
        numerator=lambda q: q.dw,
    ),
    bug(
        "m_enters_whole",
        "the gradient enters its average whole; its weight should be 1 - beta1",
        "do the two weights of an average add up to 1?",
        m=lambda q: q.beta1 * q.m_before + q.dw,
    ),
    bug(
        "v_enters_whole",
        "the square enters its average whole; its weight should be 1 - beta2",
        "do the two weights of an average add up to 1?",
        v=lambda q: q.beta2 * q.v_before + q.power,
    ),
    bug(
        "weights_swapped",
        "the old averages have the weight 1 - beta, and what is new has beta; it should be the "
        "other way round",
        "do your averages change slowly or fast when beta is near 1?",
        m=lambda q: (1 - q.beta1) * q.m_before + q.beta1 * q.dw,
        v=lambda q: (1 - q.beta2) * q.v_before + q.beta2 * q.power,
    ),
    bug(
        "betas_swapped",
        "beta1 is used for the squares and beta2 for the gradients; it should be the other way "
        "round",
        "which average should have the longer memory?",
        beta1=lambda q: q.config.get("beta2", 0.999),
        beta2=lambda q: q.config.get("beta1", 0.9),
    ),
    bug(
        "beta1_for_both",
        "beta1 is used for both averages; the squares have beta2",
        "which average should have the longer memory?",
        beta2=lambda q: q.config.get("beta1", 0.9),
    ),
    bug(
        "betas_fixed",
        "beta1 and beta2 are always 0.9 and 0.999; they should be those in config",
        "which value wins when config already has one?",
        beta1=lambda _: 0.9,
        beta2=lambda _: 0.999,
    ),
    bug(
        "squares_of_m",
        "the second average is made of the squares of the first; it should be of the squares of "
        "the gradients",
        "what is averaged in the second line of the rule?",
        power=lambda q: q.m**2,
    ),
)
