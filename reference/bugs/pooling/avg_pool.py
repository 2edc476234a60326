"""Mistakes in average pooling."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.pooling.formulas import AVG_POOL, AVG_POOL_FORMULAS
from reference.bugs.sheet import Sheet
from reference.bugs.window_bugs import pool_backward_bugs, pool_window_bugs
from reference.bugs.window_formulas import Array, spread_last

forward_bug = bugs_of(AVG_POOL, "avg_pool_forward")
bug = bugs_of(AVG_POOL, "avg_pool_backward")


def _only(q: Sheet, row: int, col: int) -> Array:
    one = np.zeros((q.KH, q.KW))
    one[row, col] = 1
    return one


AVG_POOL_BUGS = (
    *pool_window_bugs(forward_bug, lambda pixels: np.nanmean(pixels, axis=-1)),
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "sum",
        "the pixels of a window are added up; they should be averaged",
        "what should the output be where all pixels are 1?",
        divisor=lambda _: 1,
    ),
    forward_bug(
        "maximum",
        "the largest pixel of each window is taken; it should be the mean",
        "this is the other pooling layer",
        out=lambda q: q.windows.max(axis=(4, 5)),
    ),
    forward_bug(
        "median",
        "the median of each window is taken; it should be the mean",
        "what should the output of the pixels 0, 0, 0 and 4 be?",
        out=lambda q: np.median(q.windows, axis=(4, 5)),
    ),
    forward_bug(
        "divided_by_height_squared",
        "the sum is divided by pool_height squared; it should be by the number of pixels",
        "try a window that is not square",
        divisor=lambda q: q.KH**2,
    ),
    forward_bug(
        "divided_by_width_squared",
        "the sum is divided by pool_width squared; it should be by the number of pixels",
        "try a window that is not square",
        divisor=lambda q: q.KW**2,
    ),
    forward_bug(
        "divided_by_height",
        "the sum is divided by pool_height only; it should be by the number of pixels",
        "how many pixels does a window have?",
        divisor=lambda q: q.KH,
    ),
    forward_bug(
        "divided_by_width",
        "the sum is divided by pool_width only; it should be by the number of pixels",
        "how many pixels does a window have?",
        divisor=lambda q: q.KW,
    ),
    forward_bug(
        "divided_by_stride_squared",
        "the sum is divided by the stride squared; it should be by the number of pixels",
        "the size of a window and the stride are two numbers",
        divisor=lambda q: q.stride**2,
    ),
    forward_bug(
        "mean_over_channels",
        "the mean is taken over the channels, too; each channel has its own",
        "over which axes is the mean?",
        out=lambda q: np.broadcast_to(
            q.windows.mean(axis=(1, 4, 5))[:, np.newaxis], (*q.x.shape[:2], q.HO, q.WO)
        ),
    ),
    forward_bug(
        "mean_over_samples",
        "the mean is taken over the samples, too; each sample has its own",
        "over which axes is the mean?",
        out=lambda q: np.broadcast_to(q.windows.mean(axis=(0, 4, 5)), (*q.x.shape[:2], q.HO, q.WO)),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "overlap_overwritten",
        "where windows overlap, the later one overwrites the earlier one's gradient; they should "
        "add up",
        "a pixel that lies in two windows receives a share of both",
        dx=lambda q: spread_last(q.dwindows, q.rows, q.cols, q.x.shape),
    ),
    bug(
        "gradient_not_shared",
        "every pixel of a window receives the whole gradient; each should receive its share",
        "by how much does a mean change when one of its pixels grows by 1?",
        divisor=lambda _: 1,
    ),
    bug(
        "shared_by_height_squared",
        "the gradient is divided by pool_height squared; it should be by the number of pixels",
        "try a window that is not square",
        divisor=lambda q: q.KH**2,
    ),
    bug(
        "shared_by_width_squared",
        "the gradient is divided by pool_width squared; it should be by the number of pixels",
        "try a window that is not square",
        divisor=lambda q: q.KW**2,
    ),
    bug(
        "shared_by_height",
        "the gradient is divided by pool_height only; it should be by the number of pixels",
        "how many pixels does a window have?",
        divisor=lambda q: q.KH,
    ),
    bug(
        "shared_by_width",
        "the gradient is divided by pool_width only; it should be by the number of pixels",
        "how many pixels does a window have?",
        divisor=lambda q: q.KW,
    ),
    bug(
        "shared_by_stride_squared",
        "the gradient is divided by the stride squared; it should be by the number of pixels",
        "the size of a window and the stride are two numbers",
        divisor=lambda q: q.stride**2,
    ),
    bug(
        "divided_by_windows",
        "the gradient is divided by the number of windows; it should be by the number of pixels "
        "in one",
        "by how much does a mean change when one of its pixels grows by 1?",
        divisor=lambda q: q.HO * q.WO,
    ),
    bug(
        "divided_by_batch_too",
        "the gradient is divided by the number of samples, too; that mean belongs to the loss, "
        "and the upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        divisor=lambda q: len(q.x) * AVG_POOL_FORMULAS["divisor"](q),
    ),
    bug(
        "gradient_to_largest",
        "the largest pixel of each window receives the gradient; all should share it",
        "this is the backward pass of the other pooling layer",
        share=lambda q: q.windows == q.windows.max(axis=(4, 5), keepdims=True),
    ),
    bug(
        "gradient_to_first_pixel",
        "only the top left pixel of each window receives a gradient; all should share it",
        "how does the output change when another pixel does?",
        share=lambda q: _only(q, 0, 0) / q.divisor,
    ),
    bug(
        "whole_gradient_to_first_pixel",
        "the top left pixel of each window receives all of the gradient; all should share it",
        "how does the output change when another pixel does?",
        share=lambda q: _only(q, 0, 0),
    ),
    bug(
        "share_without_upstream",
        "each pixel receives its share of 1; it should be of the upstream gradient",
        "chain rule: derivative times what comes from above",
        upstream=lambda q: np.ones_like(q.dout)[..., np.newaxis, np.newaxis],
    ),
    bug(
        "times_pixel",
        "each pixel's share of the gradient is multiplied by the pixel; it should be passed on "
        "as it is",
        "by how much does a mean change when one of its pixels grows by 1?",
        share=lambda q: q.windows / q.divisor,
    ),
    bug(
        "stride_ignored_in_backward",
        "the windows of dx are one pixel apart; they should lie where the forward pass had them",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
    *pool_backward_bugs(bug, AVG_POOL_FORMULAS, 0.0),
)
