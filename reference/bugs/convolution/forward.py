"""Mistakes in the convolution's forward pass."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.convolution.formulas import CONV, FORMULAS
from reference.bugs.convolution.padding_bugs import padding_bugs
from reference.bugs.window_bugs import window_bugs

bug = bugs_of(CONV, "conv_forward")

CONV_FORWARD_BUGS = (
    *window_bugs(bug),
    # --------------------------------------------------------------------------------- filters
    bug(
        "filter_flipped",
        "the filters are turned by 180 degrees (a convolution in the mathematical sense); this "
        "layer slides them as they are",
        "which weight does a window's top left pixel meet?",
        kernel=lambda q: q.w[:, :, ::-1, ::-1],
    ),
    bug(
        "filter_transposed",
        "the rows and columns of the filters are exchanged",
        "which axis of w is the filter's height?",
        kernel=lambda q: q.w.transpose(0, 1, 3, 2),
    ),
    bug(
        "only_first_filter",
        "all output channels use the first filter; each has its own",
        "which index counts the filters?",
        kernel=lambda q: np.broadcast_to(q.w[:1], q.w.shape),
    ),
    # -------------------------------------------------------------------------------- channels
    bug(
        "only_first_channel",
        "only the first input channel is used; a filter covers all of them",
        "over which axes does each output value add up?",
        products=lambda q: np.einsum("nijhw,fhw->nfij", q.windows[:, 0], q.kernel[:, 0]),
    ),
    bug(
        "only_last_channel",
        "each input channel overwrites the one before, so only the last counts; a filter adds up "
        "all of them",
        "is the new value added to what is there, or put in its place?",
        products=lambda q: np.einsum("nijhw,fhw->nfij", q.windows[:, -1], q.kernel[:, -1]),
    ),
    bug(
        "channel_mean",
        "the channels are averaged; they should be added up",
        "a filter's output is a sum over its channels, rows and columns",
        products=lambda q: FORMULAS["products"](q) / q.x.shape[1],
    ),
    bug(
        "window_mean",
        "each window's products are averaged; they should be added up",
        "a filter's output is a sum over its channels, rows and columns",
        products=lambda q: FORMULAS["products"](q) / q.w[0].size,
    ),
    bug(
        "channels_added_first",
        "the channels of image and filter are added up before they are multiplied; each channel "
        "has its own weights",
        "which comes first, the product or the sum?",
        products=lambda q: np.einsum("nijhw,fhw->nfij", q.windows.sum(axis=1), q.w.sum(axis=1)),
    ),
    # ----------------------------------------------------------------------------------- bias
    bug(
        "no_bias",
        "the bias is not used; each output channel adds its own",
        "where does your code read b?",
        bias=lambda _: 0,
    ),
    bug(
        "bias_per_channel",
        "the bias is added once for each input channel; it should be added once",
        "is the bias inside the loop over channels?",
        bias=lambda q: q.x.shape[1] * FORMULAS["bias"](q),
    ),
    bug(
        "bias_per_product",
        "the bias is added to every product of a window before they are added up; it should be "
        "added once",
        "is the bias inside the sum?",
        bias=lambda q: q.w[0].size * FORMULAS["bias"](q),
    ),
    bug(
        "only_first_bias",
        "all output channels use the first bias; each has its own",
        "which index counts the filters?",
        bias=lambda q: q.b[0],
    ),
    # -------------------------------------------------------------------------------- padding
    *padding_bugs(bug),
    bug(
        "size_plus_one_by_stride",
        "the output size is (size + 1) / stride, which is right for some sizes only; padding and "
        "the size of the filters decide it, too",
        "how many windows of 3 are there in an input of 5 that has a border of 2 zeros?",
        HO=lambda q: (q.x.shape[2] + 1) // q.stride,
        WO=lambda q: (q.x.shape[3] + 1) // q.stride,
    ),
    bug(
        "size_without_padding",
        "the output size is that of the image without its border, so the last rows and columns "
        "are missing",
        "which size does the padded image have?",
        HO=lambda q: (q.x.shape[2] - q.KH) // q.stride + 1,
        WO=lambda q: (q.x.shape[3] - q.KW) // q.stride + 1,
    ),
)
