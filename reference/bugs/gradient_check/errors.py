"""The two measures of disagreement as tables of formulas, and the mistakes in them.

relative error: max |a - n| / max(1e-8, |a| + |n|)    norm ratio: ‖a - n‖ / (‖a‖ + ‖n‖)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Signature

Array = NDArray[Any]


def _norm(x: Array) -> Any:
    return np.sqrt(np.sum(x * x))


RELATIVE_ERROR = Family(
    "relative_error",
    {
        "difference": lambda q: np.abs(q.a - q.n),
        "size": lambda q: np.abs(q.a) + np.abs(q.n),
        "divisor": lambda q: np.maximum(1e-8, q.size),
        "errors": lambda q: q.difference / q.divisor,
        "error": lambda q: q.errors.max(),
    },
    {"relative_error": Signature(lambda a, n: {"a": a, "n": n}, lambda q: q.error)},
)
NORM_RATIO = Family(
    "norm_ratio",
    {
        "difference": lambda q: q.a - q.n,
        "apart": lambda q: _norm(q.difference),
        "scale": lambda q: _norm(q.a) + _norm(q.n),
        "ratio": lambda q: q.apart / q.scale if q.scale else 0.0,
    },
    {"norm_ratio": Signature(lambda a, n: {"a": a, "n": n}, lambda q: q.ratio)},
)

bug = bugs_of(RELATIVE_ERROR)
ratio_bug = bugs_of(NORM_RATIO)

RELATIVE_ERROR_BUGS = (
    bug(
        "no_floor",
        "where both gradients are 0, 0 is divided by 0; the divisor should be at least 1e-8",
        "what is the error of two entries that are both 0?",
        divisor=lambda q: q.size,
    ),
    bug(
        "floor_added",
        "1e-8 is added to the divisor; the divisor should be the larger one of the two",
        "what is the divisor when both gradients are tiny?",
        divisor=lambda q: q.size + 1e-8,
    ),
    bug(
        "mean",
        "the errors are averaged; the largest one should be returned",
        "would one wrong entry among a thousand show?",
        error=lambda q: q.errors.mean(),
    ),
    bug(
        "sum",
        "the errors are added up; the largest one should be returned",
        "should a larger array have a larger error?",
        error=lambda q: q.errors.sum(),
    ),
    bug(
        "smallest",
        "the smallest error is returned; it should be the largest",
        "would one wrong entry among a thousand show?",
        error=lambda q: q.errors.min(),
    ),
    bug(
        "all_errors",
        "an error for each entry is returned; it should be one number, the largest",
        "what does the docstring say is returned?",
        error=lambda q: q.errors,
    ),
    bug(
        "difference_with_sign",
        "the difference is taken with its sign, so errors to one side do not count",
        "what is your error when the second gradient is the larger one?",
        difference=lambda q: q.a - q.n,
    ),
    bug(
        "sizes_with_sign",
        "the divisor adds the gradients with their signs, so they can cancel; their absolute "
        "values should be added",
        "what is the divisor when the gradients are 1 and -1?",
        size=lambda q: q.a + q.n,
    ),
    bug(
        "size_of_sum",
        "the divisor is the absolute value of the sum, so the gradients can cancel; the absolute "
        "values should be added",
        "what is the divisor when the gradients are 1 and -1?",
        size=lambda q: np.abs(q.a + q.n),
    ),
    bug(
        "larger_size",
        "the divisor is the larger one of the two sizes; here it is their sum",
        "some notes divide by the larger one; the docstring here does not",
        size=lambda q: np.maximum(np.abs(q.a), np.abs(q.n)),
    ),
    bug(
        "first_size_only",
        "the divisor is the size of the first gradient alone; it should be the sum of both sizes",
        "should the error change when the two gradients change places?",
        size=lambda q: np.abs(q.a),
    ),
    bug(
        "second_size_only",
        "the divisor is the size of the second gradient alone; it should be the sum of both sizes",
        "should the error change when the two gradients change places?",
        size=lambda q: np.abs(q.n),
    ),
    bug(
        "absolute_error",
        "the difference is not divided by anything, so small gradients look right; it should be "
        "divided by their sizes",
        "are 1e-6 and 2e-6 nearly equal?",
        error=lambda q: q.difference.max(),
    ),
    bug(
        "largest_over_largest",
        "the largest difference is divided by the largest size; each entry should be divided first",
        "which comes first, the division or the maximum?",
        error=lambda q: q.difference.max() / q.divisor.max(),
    ),
    bug(
        "norms",
        "this is the ratio of norms; here the largest error of an entry is wanted",
        "would one wrong entry among a thousand show?",
        error=lambda q: _norm(q.a - q.n) / np.maximum(1e-8, _norm(q.a) + _norm(q.n)),
    ),
)

NORM_RATIO_BUGS = (
    ratio_bug(
        "zero_divided",
        "where both gradients are 0, 0 is divided by 0; the ratio should be 0 there",
        "what is the disagreement of two gradients that are both 0?",
        ratio=lambda q: q.apart / q.scale,
    ),
    ratio_bug(
        "norms_squared",
        "the norms are squared; the square roots are missing",
        "what is the norm of the vector (3, 4)?",
        apart=lambda q: np.sum(q.difference**2),
        scale=lambda q: np.sum(q.a**2) + np.sum(q.n**2),
    ),
    ratio_bug(
        "norm_of_sum",
        "the divisor is the norm of the sum; it should be the sum of the norms",
        "what is the divisor when one gradient is minus the other?",
        scale=lambda q: _norm(q.a + q.n),
    ),
    ratio_bug(
        "first_norm_only",
        "the divisor is the norm of the first gradient alone; it should be the sum of both norms",
        "should the ratio change when the two gradients change places?",
        scale=lambda q: _norm(q.a),
    ),
    ratio_bug(
        "second_norm_only",
        "the divisor is the norm of the second gradient alone; it should be the sum of both norms",
        "should the ratio change when the two gradients change places?",
        scale=lambda q: _norm(q.n),
    ),
    ratio_bug(
        "larger_norm",
        "the divisor is the larger one of the two norms; it should be their sum",
        "what is the ratio when one gradient is minus the other?",
        scale=lambda q: max(_norm(q.a), _norm(q.n)),
    ),
    ratio_bug(
        "norm_of_sums",
        "absolute values are added up in place of squares; the norm is the root of the sum of "
        "squares",
        "what is the norm of the vector (3, 4)?",
        apart=lambda q: np.abs(q.difference).sum(),
        scale=lambda q: np.abs(q.a).sum() + np.abs(q.n).sum(),
    ),
    ratio_bug(
        "largest_entries",
        "the largest absolute values are taken in place of norms; all entries should count",
        "what is the norm of the vector (3, 4)?",
        apart=lambda q: np.abs(q.difference).max(),
        scale=lambda q: np.abs(q.a).max() + np.abs(q.n).max(),
    ),
    ratio_bug(
        "matrix_norm",
        "the largest singular value is taken as the norm; for matrices the root of the sum of "
        "squares is meant, too",
        "what does norm compute for an array with two axes, when you name an order?",
        apart=lambda q: _spectral(q.difference),
        scale=lambda q: _spectral(q.a) + _spectral(q.n),
    ),
    ratio_bug(
        "not_divided",
        "the norm of the difference is not divided by anything, so small gradients look right",
        "are 1e-6 and 2e-6 nearly equal?",
        ratio=lambda q: q.apart,
    ),
    ratio_bug(
        "largest_relative_error",
        "this is the largest relative error of an entry; here one ratio of norms is wanted",
        "should rounding in a tiny entry decide?",
        ratio=lambda q: np.max(np.abs(q.difference) / np.maximum(1e-8, np.abs(q.a) + np.abs(q.n))),
    ),
)


def _spectral(x: Array) -> Any:
    squares = (x @ x.T if x.ndim == 2 else np.sum(x * x)[np.newaxis, np.newaxis]).astype(np.float64)
    return np.sqrt(np.linalg.eigvalsh(squares)[-1])
