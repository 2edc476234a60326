"""Mistakes in the convolution's backward pass."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.convolution.formulas import CONV, FORMULAS
from reference.bugs.convolution.padding_bugs import crop_bugs
from reference.bugs.sheet import Sheet
from reference.bugs.window_formulas import look, places, spread, spread_last

bug = bugs_of(CONV, "conv_backward")


def _first_columns(q: Sheet) -> Sheet:
    """The same, but without gradient from the columns after the first HO."""
    upstream = q.upstream.copy()
    upstream[..., q.HO :] = 0
    given = {name: getattr(q, name) for name in ("x", "w", "pad", "stride")}
    return Sheet(FORMULAS, {**given, "upstream": upstream})


CONV_BACKWARD_BUGS = (
    # --------------------------------------------------------------------------- dx: the border
    *crop_bugs(bug),
    # ----------------------------------------------------------------------------- dx: the sums
    bug(
        "dx_overwritten",
        "where windows overlap, the later one overwrites the earlier one's gradient in dx; a "
        "pixel that several windows use receives all their gradients",
        "is the new value added to what is there, or put in its place?",
        dimage=lambda q: spread_last(q.dwindows, q.rows, q.cols, q.image.shape),
    ),
    bug(
        "dx_overwritten_by_last_filter",
        "each filter and window overwrites the gradient in dx that the others left; they should "
        "add up",
        "is the new value added to what is there, or put in its place?",
        dwindows=lambda q: np.einsum("nij,chw->ncijhw", q.upstream[:, -1], q.kernel[-1]),
        dimage=lambda q: spread_last(q.dwindows, q.rows, q.cols, q.image.shape),
    ),
    bug(
        "dx_only_last_filter",
        "each filter overwrites the gradient in dx that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dwindows=lambda q: np.einsum("nij,chw->ncijhw", q.upstream[:, -1], q.kernel[-1]),
    ),
    bug(
        "dx_only_first_filter",
        "only the first filter is used for dx; every filter sends a gradient back",
        "which index counts the filters?",
        dwindows=lambda q: np.einsum("nij,chw->ncijhw", q.upstream[:, 0], q.kernel[0]),
    ),
    bug(
        "dx_channels_added",
        "the channels of dx are all the same, the sum over the filters' channels; each channel "
        "has its own weights",
        "over which axes does dx add up?",
        dwindows=lambda q: np.broadcast_to(
            FORMULAS["dwindows"](q).sum(axis=1, keepdims=True), q.windows.shape
        ),
    ),
    bug(
        "dx_averaged_over_filters",
        "dx is averaged over the filters; it should be their sum",
        "every filter sends a gradient back",
        dwindows=lambda q: FORMULAS["dwindows"](q) / len(q.w),
    ),
    # ------------------------------------------------------------------- dx: filters and places
    bug(
        "dx_filter_flipped",
        "dx uses the filters turned by 180 degrees, while the forward pass does not",
        "which weight did a window's top left pixel meet?",
        kernel=lambda q: q.w[:, :, ::-1, ::-1],
    ),
    bug(
        "dx_filter_transposed",
        "dx uses the filters with rows and columns exchanged, while the forward pass does not",
        "which weight did a window's top right pixel meet?",
        kernel=lambda q: q.w.transpose(0, 1, 3, 2),
    ),
    bug(
        "dx_stride_ignored",
        "the windows of dx are one pixel apart; they should lie where the forward pass had them",
        "where does the window of output pixel (1, 0) begin?",
        dimage=lambda q: spread(
            q.dwindows, places(q.HO, 1, q.KH), places(q.WO, 1, q.KW), q.image.shape
        ),
    ),
    bug(
        "dx_without_upstream",
        "dx adds up weights; they should be multiplied by the upstream gradient",
        "chain rule: derivative times what comes from above",
        dwindows=lambda q: np.einsum("nfij,fchw->ncijhw", np.ones_like(q.upstream), q.kernel),
    ),
    # ------------------------------------------------------------------------------------- dw
    bug(
        "dw_flipped",
        "dw is turned by 180 degrees; it should lie as w does",
        "which weight did a window's top left pixel meet?",
        dw=lambda q: FORMULAS["dw"](q)[:, :, ::-1, ::-1],
    ),
    bug(
        "dw_transposed",
        "the rows and columns of dw are exchanged",
        "which axis of w is the filter's height?",
        dw=lambda q: FORMULAS["dw"](q).transpose(0, 1, 3, 2),
    ),
    bug(
        "dw_overwritten",
        "each window overwrites the gradient in dw that the others left, so only the last one "
        "counts; they should add up",
        "is the new value added to what is there, or put in its place?",
        dw=lambda q: np.einsum("f,chw->fchw", q.upstream[-1, :, -1, -1], q.windows[-1, :, -1, -1]),
    ),
    bug(
        "dw_only_last_sample",
        "each sample overwrites the gradient in dw that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dw=lambda q: np.einsum("fij,cijhw->fchw", q.upstream[-1], q.windows[-1]),
    ),
    bug(
        "dw_stride_ignored",
        "the windows of dw are one pixel apart; they should lie where the forward pass had them",
        "where does the window of output pixel (1, 0) begin?",
        dw=lambda q: np.einsum(
            "nfij,ncijhw->fchw",
            q.upstream,
            look(q.image, places(q.HO, 1, q.KH), places(q.WO, 1, q.KW)),
        ),
    ),
    bug(
        "dw_only_first_channel",
        "all channels of dw are that of the first input channel; each has its own",
        "which index counts the channels?",
        dw=lambda q: np.broadcast_to(FORMULAS["dw"](q)[:, :1], q.w.shape),
    ),
    bug(
        "dw_channels_added",
        "the channels of dw are all the same, the sum over the input channels; each has its own",
        "over which axes does dw add up?",
        dw=lambda q: np.broadcast_to(FORMULAS["dw"](q).sum(axis=1, keepdims=True), q.w.shape),
    ),
    bug(
        "dw_without_upstream",
        "dw adds up pixels; they should be multiplied by the upstream gradient",
        "chain rule: derivative times what comes from above",
        dw=lambda q: np.einsum("nfij,ncijhw->fchw", np.ones_like(q.upstream), q.windows),
    ),
    # ------------------------------------------------------------------------------------- db
    bug(
        "db_mean",
        "db is a mean over samples and places; it should be the sum",
        "every place the bias was added at sends a gradient back",
        db=lambda q: q.upstream.mean(axis=(0, 2, 3)),
    ),
    bug(
        "db_counts_places",
        "db counts the places; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        db=lambda q: np.ones_like(q.upstream).sum(axis=(0, 2, 3)),
    ),
    bug(
        "db_ones",
        "db is 1 everywhere; it should be the sum of the upstream gradient",
        "chain rule: derivative times what comes from above",
        db=lambda q: np.ones_like(q.b),
    ),
    bug(
        "db_overwritten",
        "each place overwrites the gradient in db that the others left, so only the last one "
        "counts; they should add up",
        "is the new value added to what is there, or put in its place?",
        db=lambda q: q.upstream[-1, :, -1, -1],
    ),
    bug(
        "db_only_last_sample",
        "each sample overwrites the gradient in db that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        db=lambda q: q.upstream[-1].sum(axis=(1, 2)),
    ),
    bug(
        "db_over_samples_only",
        "db is added up over the samples only, not over the places; it should have one value for "
        "each filter",
        "compare db.shape with b.shape",
        db=lambda q: q.upstream.sum(axis=0),
    ),
    bug(
        "db_summed_to_scalar",
        "db is a single number: the sum is over the filters, too",
        "compare db.shape with b.shape",
        db=lambda q: q.upstream.sum(),
    ),
    bug(
        "db_keepdims",
        "db keeps axes of length 1; it should have the shape of b",
        "compare db.shape with b.shape",
        db=lambda q: q.upstream.sum(axis=(0, 2, 3), keepdims=True),
    ),
    # ------------------------------------------------------------------------------ all of them
    bug(
        "averaged_over_batch",
        "dx, dw and db are divided by the number of samples; that mean belongs to the loss, and "
        "the upstream gradient contains it",
        "where in the forward pass of this layer is a mean?",
        dx=lambda q: FORMULAS["dx"](q) / len(q.x),
        dw=lambda q: FORMULAS["dw"](q) / len(q.x),
        db=lambda q: FORMULAS["db"](q) / len(q.x),
    ),
    bug(
        "weights_averaged_over_batch",
        "dw and db are divided by the number of samples; that mean belongs to the loss, and the "
        "upstream gradient contains it",
        "where in the forward pass of this layer is a mean?",
        dw=lambda q: FORMULAS["dw"](q) / len(q.x),
        db=lambda q: FORMULAS["db"](q) / len(q.x),
    ),
    bug(
        "upstream_ignored",
        "dx, dw and db do not depend on the upstream gradient; each should be multiplied by it",
        "chain rule: derivative times what comes from above",
        upstream=lambda q: np.ones_like(q.dout),
    ),
    bug(
        "filter_flipped_in_backward",
        "dx and dw are those of a filter turned by 180 degrees (a convolution in the mathematical "
        "sense), while the forward pass slides it as it is",
        "which weight did a window's top left pixel meet?",
        kernel=lambda q: q.w[:, :, ::-1, ::-1],
        dw=lambda q: FORMULAS["dw"](q)[:, :, ::-1, ::-1],
    ),
    bug(
        "stride_ignored_in_backward",
        "the windows of dx and dw are one pixel apart; they should lie where the forward pass had "
        "them",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
    bug(
        "columns_counted_by_rows",
        "dx and dw are added up over as many columns of the output as it has rows; the last "
        "columns send no gradient back",
        "try an output that is not square",
        dwindows=lambda q: FORMULAS["dwindows"](_first_columns(q)),
        dw=lambda q: FORMULAS["dw"](_first_columns(q)),
    ),
)
