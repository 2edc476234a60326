"""Random search as tables of formulas, and mistakes in it.

samples = 10^(low + u (high - low));  "val acc: %f, lr: %e, reg: %e, (%d / %d)"
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

LOG_SPACE_FORMULAS: Formulas = {
    "base": lambda _: 10,
    "exponents": lambda q: q.low + q.u * (q.high - q.low),
    "samples": lambda q: q.base**q.exponents,
}

LINE_FORMULAS: Formulas = {
    "label": lambda _: "val acc",
    "accuracy": lambda q: q.val_acc,
    "first": lambda q: q.lr,
    "second": lambda q: q.reg,
    "count": lambda q: q.trial,
    "accuracy_text": lambda q: f"{q.accuracy:f}",
    "number": lambda _: lambda value: f"{value:e}",
    "end": lambda q: f"({q.count} / {q.trials})",
    "line": lambda q: (
        f"{q.label}: {q.accuracy_text}, lr: {q.number(q.first)}, reg: {q.number(q.second)}, {q.end}"
    ),
}


def _sample(u: Any, low: float, high: float) -> dict[str, Any]:
    return {"u": u, "low": low, "high": high}


def _line(val_acc: float, lr: float, reg: float, trial: int, trials: int) -> dict[str, Any]:
    return {"val_acc": val_acc, "lr": lr, "reg": reg, "trial": trial, "trials": trials}


LOG_SPACE = Family(
    "log_space",
    LOG_SPACE_FORMULAS,
    {"sample_log_uniform": Signature(_sample, lambda q: q.samples)},
)
TRIAL_LINE = Family("trial_line", LINE_FORMULAS, {"trial_line": Signature(_line, lambda q: q.line)})

bug = bugs_of(LOG_SPACE)
line_bug = bugs_of(TRIAL_LINE)


def _linear(q: Sheet) -> Any:
    low, high = 10.0**q.low, 10.0**q.high
    return low + q.u * (high - low)


LOG_SPACE_BUGS = (
    bug(
        "uniform_not_log_uniform",
        "the samples are uniform between the two ends, so nearly all have the largest order of "
        "magnitude; their exponents should be uniform",
        "how many of your samples lie in the lower half of the exponents?",
        samples=_linear,
    ),
    bug(
        "exponents_returned",
        "the exponents are returned; it should be the powers of ten",
        "is a learning rate of -4 what you want to try?",
        samples=lambda q: q.exponents,
    ),
    bug(
        "natural_exponential",
        "the samples are powers of e; it should be of ten",
        "what should an exponent of -3 give?",
        base=lambda _: np.e,
    ),
    bug(
        "powers_of_two",
        "the samples are powers of two; it should be of ten",
        "what should an exponent of -3 give?",
        base=lambda _: 2,
    ),
    bug(
        "ends_exchanged",
        "u = 0 gives the upper end and u = 1 the lower one; it should be the other way round",
        "compare with the formula at u = 0",
        exponents=lambda q: q.high + q.u * (q.low - q.high),
    ),
    bug(
        "width_not_subtracted",
        "u is multiplied by the upper exponent; it should be by the difference of the two",
        "what does u = 1 give?",
        exponents=lambda q: q.low + q.u * q.high,
    ),
    bug(
        "low_not_added",
        "the lower exponent is not added; the samples should begin there",
        "what does u = 0 give?",
        exponents=lambda q: q.u * (q.high - q.low),
    ),
    bug(
        "low_ignored",
        "the exponents go from 0 to the upper one; they should begin at the lower one",
        "what does u = 0 give?",
        exponents=lambda q: q.u * q.high,
    ),
    bug(
        "whole_exponents",
        "the exponents are rounded, so only powers like 0.001 are tried; every number in between "
        "should be possible",
        "how many different values can your search try?",
        exponents=lambda q: np.floor(q.low + q.u * (q.high - q.low)),
    ),
    bug(
        "one_sample_for_all",
        "the first random number is used for all samples; each has its own",
        "how many different values does your search try?",
        exponents=lambda q: np.broadcast_to(q.low + q.u.flat[0] * (q.high - q.low), q.u.shape),
    ),
)

TRIAL_LINE_BUGS = (
    line_bug(
        "rates_without_exponent",
        "learning rate and penalty are printed with a fixed point, so small ones lose their "
        "digits; they should be in exponent form",
        "what is left of a learning rate of one in ten million?",
        number=lambda _: lambda value: f"{value:f}",
    ),
    line_bug(
        "rates_in_short_form",
        "learning rate and penalty are printed in the shortest form; it should be the exponent "
        "form with six digits",
        "do the lines of your table stand exactly below each other?",
        number=lambda _: lambda value: f"{value:g}",
    ),
    line_bug(
        "rates_with_two_digits",
        "learning rate and penalty are printed with two digits; there should be six",
        "count the digits of the example",
        number=lambda _: lambda value: f"{value:.2e}",
    ),
    line_bug(
        "accuracy_with_exponent",
        "the accuracy is in exponent form; it should be printed with a fixed point",
        "compare with the example",
        accuracy_text=lambda q: f"{q.accuracy:e}",
    ),
    line_bug(
        "accuracy_with_few_digits",
        "the accuracy is printed with three digits after the point; there should be six",
        "count the digits of the example",
        accuracy_text=lambda q: f"{q.accuracy:.3f}",
    ),
    line_bug(
        "accuracy_as_python_prints_it",
        "the accuracy is printed with as many digits as it has; there should be six after the "
        "point",
        "count the digits of the example",
        accuracy_text=lambda q: str(q.accuracy),
    ),
    line_bug(
        "accuracy_in_percent",
        "the accuracy is multiplied by 100; it should be a share",
        "compare with the example",
        accuracy=lambda q: 100 * q.val_acc,
    ),
    line_bug(
        "rates_exchanged",
        "learning rate and penalty are exchanged; the learning rate comes first",
        "which of your numbers is the learning rate?",
        first=lambda q: q.reg,
        second=lambda q: q.lr,
    ),
    line_bug(
        "trial_from_zero",
        "the trials are counted from 0; the first is 1",
        "what should the last line of 100 trials say?",
        count=lambda q: q.trial - 1,
    ),
    line_bug(
        "trial_counted_twice",
        "1 is added to the number of the trial, which counts from 1 already",
        "what should the last line of 100 trials say?",
        count=lambda q: q.trial + 1,
    ),
    line_bug(
        "slash_without_spaces",
        "there are no spaces around the slash; there should be",
        "compare with the example, character by character",
        end=lambda q: f"({q.count}/{q.trials})",
    ),
    line_bug(
        "no_parentheses",
        "the trial's number is not in parentheses; it should be",
        "compare with the example, character by character",
        end=lambda q: f"{q.count} / {q.trials}",
    ),
    line_bug(
        "underscore_in_label",
        "the accuracy is called val_acc; it should be two words",
        "compare with the example, character by character",
        label=lambda _: "val_acc",
    ),
)
