"""The parametric rectified linear unit as a table of formulas, and the mistakes in it.

out = x where x > 0, else alpha[c] x;  dalpha[c] = Σ dout min(0, x) over channel c
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

Array = NDArray[Any]

FORMULAS: Formulas = {
    "others": lambda q: (0, *range(2, q.x.ndim)),  # all axes but the channel's
    "slopes": lambda q: q.alpha.reshape(1, -1, *(1,) * (q.x.ndim - 2)),
    "out": lambda q: np.where(q.x > 0, q.x, q.slopes * q.x),
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout,
    "derivative": lambda q: np.where(q.x > 0, 1, q.slopes),
    "dx": lambda q: q.upstream * q.derivative,
    "share": lambda q: np.minimum(q.x, 0),
    "products": lambda q: q.upstream * q.share,
    "dalpha": lambda q: q.products.sum(axis=q.others),
}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


PRELU = Family(
    "prelu",
    FORMULAS,
    {
        "prelu_forward": Signature(
            lambda x, alpha: {"x": x, "alpha": alpha},
            lambda q: (q.out, {"x": q.x, "alpha": q.alpha}),
        ),
        "prelu_backward": Signature(_backward, lambda q: (q.dx, q.dalpha)),
    },
)

forward_bug = bugs_of(PRELU, "prelu_forward")
bug = bugs_of(PRELU, "prelu_backward")

PRELU_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "maximum_of_both",
        "the larger one of x and alpha x is taken, which is right only while the slope is below 1; "
        "it is learnt, and may be larger",
        "what is the output for -3 when the slope is 2?",
        out=lambda q: np.maximum(q.x, q.slopes * q.x),
    ),
    forward_bug(
        "slope_of_first_channel",
        "all channels have the slope of the first one; each has its own",
        "how many slopes does alpha hold?",
        slopes=lambda q: q.alpha[0],
    ),
    forward_bug(
        "mean_slope",
        "all channels share the mean of the slopes; each has its own",
        "how many slopes does alpha hold?",
        slopes=lambda q: q.alpha.mean(),
    ),
    forward_bug(
        "slopes_along_last_axis",
        "the slopes lie along the last axis of x; the channel is the second axis",
        "with which axis does NumPy line up an array that has only one?",
        slopes=lambda q: q.alpha,
    ),
    forward_bug(
        "no_leak",
        "negative values become 0; they should be multiplied with their channel's slope",
        "where does your output depend on alpha?",
        out=lambda q: np.maximum(q.x, 0),
    ),
    forward_bug(
        "slope_everywhere",
        "the slope is applied to positive values, too; they should pass unchanged",
        "what is the output for 3?",
        out=lambda q: q.slopes * q.x,
    ),
    forward_bug(
        "sides_swapped",
        "the slope is applied to positive values, and negative ones pass unchanged; it should be "
        "the other way round",
        "what is the output for 3, and for -3?",
        out=lambda q: np.where(q.x > 0, q.slopes * q.x, q.x),
    ),
    forward_bug(
        "negative_side_flipped",
        "the negative half has the wrong sign; it should be slope times x",
        "what is the output for -3 when the slope is 0.5?",
        out=lambda q: np.where(q.x > 0, q.x, -q.slopes * q.x),
    ),
    # ------------------------------------------------------------------------------------- dx
    bug(
        "no_upstream",
        "the upstream gradient is missing in dx and in dalpha",
        "chain rule: derivative times what comes from above",
        upstream=lambda q: np.ones_like(q.dout),
    ),
    bug(
        "dx_without_leak",
        "no gradient passes where the input is negative; there it should pass with the slope",
        "what is the derivative of slope times x with respect to x?",
        derivative=lambda q: (q.x > 0).astype(q.x.dtype),
    ),
    bug(
        "dx_unchanged",
        "the upstream gradient is passed on as it is; where the input is negative it should be "
        "multiplied with the slope",
        "what is the derivative of slope times x with respect to x?",
        derivative=lambda q: np.ones_like(q.x),
    ),
    bug(
        "dx_slope_everywhere",
        "the gradient is multiplied with the slope where the input is positive, too; there it "
        "should pass unchanged",
        "what is the slope of the curve at 3?",
        derivative=lambda q: q.slopes * np.ones_like(q.x),
    ),
    bug(
        "dx_sides_swapped",
        "the gradient is multiplied with the slope where the input is positive and passes where it "
        "is negative; it should be the other way round",
        "what is the slope of the curve at -3, and at 3?",
        derivative=lambda q: np.where(q.x > 0, q.slopes, 1),
    ),
    bug(
        "mask_from_upstream",
        "the sign of the upstream gradient decides which half a value belongs to; it should be the "
        "sign of the input",
        "at which point of the curve were you in the forward pass?",
        derivative=lambda q: np.where(q.dout > 0, 1, q.slopes),
    ),
    bug(
        "slopes_along_last_axis_backward",
        "the slopes lie along the last axis on the way back; the channel is the second axis",
        "with which axis does NumPy line up an array that has only one?",
        slopes=lambda q: q.alpha,
    ),
    # --------------------------------------------------------------------------------- dalpha
    bug(
        "dalpha_whole_input",
        "the positive inputs have a part in dalpha, too; alpha multiplies only the negative ones",
        "how does the output for 3 change when the slope does?",
        share=lambda q: q.x,
    ),
    bug(
        "dalpha_of_positive_inputs",
        "dalpha comes from the positive inputs; alpha multiplies the negative ones",
        "how does the output for 3 change when the slope does?",
        share=lambda q: np.maximum(q.x, 0),
    ),
    bug(
        "dalpha_mask_alone",
        "dalpha adds up the upstream gradient where the input is negative; it should be multiplied "
        "with the input",
        "what is the derivative of slope times x with respect to the slope?",
        share=lambda q: (q.x <= 0).astype(q.x.dtype),
    ),
    bug(
        "dalpha_without_upstream",
        "the upstream gradient is missing in dalpha",
        "chain rule: derivative times what comes from above",
        products=lambda q: q.share,
    ),
    bug(
        "dalpha_absolute",
        "dalpha has the wrong sign: the input is taken without its minus",
        "how does the output for -3 change when the slope grows?",
        share=lambda q: np.maximum(-q.x, 0),
    ),
    bug(
        "dalpha_times_slope",
        "dalpha is multiplied with the slope; the derivative of slope times x with respect to the "
        "slope has no slope in it",
        "what is the derivative of slope times x with respect to the slope?",
        share=lambda q: q.slopes * np.minimum(q.x, 0),
    ),
    bug(
        "dalpha_single_number",
        "dalpha is one number for all channels; each slope has a gradient of its own",
        "compare the shapes of dalpha and alpha",
        dalpha=lambda q: q.products.sum(),
    ),
    bug(
        "dalpha_shared",
        "every channel is given the sum over all channels; each slope has a gradient of its own",
        "over which axes is the sum?",
        dalpha=lambda q: np.full_like(q.alpha, q.products.sum()),
    ),
    bug(
        "dalpha_mean",
        "dalpha is a mean; every value adds its share, so it should be a sum",
        "where in the forward pass of this layer is a mean?",
        dalpha=lambda q: q.products.mean(axis=q.others),
    ),
    bug(
        "dalpha_divided_by_batch",
        "dalpha is divided by the number of samples; that mean belongs to the loss, and the "
        "upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        dalpha=lambda q: q.products.sum(axis=q.others) / len(q.x),
    ),
    bug(
        "dalpha_over_samples_only",
        "dalpha is added up over the samples only; a slope serves all pixels of its channel",
        "compare the shapes of dalpha and alpha",
        dalpha=lambda q: q.products.sum(axis=0),
    ),
)
