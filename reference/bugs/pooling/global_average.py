"""Global average pooling: its formulas, and mistakes in it.

out[n, c] = the mean of channel c of image n
"""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array

GLOBAL_FORMULAS: Formulas = {
    "divisor": lambda q: q.x.shape[2] * q.x.shape[3],
    "out": lambda q: q.x.sum(axis=(2, 3)) / q.divisor,
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout[:, :, np.newaxis, np.newaxis],
    "share": lambda q: np.ones(q.x.shape[2:], dtype=q.x.dtype) / q.divisor,
    "dx": lambda q: q.upstream * q.share,
}

GLOBAL_AVG_POOL = Family(
    "global_avg_pool",
    GLOBAL_FORMULAS,
    {
        "global_avg_pool_forward": Signature(lambda x: {"x": x}, lambda q: (q.out, {"x": q.x})),
        "global_avg_pool_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: q.dx
        ),
    },
)

forward_bug = bugs_of(GLOBAL_AVG_POOL, "global_avg_pool_forward")
bug = bugs_of(GLOBAL_AVG_POOL, "global_avg_pool_backward")


def _only_first(q: Sheet) -> Array:
    share = np.zeros(q.x.shape[2:])
    share[0, 0] = 1
    return share


GLOBAL_AVG_POOL_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "sum",
        "the pixels of a channel are added up; they should be averaged",
        "what should the output be where all pixels are 1?",
        divisor=lambda _: 1,
    ),
    forward_bug(
        "maximum",
        "the largest pixel of each channel is taken; it should be the mean",
        "this is global max pooling",
        out=lambda q: q.x.max(axis=(2, 3)),
    ),
    forward_bug(
        "divided_by_height_squared",
        "the sum is divided by the height squared; it should be by the number of pixels",
        "try an image that is not square",
        divisor=lambda q: q.x.shape[2] ** 2,
    ),
    forward_bug(
        "divided_by_width_squared",
        "the sum is divided by the width squared; it should be by the number of pixels",
        "try an image that is not square",
        divisor=lambda q: q.x.shape[3] ** 2,
    ),
    forward_bug(
        "divided_by_all_values",
        "the sum is divided by the number of values in all channels; each channel has a mean of "
        "its own",
        "what should the output be where all pixels are 1?",
        divisor=lambda q: q.x[0].size,
    ),
    forward_bug(
        "mean_over_channels",
        "the mean is taken over the channels, too, and is the same for all of them; each channel "
        "has its own",
        "over which axes is the mean?",
        out=lambda q: np.broadcast_to(q.x.mean(axis=(1, 2, 3))[:, np.newaxis], q.x.shape[:2]),
    ),
    forward_bug(
        "mean_over_samples",
        "the mean is taken over the samples, too; each sample has its own",
        "over which axes is the mean?",
        out=lambda q: np.broadcast_to(q.x.mean(axis=(0, 2, 3)), q.x.shape[:2]),
    ),
    forward_bug(
        "rows_left",
        "the mean is taken over the width only, so the rows are left; it should be over both",
        "how many values should be left of each channel?",
        out=lambda q: q.x.mean(axis=3),
    ),
    forward_bug(
        "columns_left",
        "the mean is taken over the height only, so the columns are left; it should be over both",
        "how many values should be left of each channel?",
        out=lambda q: q.x.mean(axis=2),
    ),
    forward_bug(
        "axes_kept",
        "the output keeps two axes of length 1; it should have a row for each sample and a column "
        "for each channel",
        "compare the output's shape with (N, C)",
        out=lambda q: q.x.mean(axis=(2, 3), keepdims=True),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "gradient_not_shared",
        "every pixel receives the whole gradient; each should receive its share",
        "by how much does a mean change when one of its pixels grows by 1?",
        divisor=lambda _: 1,
    ),
    bug(
        "shared_by_height_squared",
        "the gradient is divided by the height squared; it should be by the number of pixels",
        "try an image that is not square",
        divisor=lambda q: q.x.shape[2] ** 2,
    ),
    bug(
        "shared_by_width_squared",
        "the gradient is divided by the width squared; it should be by the number of pixels",
        "try an image that is not square",
        divisor=lambda q: q.x.shape[3] ** 2,
    ),
    bug(
        "shared_by_all_values",
        "the gradient is divided by the number of values in all channels; a channel's pixels alone "
        "share it",
        "how many pixels does each output depend on?",
        divisor=lambda q: q.x[0].size,
    ),
    bug(
        "divided_by_batch_too",
        "the gradient is divided by the number of samples, too; that mean belongs to the loss, and "
        "the upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        divisor=lambda q: q.x[:, 0].size,
    ),
    bug(
        "gradient_to_largest",
        "the largest pixel of each channel receives the gradient; all should share it",
        "how does the output change when another pixel does?",
        share=lambda q: q.x == q.x.max(axis=(2, 3), keepdims=True),
    ),
    bug(
        "gradient_to_first_pixel",
        "only the top left pixel of each channel receives a gradient; all should share it",
        "how does the output change when another pixel does?",
        share=lambda q: _only_first(q) / q.divisor,
    ),
    bug(
        "not_spread",
        "the gradient is divided, but stays one value for each channel; every pixel should receive "
        "its share",
        "compare dx.shape with x.shape",
        dx=lambda q: q.upstream / q.divisor,
    ),
    bug(
        "share_without_upstream",
        "each pixel receives its share of 1; it should be of the upstream gradient",
        "chain rule: derivative times what comes from above",
        dx=lambda q: np.broadcast_to(q.share, q.x.shape),
    ),
    bug(
        "times_pixel",
        "each pixel's share of the gradient is multiplied by the pixel; it should be passed on as "
        "it is",
        "by how much does a mean change when one of its pixels grows by 1?",
        share=lambda q: q.x / q.divisor,
    ),
)
