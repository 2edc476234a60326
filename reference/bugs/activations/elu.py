"""Mistakes in the exponential linear unit."""

from __future__ import annotations

import numpy as np

from reference.bugs.activations.elementwise import chain_rule_bugs, elementwise, smooth_bugs
from reference.bugs.bug import bugs_of

ELU = elementwise(
    "elu",
    lambda q: np.where(q.x > 0, q.x, q.alpha * (np.exp(np.minimum(q.x, 0)) - 1)),
    lambda q: np.where(q.point > 0, 1, q.alpha * np.exp(np.minimum(q.point, 0))),
    "alpha",
)

forward_bug = bugs_of(ELU, "elu_forward")
bug = bugs_of(ELU, "elu_backward")

ELU_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "overflow",
        "exp of a large positive number is infinite, and infinity times 0 is no number; exp should "
        "not be taken of positive inputs",
        "a product with a mask computes both halves everywhere",
        out=lambda q: (q.x > 0) * q.x + (q.x <= 0) * q.alpha * (np.exp(q.x) - 1),
    ),
    forward_bug(
        "minus_one_missing",
        "the 1 is not subtracted from exp(x), so the curve jumps at 0; it should pass through 0",
        "what is ELU just below 0?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * np.exp(q.x)),
    ),
    forward_bug(
        "alpha_ignored",
        "alpha is not used; it should multiply the negative half",
        "which value do very negative inputs come near to?",
        out=lambda q: np.where(q.x > 0, q.x, np.exp(q.x) - 1),
    ),
    forward_bug(
        "alpha_on_exp_alone",
        "alpha multiplies the exponential only; it should multiply exp(x) - 1 as a whole",
        "what is ELU just below 0?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * np.exp(q.x) - 1),
    ),
    forward_bug(
        "alpha_everywhere",
        "alpha multiplies positive values, too; they should pass unchanged",
        "what is ELU of 3?",
        out=lambda q: q.alpha * np.where(q.x > 0, q.x, np.exp(q.x) - 1),
    ),
    forward_bug(
        "alpha_subtracted",
        "alpha is subtracted from the exponential; it should multiply exp(x) - 1",
        "what is ELU just below 0?",
        out=lambda q: np.where(q.x > 0, q.x, np.exp(q.x) - q.alpha),
    ),
    forward_bug(
        "alpha_in_exponent",
        "alpha stands in the exponent; it should multiply exp(x) - 1",
        "which value do very negative inputs come near to?",
        out=lambda q: np.where(q.x > 0, q.x, np.exp(q.alpha * q.x) - 1),
    ),
    forward_bug(
        "exp_of_x_minus_one",
        "the 1 is subtracted in the exponent; it should be subtracted from exp(x)",
        "which value do very negative inputs come near to?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * np.exp(q.x - 1)),
    ),
    forward_bug(
        "exp_of_minus_x",
        "the exponent has the wrong sign, so negative inputs explode; they should saturate",
        "is ELU of -3 above or below 0?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * (np.exp(-q.x) - 1)),
    ),
    forward_bug(
        "negative_half_flipped",
        "negative inputs give positive outputs; ELU keeps their sign",
        "is ELU of -3 above or below 0?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * (1 - np.exp(q.x))),
    ),
    forward_bug(
        "leaky_relu",
        "negative inputs are multiplied with alpha, as by a leaky ReLU; ELU has an exponential",
        "which value do very negative inputs come near to?",
        out=lambda q: np.where(q.x > 0, q.x, q.alpha * q.x),
    ),
    forward_bug(
        "relu",
        "negative values become 0, as by a ReLU; ELU has an exponential there",
        "which value do very negative inputs come near to?",
        out=lambda q: np.maximum(q.x, 0),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "overflow_backward",
        "exp of a large positive number is infinite, and infinity times 0 is no number; exp should "
        "not be taken of positive inputs",
        "a product with a mask computes both halves everywhere",
        derivative=lambda q: (q.x > 0) + (q.x <= 0) * q.alpha * np.exp(q.x),
    ),
    *chain_rule_bugs(bug),
    *smooth_bugs(bug),
    bug(
        "output_for_derivative",
        "where the input is negative, the gradient is multiplied with the output; the derivative "
        "is something else",
        "differentiate alpha (exp(x) - 1); how does the result differ from what you began with?",
        derivative=lambda q: np.where(q.x > 0, 1, q.alpha * (np.exp(q.x) - 1)),
    ),
    bug(
        "output_plus_one",
        "where the input is negative, the derivative is taken as the output plus 1, which is right "
        "only when alpha is 1",
        "express alpha exp(x) by the output, for any alpha",
        derivative=lambda q: np.where(q.x > 0, 1, q.alpha * (np.exp(q.x) - 1) + 1),
    ),
    bug(
        "alpha_missing_in_derivative",
        "alpha is missing in the derivative; it is a factor there as in the forward pass",
        "differentiate alpha (exp(x) - 1)",
        derivative=lambda q: np.where(q.x > 0, 1, np.exp(q.x)),
    ),
    bug(
        "alpha_everywhere_backward",
        "alpha multiplies the gradient where the input is positive, too; there the derivative is 1",
        "what is the slope of the curve at 3?",
        derivative=lambda q: q.alpha * np.where(q.x > 0, 1, np.exp(q.x)),
    ),
    bug(
        "derivative_at_output",
        "the exponential is taken of the output; it should be taken of the input",
        "does the cache hold what you think it holds?",
        point=lambda q: q.out,
    ),
    bug(
        "no_gradient_below_zero",
        "no gradient passes where the input is negative, as in a ReLU; ELU rises there, too",
        "what is the slope of the curve at -1?",
        derivative=lambda q: (q.x > 0).astype(q.x.dtype),
    ),
    bug(
        "constant_slope_below_zero",
        "the derivative is alpha wherever the input is negative, as in a leaky ReLU; the "
        "exponential is missing",
        "differentiate alpha (exp(x) - 1)",
        derivative=lambda q: np.where(q.x > 0, 1, q.alpha),
    ),
    bug(
        "derivative_with_minus_x",
        "the exponent has the wrong sign in the derivative; the curve gets flatter to the left",
        "differentiate alpha (exp(x) - 1)",
        derivative=lambda q: np.where(q.x > 0, 1, q.alpha * np.exp(-q.x)),
    ),
)
