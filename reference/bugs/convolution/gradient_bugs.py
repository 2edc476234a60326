"""Mistakes in the gradients dx and db, which the kinds of convolution share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.bugs.bug import Bug
from reference.bugs.sheet import Formulas
from reference.bugs.window_formulas import places, spread, spread_last


def image_gradient_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Rows of a backward table about dx; ``bug`` is that table's word."""
    return (
        bug(
            "dx_overwritten",
            "where windows overlap, the later one overwrites the earlier one's gradient in dx; a "
            "pixel that several windows use receives all their gradients",
            "is the new value added to what is there, or put in its place?",
            dimage=lambda q: spread_last(q.dwindows, q.rows, q.cols, q.image.shape),
        ),
        bug(
            "dx_stride_ignored",
            "the windows of dx are one pixel apart; they should lie where the forward pass had "
            "them",
            "where does the window of output pixel (1, 0) begin?",
            dimage=lambda q: spread(
                q.dwindows, places(q.HO, 1, q.KH), places(q.WO, 1, q.KW), q.image.shape
            ),
        ),
        bug(
            "dx_filter_flipped",
            "dx uses the filters turned by 180 degrees, while the forward pass does not",
            "which weight did a window's top left pixel meet?",
            kernel=lambda q: q.kernel_given[..., ::-1, ::-1],
        ),
    )


def bias_gradient_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Rows of a backward table about db."""
    return (
        bug(
            "db_mean",
            "db is a mean over samples and places; it should be the sum",
            "every place the bias was added at sends a gradient back",
            db=lambda q: q.upstream.mean(axis=(0, 2, 3)),
        ),
        bug(
            "db_ones",
            "db is 1 everywhere; it should be the sum of the upstream gradient",
            "chain rule: derivative times what comes from above",
            db=lambda q: np.ones_like(q.b),
        ),
        bug(
            "db_only_last_sample",
            "each sample overwrites the gradient in db that the one before left; they should add "
            "up",
            "is the new value added to what is there, or put in its place?",
            db=lambda q: q.upstream[-1].sum(axis=(1, 2)),
        ),
        bug(
            "db_over_samples_only",
            "db is added up over the samples only, not over the places; it should have one value "
            "for each output channel",
            "compare db.shape with b.shape",
            db=lambda q: q.upstream.sum(axis=0),
        ),
    )


def common_gradient_bugs(
    bug: Callable[..., Bug], formulas: Formulas, *gradients: str
) -> tuple[Bug, ...]:
    """Rows about all gradients at once, which ``formulas`` computes under these names."""
    named = f"{', '.join(gradients[:-1])} and {gradients[-1]}"
    return (
        bug(
            "averaged_over_batch",
            f"{named} are divided by the number of samples; that mean belongs to the loss, and the "
            "upstream gradient contains it",
            "where in the forward pass of this layer is a mean?",
            **{name: lambda q, name=name: formulas[name](q) / len(q.dout) for name in gradients},
        ),
        bug(
            "weights_averaged_over_batch",
            f"{named.partition(', ')[2]} are divided by the number of samples; that mean belongs "
            "to the loss, and the upstream gradient contains it",
            "where in the forward pass of this layer is a mean?",
            **{
                name: lambda q, name=name: formulas[name](q) / len(q.dout) for name in gradients[1:]
            },
        ),
        bug(
            "upstream_ignored",
            f"{named} do not depend on the upstream gradient; each should be multiplied by it",
            "chain rule: derivative times what comes from above",
            upstream=lambda q: np.ones_like(q.dout),
        ),
    )
