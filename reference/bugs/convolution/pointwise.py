"""The pointwise convolution: its formulas, and mistakes in it.

out[n, f, i, j] = b[f] + Σ_c w[f, c] x[n, c, i, j]
"""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.convolution.gradient_bugs import bias_gradient_bugs, common_gradient_bugs
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array

POINTWISE_FORMULAS: Formulas = {
    "products": lambda q: np.einsum("fc,ncij->nfij", q.w, q.x),
    "bias": lambda q: q.b[:, np.newaxis, np.newaxis],
    "out": lambda q: q.products + q.bias,
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout,
    "dx": lambda q: np.einsum("fc,nfij->ncij", q.w, q.upstream),
    "dw": lambda q: np.einsum("nfij,ncij->fc", q.upstream, q.x),
    "db": lambda q: q.upstream.sum(axis=(0, 2, 3)),
}

POINTWISE = Family(
    "pointwise",
    POINTWISE_FORMULAS,
    {
        "pointwise_forward": Signature(
            lambda x, w, b: {"x": x, "w": w, "b": b},
            lambda q: (q.out, {"x": q.x, "w": q.w, "b": q.b}),
        ),
        "pointwise_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dw, q.db)
        ),
    },
)

forward_bug = bugs_of(POINTWISE, "pointwise_forward")
bug = bugs_of(POINTWISE, "pointwise_backward")


def _rows(x: Array) -> Array:
    """(N H W, C), though the values lie in the order N, C, H, W."""
    return x.reshape(-1, x.shape[1])


def _outputs(q: Sheet) -> tuple[int, ...]:
    return (len(q.x), len(q.w), *q.x.shape[2:])


POINTWISE_BUGS = (
    # --------------------------------------------------------------------------------- layout
    forward_bug(
        "input_reshaped_without_transpose",
        "x is reshaped to rows of C values while its axes are still N, C, H, W, so a row mixes "
        "neighbouring pixels; the channels must be made the last axis first",
        "are the first C values in memory the channels of one pixel?",
        products=lambda q: (
            (_rows(q.x) @ q.w.T).reshape(len(q.x), *q.x.shape[2:], len(q.w)).transpose(0, 3, 1, 2)
        ),
    ),
    forward_bug(
        "output_reshaped_without_transpose",
        "the result lies as N, H, W, F and is reshaped to N, F, H, W; its axes must be exchanged "
        "instead",
        "does reshape move any value in memory?",
        out=lambda q: (np.einsum("fc,ncij->nijf", q.w, q.x) + q.b).reshape(_outputs(q)),
    ),
    forward_bug(
        "reshaped_twice_without_transpose",
        "x is reshaped to rows of C values, and the result to N, F, H, W, without exchanging any "
        "axes; the channels of one pixel do not lie side by side in memory",
        "are the first C values in memory the channels of one pixel?",
        out=lambda q: (_rows(q.x) @ q.w.T + q.b).reshape(_outputs(q)),
    ),
    forward_bug(
        "channels_last",
        "the output's channels are its last axis; they should be its second, as in x",
        "compare the order of the axes of out and x",
        out=lambda q: np.moveaxis(POINTWISE_FORMULAS["out"](q), 1, 3),
    ),
    # --------------------------------------------------------------------------------- formula
    forward_bug(
        "no_bias",
        "the bias is not used; each output channel adds its own",
        "where does your code read b?",
        bias=lambda _: 0,
    ),
    forward_bug(
        "only_first_bias",
        "all output channels use the first bias; each has its own",
        "which index counts the filters?",
        bias=lambda q: q.b[0],
    ),
    forward_bug(
        "bias_per_channel",
        "the bias is added once for each input channel; it should be added once",
        "is the bias inside the loop over channels?",
        bias=lambda q: q.x.shape[1] * POINTWISE_FORMULAS["bias"](q),
    ),
    forward_bug(
        "channel_mean",
        "the channels are averaged; they should be added up",
        "each output is a weighted sum over the channels",
        products=lambda q: POINTWISE_FORMULAS["products"](q) / q.x.shape[1],
    ),
    forward_bug(
        "only_first_channel",
        "only the first input channel is used; each output is a sum over all of them",
        "over which axes does each output value add up?",
        products=lambda q: np.einsum("f,nij->nfij", q.w[:, 0], q.x[:, 0]),
    ),
    forward_bug(
        "only_last_channel",
        "each input channel overwrites the one before, so only the last counts; they should add up",
        "is the new value added to what is there, or put in its place?",
        products=lambda q: np.einsum("f,nij->nfij", q.w[:, -1], q.x[:, -1]),
    ),
    # ------------------------------------------------------------------------------------- dx
    bug(
        "dx_reshaped_without_transpose",
        "dout is reshaped to rows of F values while its axes are still N, F, H, W, so a row of it "
        "mixes neighbouring pixels; the same happens to dx",
        "are the first F values in memory the channels of one pixel?",
        dx=lambda q: (_rows(q.upstream) @ q.w).reshape(q.x.shape),
    ),
    bug(
        "dx_only_last_filter",
        "each filter overwrites the gradient in dx that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dx=lambda q: np.einsum("c,nij->ncij", q.w[-1], q.upstream[:, -1]),
    ),
    bug(
        "dx_averaged_over_filters",
        "dx is averaged over the filters; it should be their sum",
        "every filter sends a gradient back",
        dx=lambda q: POINTWISE_FORMULAS["dx"](q) / len(q.w),
    ),
    # ------------------------------------------------------------------------------------- dw
    bug(
        "dw_transposed",
        "dw is transposed; it should lie as w does, a row for each filter",
        "compare dw.shape with w.shape",
        dw=lambda q: POINTWISE_FORMULAS["dw"](q).T,
    ),
    bug(
        "dw_averaged_over_places",
        "dw is averaged over the places; it should be their sum",
        "every place a weight was used at sends a gradient back",
        dw=lambda q: POINTWISE_FORMULAS["dw"](q) / (q.x.shape[2] * q.x.shape[3]),
    ),
    bug(
        "dw_only_last_sample",
        "each sample overwrites the gradient in dw that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dw=lambda q: np.einsum("fij,cij->fc", q.upstream[-1], q.x[-1]),
    ),
    bug(
        "dw_reshaped_without_transpose",
        "x and dout are reshaped to rows of channels while their axes are still N, C, H, W, so "
        "dw multiplies values of different pixels",
        "are the first C values in memory the channels of one pixel?",
        dw=lambda q: _rows(q.upstream).T @ _rows(q.x),
    ),
    *bias_gradient_bugs(bug),
    *common_gradient_bugs(bug, POINTWISE_FORMULAS, "dx", "dw", "db"),
)
