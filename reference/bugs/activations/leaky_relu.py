"""Mistakes in the leaky rectified linear unit."""

from __future__ import annotations

import numpy as np

from reference.bugs.activations.elementwise import chain_rule_bugs, elementwise, straight_bugs
from reference.bugs.bug import bugs_of

LEAKY_RELU = elementwise(
    "leaky_relu",
    lambda q: np.where(q.x > 0, q.x, q.slope * q.x),
    lambda q: np.where(q.point > 0, 1, q.slope),
    "slope",
)

forward_bug = bugs_of(LEAKY_RELU, "leaky_relu_forward")
bug = bugs_of(LEAKY_RELU, "leaky_relu_backward")

LEAKY_RELU_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "no_leak",
        "negative values become 0; they should leak through with the given slope",
        "what is leaky ReLU of -3 when the slope is 0.1?",
        out=lambda q: np.maximum(q.x, 0),
    ),
    forward_bug(
        "slope_everywhere",
        "the slope is applied to positive values, too; they should pass unchanged",
        "what is leaky ReLU of 3?",
        out=lambda q: q.slope * q.x,
    ),
    forward_bug(
        "sides_swapped",
        "positive values are weakened and negative ones pass unchanged; it should be the other way "
        "round",
        "what is leaky ReLU of 3, and of -3?",
        out=lambda q: np.where(q.x > 0, q.slope * q.x, q.x),
    ),
    forward_bug(
        "negative_side_flipped",
        "negative values become positive; leaky ReLU keeps their sign",
        "what is leaky ReLU of -3?",
        out=lambda q: np.where(q.x > 0, q.x, -q.slope * q.x),
    ),
    forward_bug(
        "constant_below_zero",
        "the slope itself stands where the input is negative; it should be multiplied with it",
        "what are leaky ReLU of -3 and of -6?",
        out=lambda q: np.where(q.x > 0, q.x, q.slope),
    ),
    forward_bug(
        "slope_fixed_at_0_01",
        "the slope is always 0.01; it should be the one that is given",
        "where does your code use slope?",
        out=lambda q: np.where(q.x > 0, q.x, 0.01 * q.x),
    ),
    forward_bug(
        "slope_fixed_at_0_1",
        "the slope is always 0.1; it should be the one that is given",
        "where does your code use slope?",
        out=lambda q: np.where(q.x > 0, q.x, 0.1 * q.x),
    ),
    forward_bug(
        "slope_divides",
        "negative values are divided by the slope; they should be multiplied with it",
        "is leaky ReLU of -3 nearer to 0 than -3, or farther away?",
        out=lambda q: np.where(q.x > 0, q.x, q.x / q.slope),
    ),
    forward_bug(
        "leak_added_everywhere",
        "the leak is added where the input is positive, too; there the output should be the input",
        "what is leaky ReLU of 3?",
        out=lambda q: np.maximum(q.x, 0) + q.slope * q.x,
    ),
    # ------------------------------------------------------------------------------- backward
    *chain_rule_bugs(bug),
    *straight_bugs(bug),
    bug(
        "no_leak_backward",
        "no gradient passes where the input is negative; there it should pass with the slope",
        "what is the derivative of slope times x?",
        derivative=lambda q: (q.x > 0).astype(q.x.dtype),
    ),
    bug(
        "slope_everywhere_backward",
        "the gradient is weakened where the input is positive, too; there it should pass unchanged",
        "what is the slope of the curve at 3?",
        derivative=lambda q: np.full_like(q.x, q.slope),
    ),
    bug(
        "sides_swapped_backward",
        "the gradient is weakened where the input is positive and passes where it is negative; it "
        "should be the other way round",
        "what is the slope of the curve at -3, and at 3?",
        derivative=lambda q: np.where(q.x > 0, q.slope, 1),
    ),
    bug(
        "slope_times_input",
        "where the input is negative, the gradient is multiplied with slope times the input; the "
        "derivative there is the slope alone",
        "what is the derivative of slope times x?",
        derivative=lambda q: np.where(q.x > 0, 1, q.slope * q.x),
    ),
    bug(
        "slope_without_upstream",
        "where the input is negative, dx is the slope alone; it should be multiplied with the "
        "upstream gradient there, too",
        "chain rule: derivative times what comes from above",
        dx=lambda q: np.where(q.x > 0, q.dout, q.slope),
    ),
    bug(
        "negative_slope_flipped",
        "the gradient changes its sign where the input is negative; the curve rises there, too",
        "does leaky ReLU rise or fall at -3?",
        derivative=lambda q: np.where(q.x > 0, 1, -q.slope),
    ),
    bug(
        "slope_squared",
        "the slope is applied twice on the way back; once is enough",
        "what is the derivative of slope times x?",
        derivative=lambda q: np.where(q.x > 0, 1, q.slope**2),
    ),
    bug(
        "slope_fixed_at_0_01_backward",
        "the slope is always 0.01 on the way back; it should be the one that the forward pass had",
        "does the cache hold the slope?",
        derivative=lambda q: np.where(q.x > 0, 1, 0.01),
    ),
    bug(
        "slope_fixed_at_0_1_backward",
        "the slope is always 0.1 on the way back; it should be the one that the forward pass had",
        "does the cache hold the slope?",
        derivative=lambda q: np.where(q.x > 0, 1, 0.1),
    ),
)
