"""The depthwise separable convolution: its formulas, and mistakes in it.

middle[n, c, i, j] = Σ_hw image[n, c, i stride + h, j stride + w] w_depth[c, h, w]
out[n, f, i, j] = b[f] + Σ_c w_point[f, c] middle[n, c, i, j]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.convolution.formulas import FORMULAS
from reference.bugs.convolution.gradient_bugs import (
    bias_gradient_bugs,
    common_gradient_bugs,
    image_gradient_bugs,
)
from reference.bugs.convolution.padding_bugs import crop_bugs, padding_bugs
from reference.bugs.sheet import Family, Formulas, Signature
from reference.bugs.window_bugs import window_bugs
from reference.bugs.window_formulas import Array

SEPARABLE_FORMULAS: Formulas = {
    **FORMULAS,
    "KH": lambda q: q.w_depth.shape[1],
    "KW": lambda q: q.w_depth.shape[2],
    "kernel_given": lambda q: q.w_depth,
    "kernel": lambda q: q.w_depth,
    "middle": lambda q: np.einsum("ncijhw,chw->ncij", q.windows, q.kernel),
    "products": lambda q: np.einsum("fc,ncij->nfij", q.w_point, q.middle),
    # ------------------------------------------------------------------------------- backward
    "dmiddle": lambda q: np.einsum("fc,nfij->ncij", q.w_point, q.upstream),
    "dw_point": lambda q: np.einsum("nfij,ncij->fc", q.upstream, q.middle),
    "dwindows": lambda q: np.einsum("ncij,chw->ncijhw", q.dmiddle, q.kernel),
    "dw_depth": lambda q: np.einsum("ncij,ncijhw->chw", q.dmiddle, q.windows),
}
_GIVEN = ("x", "w_depth", "w_point", "b", "pad", "stride")


def _forward(
    x: Array, w_depth: Array, w_point: Array, b: Array, conv_param: Mapping[str, int]
) -> dict[str, Any]:
    return {"x": x, "w_depth": w_depth, "w_point": w_point, "b": b, **conv_param}


SEPARABLE = Family(
    "separable",
    SEPARABLE_FORMULAS,
    {
        "separable_forward": Signature(
            _forward, lambda q: (q.out, {k: getattr(q, k) for k in _GIVEN})
        ),
        "separable_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache},
            lambda q: (q.dx, q.dw_depth, q.dw_point, q.db),
        ),
    },
)

forward_bug = bugs_of(SEPARABLE, "separable_forward")
bug = bugs_of(SEPARABLE, "separable_backward")

SEPARABLE_BUGS = (
    *window_bugs(forward_bug),
    *padding_bugs(forward_bug),
    # ------------------------------------------------------------------------ the two in a row
    forward_bug(
        "relu_between",
        "a ReLU stands between the two convolutions; here one follows the other directly",
        "can the values between the two be negative?",
        middle=lambda q: np.maximum(SEPARABLE_FORMULAS["middle"](q), 0),
    ),
    forward_bug(
        "depthwise_channels_added",
        "the first of the two adds up all channels, as an ordinary convolution does; each channel "
        "should stay by itself until they are mixed",
        "which channels does channel 0 between the two depend on?",
        middle=lambda q: np.einsum("ncijhw,khw->nkij", q.windows, q.kernel),
    ),
    forward_bug(
        "only_first_depthwise_filter",
        "all channels use the first filter of w_depth; each has its own",
        "which index counts the channels?",
        kernel=lambda q: np.broadcast_to(q.w_depth[:1], q.w_depth.shape),
    ),
    forward_bug(
        "channels_not_mixed",
        "the channels are added up with equal weights; the rows of w_point say how much of each "
        "goes into an output",
        "where does your code use the second index of w_point?",
        products=lambda q: np.einsum("fc,nij->nfij", q.w_point, q.middle.sum(axis=1)),
    ),
    forward_bug(
        "mixed_without_transpose",
        "the values between the two are reshaped to rows of C while their axes are still N, C, H, "
        "W, so a row mixes neighbouring pixels",
        "are the first C values in memory the channels of one pixel?",
        products=lambda q: (
            (q.middle.reshape(-1, q.middle.shape[1]) @ q.w_point.T)
            .reshape(len(q.x), q.HO, q.WO, len(q.w_point))
            .transpose(0, 3, 1, 2)
        ),
    ),
    forward_bug(
        "filter_flipped",
        "the filters of w_depth are turned by 180 degrees (a convolution in the mathematical "
        "sense); this layer slides them as they are",
        "which weight does a window's top left pixel meet?",
        kernel=lambda q: q.w_depth[:, ::-1, ::-1],
    ),
    forward_bug(
        "no_bias",
        "the bias is not used; each output channel adds its own",
        "where does your code read b?",
        bias=lambda _: 0,
    ),
    # ------------------------------------------------------------------------------- backward
    *crop_bugs(bug),
    *image_gradient_bugs(bug),
    bug(
        "dw_depth_without_mixing",
        "dx and w_depth's gradient use the sum of the upstream gradient over the filters; it has "
        "to go back through w_point first",
        "how much of channel 0 is in output channel 1?",
        dmiddle=lambda q: np.broadcast_to(
            q.upstream.sum(axis=1, keepdims=True), (*q.x.shape[:2], q.HO, q.WO)
        ),
    ),
    bug(
        "dmiddle_only_last_filter",
        "each output overwrites the gradient that the one before sent back to the values between "
        "the two; they should add up",
        "is the new value added to what is there, or put in its place?",
        dmiddle=lambda q: np.einsum("c,nij->ncij", q.w_point[-1], q.upstream[:, -1]),
    ),
    bug(
        "relu_between_in_backward",
        "the gradient is stopped where the values between the two are negative; no ReLU stands "
        "there",
        "which function lies between the two convolutions?",
        dmiddle=lambda q: SEPARABLE_FORMULAS["dmiddle"](q) * (q.middle > 0),
    ),
    bug(
        "dw_depth_summed_over_channels",
        "the filters of w_depth's gradient are all the same, a sum over the channels; each channel "
        "has its own",
        "over which axes does it add up?",
        dw_depth=lambda q: np.broadcast_to(
            SEPARABLE_FORMULAS["dw_depth"](q).sum(axis=0, keepdims=True), q.w_depth.shape
        ),
    ),
    bug(
        "dw_depth_only_last_sample",
        "each sample overwrites the gradient of w_depth that the one before left; they should add "
        "up",
        "is the new value added to what is there, or put in its place?",
        dw_depth=lambda q: np.einsum("cij,cijhw->chw", q.dmiddle[-1], q.windows[-1]),
    ),
    bug(
        "dw_point_of_windows_first_pixel",
        "w_point's gradient uses the pixels of x at the windows' corners; it should use what the "
        "depthwise convolution made of them",
        "what is the input of the second convolution?",
        dw_point=lambda q: np.einsum("nfij,ncij->fc", q.upstream, q.windows[..., 0, 0]),
    ),
    bug(
        "dw_point_transposed",
        "w_point's gradient is transposed; it should have a row for each output",
        "compare its shape with that of w_point",
        dw_point=lambda q: SEPARABLE_FORMULAS["dw_point"](q).T,
    ),
    *bias_gradient_bugs(bug),
    *common_gradient_bugs(bug, SEPARABLE_FORMULAS, "dx", "dw_depth", "dw_point", "db"),
)
