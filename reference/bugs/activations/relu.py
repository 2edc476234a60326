"""Mistakes in the rectified linear unit."""

from __future__ import annotations

import numpy as np

from reference.bugs.activations.elementwise import chain_rule_bugs, elementwise, straight_bugs
from reference.bugs.bug import bugs_of

RELU = elementwise("relu", lambda q: np.maximum(q.x, 0), lambda q: (q.point > 0).astype(q.x.dtype))

forward_bug = bugs_of(RELU, "relu_forward")
bug = bugs_of(RELU, "relu_backward")

RELU_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "no_activation",
        "the input passes unchanged; negative values should become 0",
        "what is ReLU of 3, and of -3?",
        out=lambda q: q.x,
    ),
    forward_bug(
        "mask_returned",
        "the output is 1 where the input is positive; ReLU passes positive values on as they are",
        "look at what you return: the values, or where they are positive?",
        out=lambda q: (q.x > 0).astype(q.x.dtype),
    ),
    forward_bug(
        "negative_kept",
        "the negative values are kept and the positive ones cut off; it should be the other way "
        "round",
        "what is ReLU of 3, and of -3?",
        out=lambda q: np.minimum(q.x, 0),
    ),
    forward_bug(
        "absolute_value",
        "negative values lose their sign; they should become 0",
        "what is ReLU of 3, and of -3?",
        out=lambda q: np.abs(q.x),
    ),
    forward_bug(
        "leaky",
        "negative values leak through with slope 0.01; ReLU cuts them off at 0",
        "leaky ReLU is another activation",
        out=lambda q: np.where(q.x > 0, q.x, 0.01 * q.x),
    ),
    forward_bug(
        "leaky_lecture",
        "negative values leak through with slope 0.1; ReLU cuts them off at 0",
        "leaky ReLU is another activation",
        out=lambda q: np.where(q.x > 0, q.x, 0.1 * q.x),
    ),
    forward_bug(
        "maximum_along_axis",
        "the maximum is taken over the samples; each value should be compared with 0 by itself",
        "NumPy has two functions for a maximum: one of an array along an axis, one of pairs",
        out=lambda q: q.x.max(axis=0),
    ),
    forward_bug(
        "threshold_of_1",
        "values below 1 become 0; only those below 0 should",
        "what is ReLU of one half?",
        out=lambda q: np.where(q.x > 1, q.x, 0),
    ),
    forward_bug(
        "capped_at_1",
        "large values are cut off at 1; ReLU has no upper bound",
        "what is ReLU of 3?",
        out=lambda q: np.clip(q.x, 0, 1),
    ),
    forward_bug(
        "negated",
        "the output has the wrong sign; ReLU is never negative",
        "what is ReLU of 3?",
        out=lambda q: -np.maximum(q.x, 0),
    ),
    # ------------------------------------------------------------------------------- backward
    *chain_rule_bugs(bug),
    *straight_bugs(bug),
    bug(
        "mask_inverted",
        "the gradient passes where the input is negative and is stopped where it is positive; it "
        "should be the other way round",
        "what is the slope of ReLU at -1, and at 1?",
        derivative=lambda q: (q.point < 0).astype(q.x.dtype),
    ),
    bug(
        "sign_for_mask",
        "the upstream gradient is multiplied with the sign of the input; where the input is "
        "negative, the derivative is 0",
        "what is the slope of ReLU at -1?",
        derivative=lambda q: np.sign(q.x),
    ),
    bug(
        "leaky_backward",
        "a hundredth of the gradient passes where the input is negative; nothing should pass there",
        "leaky ReLU is another activation",
        derivative=lambda q: np.where(q.x > 0, 1, 0.01),
    ),
    bug(
        "negative_gradient_cut",
        "negative gradients are set to 0 as well; whether a gradient passes depends on the input "
        "alone",
        "may a gradient behind a ReLU be negative?",
        dx=lambda q: np.maximum(q.dout, 0) * (q.x > 0),
    ),
)
