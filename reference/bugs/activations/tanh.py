"""Mistakes in the hyperbolic tangent."""

from __future__ import annotations

import numpy as np

from reference.bugs.activations.elementwise import chain_rule_bugs, elementwise, smooth_bugs
from reference.bugs.bug import bugs_of

TANH = elementwise("tanh", lambda q: np.tanh(q.x), lambda q: 1 - np.tanh(q.point) ** 2)

forward_bug = bugs_of(TANH, "tanh_forward")
bug = bugs_of(TANH, "tanh_backward")

TANH_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "overflow",
        "exp of a large number is infinite, and infinity divided by infinity is no number; the "
        "output should be 1 or -1 there",
        "NumPy has this function, and it knows about large numbers",
        out=lambda q: (np.exp(q.x) - np.exp(-q.x)) / (np.exp(q.x) + np.exp(-q.x)),
    ),
    forward_bug(
        "overflow_of_large",
        "exp of a large number is infinite, and infinity divided by infinity is no number; the "
        "output should be 1 there",
        "NumPy has this function, and it knows about large numbers",
        out=lambda q: (np.exp(2 * q.x) - 1) / (np.exp(2 * q.x) + 1),
    ),
    forward_bug(
        "overflow_of_very_negative",
        "exp of a large number is infinite, and infinity divided by infinity is no number; the "
        "output should be -1 there",
        "NumPy has this function, and it knows about large numbers",
        out=lambda q: (1 - np.exp(-2 * q.x)) / (1 + np.exp(-2 * q.x)),
    ),
    forward_bug(
        "sigmoid",
        "this is the sigmoid; tanh lies between -1 and 1",
        "what should tanh of 0 be?",
        out=lambda q: 1 / (1 + np.exp(-q.x)),
    ),
    forward_bug(
        "sigmoid_stretched",
        "a sigmoid is stretched to the range from -1 to 1, but tanh is twice as steep",
        "the slope of tanh at 0 is 1",
        out=lambda q: 2 / (1 + np.exp(-q.x)) - 1,
    ),
    forward_bug(
        "sinh",
        "the denominator is 2, which makes this the hyperbolic sine; tanh lies between -1 and 1",
        "what should tanh of a large number be?",
        out=lambda q: np.sinh(q.x),
    ),
    forward_bug(
        "sign_flipped_forward",
        "the curve falls; tanh rises",
        "what should tanh of a large number be?",
        out=lambda q: -np.tanh(q.x),
    ),
    forward_bug(
        "upside_down",
        "numerator and denominator are swapped; tanh lies between -1 and 1",
        "what should tanh of 0 be?",
        out=lambda q: 1 / np.tanh(q.x),
    ),
    forward_bug(
        "tangent",
        "this is the tangent of an angle; it should be the hyperbolic tangent",
        "is your output between -1 and 1?",
        out=lambda q: np.tan(q.x),
    ),
    forward_bug(
        "arctangent",
        "this is the arctangent; it should be the hyperbolic tangent",
        "what should tanh of a large number be?",
        out=lambda q: np.arctan(q.x),
    ),
    # ------------------------------------------------------------------------------- backward
    *chain_rule_bugs(bug),
    *smooth_bugs(bug),
    bug(
        "input_for_output",
        "the derivative is computed from the square of the input; the formula is for the output",
        "does the cache hold what you think it holds?",
        derivative=lambda q: 1 - q.x**2,
    ),
    bug(
        "tanh_again",
        "tanh is applied to the output once more before the derivative is computed",
        "does the cache hold the input or the output?",
        point=lambda q: q.out,
    ),
    bug(
        "not_squared",
        "the derivative is 1 minus the output; the output should be squared",
        "the slope is the same on both sides of 0",
        derivative=lambda q: 1 - q.out,
    ),
    bug(
        "derivative_of_sigmoid",
        "the derivative is the output times 1 minus the output, which is that of the sigmoid",
        "the slope of tanh at 0 is 1",
        derivative=lambda q: q.out * (1 - q.out),
    ),
    bug(
        "one_plus_square",
        "the square of the output is added to 1; it should be subtracted",
        "the slope is 0 at both ends",
        derivative=lambda q: 1 + q.out**2,
    ),
    bug(
        "square_alone",
        "the derivative is the square of the output; it should be 1 minus that",
        "the slope of tanh at 0 is 1",
        derivative=lambda q: q.out**2,
    ),
    bug(
        "one_minus_output_squared",
        "1 minus the output is squared; only the output should be",
        "the slope is the same on both sides of 0",
        derivative=lambda q: (1 - q.out) ** 2,
    ),
)
