"""The depthwise convolution: its formulas, and mistakes in it.

out[n, c, i, j] = b[c] + Σ_hw image[n, c, i stride + h, j stride + w] w[c, h, w]
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

DEPTHWISE_FORMULAS: Formulas = {
    **FORMULAS,
    "KH": lambda q: q.w.shape[1],
    "KW": lambda q: q.w.shape[2],
    "kernel_given": lambda q: q.w,
    "products": lambda q: np.einsum("ncijhw,chw->ncij", q.windows, q.kernel),
    "dwindows": lambda q: np.einsum("ncij,chw->ncijhw", q.upstream, q.kernel),
    "dw": lambda q: np.einsum("ncij,ncijhw->chw", q.upstream, q.windows),
}


def _forward(x: Array, w: Array, b: Array, conv_param: Mapping[str, int]) -> dict[str, Any]:
    return {"x": x, "w": w, "b": b, **conv_param}


DEPTHWISE = Family(
    "depthwise",
    DEPTHWISE_FORMULAS,
    {
        "depthwise_forward": Signature(
            _forward,
            lambda q: (q.out, {k: getattr(q, k) for k in ("x", "w", "b", "pad", "stride")}),
        ),
        "depthwise_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dw, q.db)
        ),
    },
)

forward_bug = bugs_of(DEPTHWISE, "depthwise_forward")
bug = bugs_of(DEPTHWISE, "depthwise_backward")

DEPTHWISE_BUGS = (
    *window_bugs(forward_bug),
    # -------------------------------------------------------------------------------- channels
    forward_bug(
        "channels_added",
        "each filter is applied to all channels and the results are added up, as in an ordinary "
        "convolution; each channel has its own filter and stays by itself",
        "which channels does output channel 0 depend on?",
        products=lambda q: np.einsum("ncijhw,fhw->nfij", q.windows, q.kernel),
    ),
    forward_bug(
        "summed_to_one_channel",
        "the channels are added up to a single one; each should stay by itself",
        "how many channels does the output have?",
        products=lambda q: DEPTHWISE_FORMULAS["products"](q).sum(axis=1, keepdims=True),
        bias=lambda q: q.b.sum(),
    ),
    forward_bug(
        "sum_in_every_channel",
        "every output channel is the sum over all channels, each with its own filter; each channel "
        "should stay by itself",
        "which channels does output channel 0 depend on?",
        products=lambda q: np.broadcast_to(
            DEPTHWISE_FORMULAS["products"](q).sum(axis=1, keepdims=True),
            (*q.x.shape[:2], q.HO, q.WO),
        ),
    ),
    forward_bug(
        "only_first_channel",
        "all filters are applied to the first channel; each has a channel of its own",
        "which index counts the channels of x?",
        products=lambda q: np.einsum("nijhw,chw->ncij", q.windows[:, 0], q.kernel),
    ),
    forward_bug(
        "only_first_filter",
        "all channels use the first filter; each has its own",
        "which index counts the filters?",
        kernel=lambda q: np.broadcast_to(q.w[:1], q.w.shape),
    ),
    # --------------------------------------------------------------------------------- filters
    forward_bug(
        "filter_flipped",
        "the filters are turned by 180 degrees (a convolution in the mathematical sense); this "
        "layer slides them as they are",
        "which weight does a window's top left pixel meet?",
        kernel=lambda q: q.w[:, ::-1, ::-1],
    ),
    forward_bug(
        "filter_transposed",
        "the rows and columns of the filters are exchanged",
        "which axis of w is the filter's height?",
        kernel=lambda q: q.w.transpose(0, 2, 1),
    ),
    forward_bug(
        "window_mean",
        "each window's products are averaged; they should be added up",
        "a filter's output is a sum over its rows and columns",
        products=lambda q: DEPTHWISE_FORMULAS["products"](q) / (q.KH * q.KW),
    ),
    # ------------------------------------------------------------------------------------ bias
    forward_bug(
        "no_bias",
        "the bias is not used; each channel adds its own",
        "where does your code read b?",
        bias=lambda _: 0,
    ),
    forward_bug(
        "only_first_bias",
        "all channels use the first bias; each has its own",
        "which index counts the channels?",
        bias=lambda q: q.b[0],
    ),
    *padding_bugs(forward_bug),
    # ------------------------------------------------------------------------------- backward
    *crop_bugs(bug),
    *image_gradient_bugs(bug),
    bug(
        "dx_channels_added",
        "every output channel sends its gradient back to all channels of x, as in an ordinary "
        "convolution; it should only to its own",
        "which outputs does channel 0 of x reach?",
        dwindows=lambda q: np.broadcast_to(
            DEPTHWISE_FORMULAS["dwindows"](q).sum(axis=1, keepdims=True), q.windows.shape
        ),
    ),
    bug(
        "dw_summed_over_channels",
        "the filters of dw are all the same, a sum over the channels; each channel has its own",
        "over which axes does dw add up?",
        dw=lambda q: np.broadcast_to(
            DEPTHWISE_FORMULAS["dw"](q).sum(axis=0, keepdims=True), q.w.shape
        ),
    ),
    bug(
        "dw_of_all_channels",
        "the gradient of each filter is taken from all channels of x; its own channel alone meets "
        "it",
        "which channel did filter 0 see?",
        dw=lambda q: np.einsum("ncij,nkijhw->chw", q.upstream, q.windows),
    ),
    bug(
        "dw_only_last_sample",
        "each sample overwrites the gradient in dw that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dw=lambda q: np.einsum("cij,cijhw->chw", q.upstream[-1], q.windows[-1]),
    ),
    bug(
        "dw_flipped",
        "dw is turned by 180 degrees; it should lie as w does",
        "which weight did a window's top left pixel meet?",
        dw=lambda q: DEPTHWISE_FORMULAS["dw"](q)[:, ::-1, ::-1],
    ),
    *bias_gradient_bugs(bug),
    *common_gradient_bugs(bug, DEPTHWISE_FORMULAS, "dx", "dw", "db"),
    bug(
        "stride_ignored_in_backward",
        "the windows of dx and dw are one pixel apart; they should lie where the forward pass had "
        "them",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
)
