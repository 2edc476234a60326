"""The penalties on large weights as tables of formulas, and the mistakes in them.

L2: reg Σ w²    L1: reg Σ |w|    elastic net: reg Σ (beta w² + |w|)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formula, Formulas, Sheet, Signature

_PARAMETERS = ("w", "reg", "beta")


def _family(name: str, term: Formula, slope: Formula) -> Family:
    """``term`` is what one weight costs, ``slope`` its derivative, both without reg."""
    formulas: Formulas = {
        "term": term,
        "slope": slope,
        "strength": lambda q: q.reg,
        "penalty": lambda q: q.strength * q.term.sum(),
        "dw": lambda q: q.strength * q.slope,
    }

    def given(*args: Any) -> dict[str, Any]:
        return dict(zip(_PARAMETERS, args, strict=False))

    return Family(name, formulas, {name: Signature(given, lambda q: (q.penalty, q.dw))})


L2 = _family("l2_penalty", lambda q: q.w**2, lambda q: 2 * q.w)
L1 = _family("l1_penalty", lambda q: np.abs(q.w), lambda q: np.sign(q.w))
ELASTIC_NET = _family(
    "elastic_net",
    lambda q: q.beta * q.w**2 + np.abs(q.w),
    lambda q: 2 * q.beta * q.w + np.sign(q.w),
)

l2_bug = bugs_of(L2)
l1_bug = bugs_of(L1)
net_bug = bugs_of(ELASTIC_NET)


def _ones(q: Sheet) -> Any:
    return np.ones_like(q.w)


L2_BUGS = (
    l2_bug(
        "loss_half",
        "the penalty is halved, its gradient is not; they should belong together",
        "differentiate the penalty as you wrote it, factor included",
        penalty=lambda q: 0.5 * q.reg * q.term.sum(),
    ),
    l2_bug(
        "not_squared",
        "the penalty is the sum of the weights; it should be the sum of their squares",
        "can your penalty be negative?",
        term=lambda q: q.w,
    ),
    l2_bug(
        "square_root",
        "the penalty is the norm of the weights, with its square root; it should be the sum of "
        "squares",
        "what does norm return?",
        penalty=lambda q: q.reg * np.sqrt(q.term.sum()),
    ),
    l2_bug(
        "square_of_sum",
        "the sum of the weights is squared; each weight should be squared before they are summed",
        "what is the penalty of the weights 1 and -1?",
        penalty=lambda q: q.reg * q.w.sum() ** 2,
    ),
    l2_bug(
        "matrix_square",
        "the penalty squares the matrix (W times its transpose, summed); it should square each "
        "entry",
        "for NumPy, @ and dot are matrix products and * is entry by entry",
        penalty=lambda q: q.reg * (q.w @ q.w.T).sum(),
    ),
    l2_bug(
        "mean",
        "the penalty is the mean of the squared weights; it should be their sum",
        "should the penalty of a larger net be larger?",
        penalty=lambda q: q.reg * q.term.mean(),
    ),
    l2_bug(
        "mean_and_gradient",
        "penalty and gradient are divided by the number of weights; the penalty should be a sum",
        "should the penalty of a larger net be larger?",
        strength=lambda q: q.reg / q.w.size,
    ),
    l2_bug(
        "reg_missing_in_loss",
        "the penalty does not contain reg, its gradient does; both should",
        "where does your code use reg?",
        penalty=lambda q: q.term.sum(),
    ),
    l2_bug(
        "reg_missing",
        "reg is not used; it should multiply penalty and gradient",
        "what should the penalty be when reg is 0?",
        strength=lambda _: 1,
    ),
    l2_bug(
        "reg_squared",
        "reg is squared; it should multiply penalty and gradient once",
        "should the penalty double when reg does?",
        strength=lambda q: q.reg**2,
    ),
    l2_bug(
        "l1",
        "this is the L1 penalty, the sum of absolute values; L2 is the sum of squares",
        "the docstring gives the penalty",
        term=lambda q: np.abs(q.w),
        slope=lambda q: np.sign(q.w),
    ),
    l2_bug(
        "gradient_half",
        "the penalty is reg times the sum of squares, whose gradient is twice reg times w; this "
        "one lacks the factor 2",
        "differentiate the penalty as you wrote it, factor included",
        dw=lambda q: q.reg * q.w,
    ),
    l2_bug(
        "reg_missing_in_gradient",
        "the gradient does not contain reg, the penalty does; both should",
        "where does your code use reg?",
        dw=lambda q: q.slope,
    ),
    l2_bug(
        "gradient_summed",
        "every entry of the gradient is the same, made of the sum of the weights; each entry has "
        "its own weight's share",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: np.full_like(q.w, 2 * q.reg * q.w.sum()),
    ),
    l2_bug(
        "gradient_single_number",
        "the gradient is a single number, made of the sum of the weights; it should have the shape "
        "of w",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: 2 * q.reg * q.w.sum(),
    ),
    l2_bug(
        "gradient_squared",
        "the gradient contains the squares of the weights; the derivative of a square is no square",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: 2 * q.reg * q.w**2,
    ),
    l2_bug(
        "gradient_negative",
        "the gradient has the wrong sign; the penalty grows with a weight's size",
        "the minus of gradient descent belongs to the update, not to the gradient",
        dw=lambda q: -2 * q.reg * q.w,
    ),
    l2_bug(
        "gradient_missing",
        "the gradient is 0; the penalty changes with every weight",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: np.zeros_like(q.w),
    ),
)

L1_BUGS = (
    l1_bug(
        "no_absolute_value",
        "the penalty is the sum of the weights; it should be the sum of their absolute values",
        "can your penalty be negative?",
        term=lambda q: q.w,
    ),
    l1_bug(
        "absolute_value_of_sum",
        "the absolute value is taken of the sum; it should be taken of each weight",
        "what is the penalty of the weights 1 and -1?",
        penalty=lambda q: q.reg * np.abs(q.w.sum()),
    ),
    l1_bug(
        "largest_column",
        "this is the norm of a matrix, its largest column sum; all absolute values should be added "
        "up",
        "what does norm compute for an array with two axes?",
        penalty=lambda q: q.reg * np.abs(q.w).sum(axis=0).max(),
    ),
    l1_bug(
        "mean",
        "the penalty is the mean of the absolute values; it should be their sum",
        "should the penalty of a larger net be larger?",
        penalty=lambda q: q.reg * q.term.mean(),
    ),
    l1_bug(
        "reg_missing_in_loss",
        "the penalty does not contain reg, its gradient does; both should",
        "where does your code use reg?",
        penalty=lambda q: q.term.sum(),
    ),
    l1_bug(
        "reg_missing",
        "reg is not used; it should multiply penalty and gradient",
        "what should the penalty be when reg is 0?",
        strength=lambda _: 1,
    ),
    l1_bug(
        "l2",
        "this is the L2 penalty, the sum of squares; L1 is the sum of absolute values",
        "the docstring gives the penalty",
        term=lambda q: q.w**2,
        slope=lambda q: 2 * q.w,
    ),
    l1_bug(
        "gradient_of_l2",
        "the gradient is that of the L2 penalty; an absolute value has another slope",
        "how steep is the absolute value at 3, and at 5?",
        slope=lambda q: 2 * q.w,
    ),
    l1_bug(
        "gradient_is_weight",
        "the gradient is proportional to the weight; an absolute value has the same slope "
        "everywhere, up to its sign",
        "how steep is the absolute value at 3, and at 5?",
        slope=lambda q: q.w,
    ),
    l1_bug(
        "gradient_without_sign",
        "the gradient is positive for negative weights, too; there the absolute value falls",
        "what is the slope of the absolute value at -3?",
        slope=_ones,
    ),
    l1_bug(
        "gradient_is_absolute_value",
        "the gradient contains the absolute values; their slope is wanted",
        "how steep is the absolute value at 3, and at 5?",
        slope=lambda q: np.abs(q.w),
    ),
    l1_bug(
        "gradient_mask",
        "negative weights have a gradient of 0, as behind a ReLU; there the absolute value falls",
        "what is the slope of the absolute value at -3?",
        slope=lambda q: (q.w > 0).astype(q.w.dtype),
    ),
    l1_bug(
        "reg_missing_in_gradient",
        "the gradient does not contain reg, the penalty does; both should",
        "where does your code use reg?",
        dw=lambda q: q.slope,
    ),
    l1_bug(
        "gradient_negative",
        "the gradient has the wrong sign; the penalty grows with a weight's size",
        "the minus of gradient descent belongs to the update, not to the gradient",
        dw=lambda q: -q.reg * q.slope,
    ),
    l1_bug(
        "gradient_single_number",
        "the gradient is a single number, the sum over all weights; it should have the shape of w",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: q.reg * q.slope.sum(),
    ),
    l1_bug(
        "gradient_missing",
        "the gradient is 0; the penalty changes with every weight",
        "differentiate the penalty with respect to a single weight",
        dw=lambda q: np.zeros_like(q.w),
    ),
)

ELASTIC_NET_BUGS = (
    net_bug(
        "no_absolute_value",
        "the weights themselves are added to the squares; it should be their absolute values",
        "what is the penalty of a small negative weight?",
        term=lambda q: q.beta * q.w**2 + q.w,
    ),
    net_bug(
        "absolute_values_missing",
        "the absolute values are missing, in penalty and gradient; the elastic net has both terms",
        "which two penalties does it combine?",
        term=lambda q: q.beta * q.w**2,
        slope=lambda q: 2 * q.beta * q.w,
    ),
    net_bug(
        "squares_missing",
        "the squares are missing, in penalty and gradient; the elastic net has both terms",
        "which two penalties does it combine?",
        term=lambda q: np.abs(q.w),
        slope=lambda q: np.sign(q.w),
    ),
    net_bug(
        "beta_missing",
        "beta is not used; it should multiply the squares, in penalty and gradient",
        "what does beta weigh?",
        term=lambda q: q.w**2 + np.abs(q.w),
        slope=lambda q: 2 * q.w + np.sign(q.w),
    ),
    net_bug(
        "beta_on_both",
        "beta multiplies both terms; it should multiply the squares only",
        "what does beta weigh?",
        term=lambda q: q.beta * (q.w**2 + np.abs(q.w)),
        slope=lambda q: q.beta * (2 * q.w + np.sign(q.w)),
    ),
    net_bug(
        "beta_on_absolute_values",
        "beta multiplies the absolute values; it should multiply the squares",
        "what does beta weigh?",
        term=lambda q: q.w**2 + q.beta * np.abs(q.w),
        slope=lambda q: 2 * q.w + q.beta * np.sign(q.w),
    ),
    net_bug(
        "mixed_by_beta",
        "beta and 1 - beta weigh the two terms; here beta multiplies the squares, and nothing the "
        "absolute values",
        "some libraries mix the two; the docstring here does not",
        term=lambda q: q.beta * q.w**2 + (1 - q.beta) * np.abs(q.w),
        slope=lambda q: 2 * q.beta * q.w + (1 - q.beta) * np.sign(q.w),
    ),
    net_bug(
        "squares_halved",
        "the squares are halved, in penalty and gradient; here they are not",
        "some libraries halve them; the docstring here does not",
        term=lambda q: 0.5 * q.beta * q.w**2 + np.abs(q.w),
        slope=lambda q: q.beta * q.w + np.sign(q.w),
    ),
    net_bug(
        "reg_on_squares_only",
        "reg multiplies the squares only; it should multiply both terms",
        "what should the penalty be when reg is 0?",
        penalty=lambda q: (q.reg * q.beta * q.w**2 + np.abs(q.w)).sum(),
        dw=lambda q: q.reg * 2 * q.beta * q.w + np.sign(q.w),
    ),
    net_bug(
        "reg_missing",
        "reg is not used; it should multiply penalty and gradient",
        "what should the penalty be when reg is 0?",
        strength=lambda _: 1,
    ),
    net_bug(
        "mean",
        "the penalty is a mean over the weights; it should be a sum",
        "should the penalty of a larger net be larger?",
        penalty=lambda q: q.reg * q.term.mean(),
    ),
    net_bug(
        "gradient_half",
        "the squares' gradient lacks its factor 2",
        "differentiate the penalty as you wrote it, factor included",
        slope=lambda q: q.beta * q.w + np.sign(q.w),
    ),
    net_bug(
        "gradient_of_squares_only",
        "the gradient of the absolute values is missing",
        "differentiate every term of the penalty",
        slope=lambda q: 2 * q.beta * q.w,
    ),
    net_bug(
        "gradient_of_absolute_values_only",
        "the gradient of the squares is missing",
        "differentiate every term of the penalty",
        slope=lambda q: np.sign(q.w),
    ),
    net_bug(
        "gradient_without_sign",
        "the slope of the absolute values is taken as 1 everywhere; it is negative for negative "
        "weights",
        "what is the slope of the absolute value at -3?",
        slope=lambda q: 2 * q.beta * q.w + 1,
    ),
    net_bug(
        "gradient_of_absolute_values_as_weight",
        "the slope of the absolute values is taken as the weight; it is the same everywhere, up to "
        "its sign",
        "how steep is the absolute value at 3, and at 5?",
        slope=lambda q: 2 * q.beta * q.w + q.w,
    ),
    net_bug(
        "beta_missing_in_gradient",
        "beta is missing in the gradient; it weighs the squares there, too",
        "differentiate every term of the penalty, factors included",
        slope=lambda q: 2 * q.w + np.sign(q.w),
    ),
)
