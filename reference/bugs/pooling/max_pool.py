"""Mistakes in max pooling."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.pooling.formulas import MAX_POOL, MAX_POOL_FORMULAS
from reference.bugs.sheet import Sheet
from reference.bugs.window_bugs import pool_backward_bugs, pool_window_bugs
from reference.bugs.window_formulas import Array, spread_last

forward_bug = bugs_of(MAX_POOL, "max_pool_forward")
bug = bugs_of(MAX_POOL, "max_pool_backward")


def _winners_overwrite(q: Sheet) -> Array:
    dx: Array = np.zeros_like(q.x)
    for i in range(q.HO):
        for j in range(q.WO):
            place = np.ix_(*map(np.arange, q.x.shape[:2]), q.rows[i], q.cols[j])
            dx[place] = np.where(q.mask[:, :, i, j], q.upstream[:, :, i, j], dx[place])
    return dx


MAX_POOL_BUGS = (
    *pool_window_bugs(forward_bug, lambda pixels: np.nanmax(pixels, axis=-1)),
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "starts_at_zero",
        "the search for the maximum starts at 0, so a window of negative pixels gives 0; it "
        "should give the largest of them",
        "what is the maximum of -3 and -2?",
        out=lambda q: np.maximum(MAX_POOL_FORMULAS["out"](q), 0),
    ),
    forward_bug(
        "minimum",
        "the smallest pixel of each window is taken; it should be the largest",
        "which pixel wins?",
        out=lambda q: q.windows.min(axis=(4, 5)),
    ),
    forward_bug(
        "mean",
        "the mean of each window is taken; it should be its largest pixel",
        "this is the other pooling layer",
        out=lambda q: q.windows.mean(axis=(4, 5)),
    ),
    forward_bug(
        "largest_magnitude",
        "the pixel of the largest absolute value is taken; it should be the largest pixel",
        "which is larger, -3 or 2?",
        out=lambda q: np.abs(q.windows).max(axis=(4, 5)),
    ),
    forward_bug(
        "maximum_over_channels",
        "the maximum is taken over the channels, too; each channel has its own",
        "over which axes is the maximum?",
        out=lambda q: np.broadcast_to(
            q.windows.max(axis=(1, 4, 5))[:, np.newaxis], (*q.x.shape[:2], q.HO, q.WO)
        ),
    ),
    forward_bug(
        "maximum_over_samples",
        "the maximum is taken over the samples, too; each sample has its own",
        "over which axes is the maximum?",
        out=lambda q: np.broadcast_to(q.windows.max(axis=(0, 4, 5)), (*q.x.shape[:2], q.HO, q.WO)),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "overlap_overwritten",
        "where windows overlap, the later one overwrites the earlier one's gradient; they should "
        "add up",
        "a pixel that wins in two windows receives both gradients",
        dx=_winners_overwrite,
    ),
    bug(
        "window_overwritten",
        "each window overwrites all of its part of dx, with zeros where it has no maximum; "
        "gradients of overlapping windows should add up",
        "a pixel that wins in two windows receives both gradients",
        dx=lambda q: spread_last(q.dwindows, q.rows, q.cols, q.x.shape),
    ),
    bug(
        "gradient_to_every_pixel",
        "every pixel of a window receives the gradient; only the largest should",
        "how does the output change when a pixel that is not the largest does?",
        dwindows=lambda q: np.broadcast_to(q.upstream, q.windows.shape),
    ),
    bug(
        "gradient_shared",
        "the gradient is shared by all pixels of a window; the largest should receive all of it",
        "this is the backward pass of the other pooling layer",
        dwindows=lambda q: np.broadcast_to(q.upstream / (q.KH * q.KW), q.windows.shape),
    ),
    bug(
        "divided_by_window",
        "the largest pixel receives the gradient divided by the size of the window; it should "
        "receive all of it",
        "how does the output change when the largest pixel does?",
        dwindows=lambda q: q.upstream * q.mask / (q.KH * q.KW),
    ),
    bug(
        "largest_of_plane",
        "only the largest pixel of the whole plane receives a gradient; each window has its own "
        "largest pixel",
        "over which pixels is the maximum?",
        largest=lambda q: q.x.max(axis=(2, 3))[:, :, None, None, None, None],
    ),
    bug(
        "largest_of_everything",
        "only the largest pixel of the whole input receives a gradient; each window has its own "
        "largest pixel",
        "a maximum without an axis is that of the whole array",
        largest=lambda q: q.x.max(),
    ),
    bug(
        "largest_of_channels",
        "only the largest pixel over all channels receives a gradient; each channel has its own",
        "over which axes is the maximum?",
        largest=lambda q: q.windows.max(axis=(1, 4, 5), keepdims=True),
    ),
    bug(
        "smallest_gets_gradient",
        "the smallest pixel of each window receives the gradient; it should be the largest",
        "which pixel wins?",
        largest=lambda q: q.windows.min(axis=(4, 5), keepdims=True),
    ),
    bug(
        "negative_gets_nothing",
        "a window whose pixels are all negative sends no gradient back, because its maximum "
        "started at 0; its largest pixel should receive it",
        "what is the maximum of -3 and -2?",
        largest=lambda q: np.maximum(MAX_POOL_FORMULAS["largest"](q), 0),
    ),
    bug(
        "mask_without_upstream",
        "the largest pixel receives 1; it should receive the upstream gradient",
        "chain rule: derivative times what comes from above",
        dwindows=lambda q: q.mask.astype(q.dout.dtype),
    ),
    bug(
        "times_largest",
        "the gradient is multiplied by the largest pixel's value; it should be passed on as it is",
        "how does the output change when the largest pixel does?",
        dwindows=lambda q: q.upstream * q.mask * q.windows,
    ),
    bug(
        "stride_ignored_in_backward",
        "the windows of dx are one pixel apart; they should lie where the forward pass had them",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
    *pool_backward_bugs(bug, MAX_POOL_FORMULAS, -np.inf),
)
