"""Mistakes in the sigmoid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.activations.elementwise import chain_rule_bugs, elementwise, smooth_bugs
from reference.bugs.bug import bugs_of

Array = NDArray[Any]


def _sigmoid(x: Array) -> Array:
    out: Array = (1 + np.tanh(x / 2)) / 2
    return out


SIGMOID = elementwise(
    "sigmoid",
    lambda q: _sigmoid(q.x),
    lambda q: _sigmoid(q.point) * (1 - _sigmoid(q.point)),
)

forward_bug = bugs_of(SIGMOID, "sigmoid_forward")
bug = bugs_of(SIGMOID, "sigmoid_backward")

SIGMOID_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "overflow",
        "exp of a large number is infinite, and infinity divided by infinity is no number; the "
        "output should be 1 there",
        "which of the two ways to write the sigmoid has only one exponential in it?",
        out=lambda q: np.exp(q.x) / (1 + np.exp(q.x)),
    ),
    forward_bug(
        "minus_missing",
        "the exponent has the wrong sign, so the curve falls; it should rise",
        "what should the sigmoid of a large number be?",
        out=lambda q: 1 / (1 + np.exp(q.x)),
    ),
    forward_bug(
        "one_missing",
        "the 1 in the denominator is missing; the output should lie between 0 and 1",
        "what should the sigmoid of 0 be?",
        out=lambda q: 1 / np.exp(-q.x),
    ),
    forward_bug(
        "minus_for_plus",
        "the exponential is subtracted in the denominator; it should be added",
        "what should the sigmoid of 0 be?",
        out=lambda q: 1 / (1 - np.exp(-q.x)),
    ),
    forward_bug(
        "tanh",
        "this is tanh; the sigmoid lies between 0 and 1",
        "what should the sigmoid of 0 be?",
        out=lambda q: np.tanh(q.x),
    ),
    forward_bug(
        "swish",
        "the sigmoid is multiplied with the input; it should stand alone",
        "what should the sigmoid of a large number be?",
        out=lambda q: q.x * _sigmoid(q.x),
    ),
    forward_bug(
        "softmax",
        "the outputs of a row add up to 1, as by a softmax; the sigmoid looks at each value alone",
        "does your output for one value depend on its neighbours?",
        out=lambda q: np.exp(q.x) / np.exp(q.x).sum(axis=-1, keepdims=True),
    ),
    forward_bug(
        "base_two",
        "the power has base 2; it should be the exponential function",
        "what should the sigmoid of 1 be?",
        out=lambda q: 1 / (1 + 2.0**-q.x),
    ),
    forward_bug(
        "derivative_returned",
        "the forward pass returns the derivative; it should return the sigmoid",
        "what should the sigmoid of a large number be?",
        out=lambda q: _sigmoid(q.x) * (1 - _sigmoid(q.x)),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "overflow_backward",
        "the derivative is written with exponentials that overflow, and infinity divided by "
        "infinity is no number; the gradient should be 0 there",
        "express the derivative by the output",
        derivative=lambda q: np.exp(-q.x) / (1 + np.exp(-q.x)) ** 2,
    ),
    *chain_rule_bugs(bug),
    *smooth_bugs(bug),
    bug(
        "input_for_output",
        "the derivative is computed as x (1 - x) from the input; the formula is for the output",
        "does the cache hold what you think it holds?",
        derivative=lambda q: q.x * (1 - q.x),
    ),
    bug(
        "sigmoid_again",
        "the sigmoid is applied to the output once more before the derivative is computed",
        "does the cache hold the input or the output?",
        point=lambda q: q.out,
    ),
    bug(
        "one_minus_output_alone",
        "the gradient is multiplied with 1 minus the output only; the output itself is a factor, "
        "too",
        "the slope is largest in the middle and flat at both ends",
        derivative=lambda q: 1 - q.out,
    ),
    bug(
        "derivative_of_tanh",
        "the derivative is 1 minus the square of the output, which is that of tanh",
        "the slope of the sigmoid at 0 is a quarter",
        derivative=lambda q: 1 - q.out**2,
    ),
    bug(
        "output_squared",
        "the derivative is the square of the output; it should be the output times 1 minus the "
        "output",
        "the slope is largest in the middle and flat at both ends",
        derivative=lambda q: q.out**2,
    ),
    bug(
        "one_plus_output",
        "the derivative has 1 plus the output as a factor; it should be 1 minus the output",
        "the slope is largest in the middle and flat at both ends",
        derivative=lambda q: q.out * (1 + q.out),
    ),
    bug(
        "exponential_alone",
        "the derivative is that of the exponential in the denominator alone; the rest of the "
        "quotient is missing",
        "differentiate 1 / (1 + exp(-x)) step by step, or express the derivative by the output",
        derivative=lambda q: np.exp(-q.x),
    ),
)
