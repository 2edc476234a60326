"""The numerical gradient as a table of formulas, and the mistakes in it.

For each entry of x in turn:  dx_i = Σ dout (f(x + h e_i) - f(x - h e_i)) / (2 h)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _gradient(q: Sheet) -> Array:
    x, dx = q.start.copy(), np.zeros(q.start.shape, q.kind_of_result)
    for index in np.ndindex(x.shape):
        kept = x[index]
        values = []
        for distance in q.distances:
            at = index if q.one_entry else ...
            before = x.copy()
            x[at] = before[at] + distance
            values.append(np.array(q.f(x)))
            x = before
        dx[index] = q.summed(q.quotient(*values), q.dout)
        x[index] = kept + q.left_behind
    return dx


def _keep_float(q: Sheet) -> Any:
    return np.result_type(q.x.dtype, np.float64)


FORMULAS: Formulas = {
    "start": lambda q: q.x.astype(_keep_float(q)),
    "kind_of_result": _keep_float,
    "distances": lambda q: (q.h, -q.h),
    "one_entry": lambda _: True,
    "left_behind": lambda _: 0,
    "quotient": lambda q: lambda above, below: (above - below) / (2 * q.h),
    "summed": lambda _: lambda slopes, dout: np.sum(dout * slopes),
    "dx": _gradient,
}

DIFFERENCES = Family(
    "numerical_gradient",
    FORMULAS,
    {
        "cubic_map": Signature(lambda w: {"w": w}, lambda q: lambda x: (x @ q.w) ** 3),
        "numerical_gradient": Signature(
            lambda f, x, dout=1.0, h=1e-5: {"f": f, "x": x, "dout": dout, "h": h}, lambda q: q.dx
        ),
    },
)

bug = bugs_of(DIFFERENCES, "numerical_gradient")


def _constantly(function: Callable[..., Any]) -> Callable[[Sheet], Callable[..., Any]]:
    return lambda _: function


DIFFERENCES_BUGS = (
    # ---------------------------------------------------------------------------- the quotient
    bug(
        "forward_difference",
        "the difference is one-sided, from x to x + h; a central one, from x - h to x + h, is far "
        "more exact",
        "how far apart are the two points at which you ask the function?",
        distances=lambda q: (q.h, 0),
        quotient=lambda q: lambda above, below: (above - below) / q.h,
    ),
    bug(
        "backward_difference",
        "the difference is one-sided, from x - h to x; a central one, from x - h to x + h, is far "
        "more exact",
        "how far apart are the two points at which you ask the function?",
        distances=lambda q: (0, -q.h),
        quotient=lambda q: lambda above, below: (above - below) / q.h,
    ),
    bug(
        "second_value_at_x",
        "the second value is taken at x itself (h was taken off once, not twice); it should be "
        "taken at x - h",
        "where is x after h was added and then subtracted?",
        distances=lambda q: (q.h, 0),
    ),
    bug(
        "divided_by_h",
        "the difference is divided by h; the two points are 2 h apart",
        "how far apart are the two points at which you ask the function?",
        quotient=lambda q: lambda above, below: (above - below) / q.h,
    ),
    bug(
        "divided_by_two",
        "the difference is divided by 2 alone; the two points are 2 h apart",
        "how far apart are the two points at which you ask the function?",
        quotient=_constantly(lambda above, below: (above - below) / 2),
    ),
    bug(
        "brackets_missing",
        "the difference is divided by 2 and then multiplied with h; it should be divided by 2 h as "
        "a whole",
        "which comes first in Python, when no brackets stand: a division or a product to its "
        "right?",
        quotient=lambda q: lambda above, below: (above - below) / 2 * q.h,
    ),
    bug(
        "not_divided",
        "the difference of the two values is not divided by anything; it should be by 2 h",
        "what is a slope?",
        quotient=_constantly(lambda above, below: above - below),
    ),
    bug(
        "sign_flipped",
        "the gradient has the wrong sign: the value at x + h is subtracted from that at x - h",
        "is the slope positive where the function rises?",
        quotient=lambda q: lambda above, below: (below - above) / (2 * q.h),
    ),
    bug(
        "values_added",
        "the two values are added; their difference is wanted",
        "what is a slope?",
        quotient=lambda q: lambda above, below: (above + below) / (2 * q.h),
    ),
    bug(
        "second_derivative",
        "this is the second derivative; the first one is wanted",
        "how many values of the function does a slope need?",
        distances=lambda q: (q.h, 0, -q.h),
        quotient=lambda q: lambda above, here, below: (above - 2 * here + below) / q.h**2,
    ),
    bug(
        "h_fixed",
        "h is always 1e-5; it should be the one that is given",
        "where does your code use h?",
        distances=lambda _: (1e-5, -1e-5),
        quotient=_constantly(lambda above, below: (above - below) / 2e-5),
    ),
    bug(
        "absolute_value",
        "the gradient is never negative: an absolute value is taken; a slope has a sign",
        "is the slope positive where the function falls?",
        quotient=lambda q: lambda above, below: np.abs(above - below) / (2 * q.h),
    ),
    # -------------------------------------------------------------------------------- the point
    bug(
        "not_restored",
        "an entry of x stays at x - h when it is done, so all later slopes are taken at another "
        "point; it should be put back",
        "what is x after the loop, compared with before?",
        left_behind=lambda q: -q.h,
    ),
    bug(
        "left_ahead",
        "an entry of x stays at x + h when it is done, so all later slopes are taken at another "
        "point; it should be put back",
        "what is x after the loop, compared with before?",
        left_behind=lambda q: q.h,
    ),
    bug(
        "all_entries_moved",
        "h is added to all entries of x at once, so every slope is that along the diagonal; only "
        "one entry should move at a time",
        "along which direction is a partial derivative?",
        one_entry=lambda _: False,
    ),
    bug(
        "whole_numbers_stay",
        "x holds whole numbers, so adding h to an entry is cut off; it should be turned into "
        "floating-point numbers first",
        "which dtype has an array made of whole numbers?",
        start=lambda q: q.x.copy(),
    ),
    bug(
        "gradient_cut_to_whole_numbers",
        "the gradient is stored in an array of whole numbers, because x is one; its decimals are "
        "cut off",
        "which dtype does zeros_like give?",
        kind_of_result=lambda q: q.x.dtype,
    ),
    # ----------------------------------------------------------------------------- the upstream
    bug(
        "upstream_ignored",
        "the function's outputs are just added up; each should be weighted with the upstream "
        "gradient",
        "chain rule: which argument have you not used?",
        summed=_constantly(lambda slopes, _: np.sum(slopes)),
    ),
    bug(
        "outputs_averaged",
        "the outputs' shares are averaged; they should be added up",
        "chain rule: does every output that depends on x count whole?",
        summed=_constantly(lambda slopes, dout: np.mean(dout * slopes)),
    ),
    bug(
        "first_output_only",
        "only the first of the function's outputs counts; all of them depend on x",
        "how many outputs has the function?",
        summed=_constantly(lambda slopes, dout: np.ravel(dout * slopes)[0]),
    ),
    bug(
        "sums_multiplied",
        "the outputs' slopes and the upstream gradient are added up separately and then "
        "multiplied; each output has its own upstream value",
        "chain rule: which comes first, the product or the sum?",
        summed=_constantly(lambda slopes, dout: np.sum(slopes) * np.sum(dout)),
    ),
)
