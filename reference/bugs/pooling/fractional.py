"""Fractional max pooling: its formulas, and mistakes in it.

    out[n, c, p, q] = the largest pixel of region (p, q) of x[n, c]

A region's pixels are those of the whole image that belong to it; the others count as -∞.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array

FRACTIONAL_FORMULAS: Formulas = {
    "H": lambda q: q.x.shape[2],
    "W": lambda q: q.x.shape[3],
    "shared": lambda q: int(q.overlapping),
    "in_rows": lambda q: _members(q.rows, q.H, q.shared),
    "in_cols": lambda q: _members(q.cols, q.W, q.shared),
    "inside": lambda q: q.in_rows[:, np.newaxis, :, np.newaxis] & q.in_cols[:, np.newaxis, :],
    "pixels": lambda q: np.where(q.inside, q.x[:, :, np.newaxis, np.newaxis], -np.inf),
    "out": lambda q: q.pixels.max(axis=(4, 5)),
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout[..., np.newaxis, np.newaxis],
    "largest": lambda q: q.pixels.max(axis=(4, 5), keepdims=True),
    "mask": lambda q: q.pixels == q.largest,
    "shares": lambda q: np.where(q.mask, q.upstream, 0),
    "dx": lambda q: q.shares.sum(axis=(2, 3)),
}


def _members(boundaries: Sequence[int], size: int, shared: int) -> Array:
    """Which pixels of an axis belong to which region: (regions, size)."""
    pixels, edges = np.arange(size), np.array(boundaries)[:, np.newaxis]
    starts, stops = edges[:-1], edges[1:] + shared
    members: Array = (pixels >= starts) & (pixels < stops)
    return members


def _forward(x: Array, pool_param: Mapping[str, Any]) -> dict[str, Any]:
    return {"x": x, **pool_param}


FRACTIONAL_MAX_POOL = Family(
    "fractional_max_pool",
    FRACTIONAL_FORMULAS,
    {
        "fractional_max_pool_forward": Signature(
            _forward,
            lambda q: (q.out, {k: getattr(q, k) for k in ("x", "rows", "cols", "overlapping")}),
        ),
        "fractional_max_pool_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: q.dx
        ),
    },
)

forward_bug = bugs_of(FRACTIONAL_MAX_POOL, "fractional_max_pool_forward")
bug = bugs_of(FRACTIONAL_MAX_POOL, "fractional_max_pool_backward")


def _two_from(boundaries: Sequence[int], size: int) -> Array:
    pixels, starts = np.arange(size), np.array(boundaries)[:-1, np.newaxis]
    members: Array = (pixels >= starts) & (pixels < starts + 2)
    return members


def _equal_parts(boundaries: Sequence[int], size: int) -> Array:
    regions = len(boundaries) - 1
    return _members([p * size // regions for p in range(regions + 1)], size, 0)


def _later_overwrite(q: Sheet, touched: Array) -> Array:
    dx: Array = np.zeros_like(q.x)
    for p in range(len(q.in_rows)):
        for r in range(len(q.in_cols)):
            written = np.broadcast_to(touched[..., p, r, :, :], dx.shape)
            dx[written] = q.shares[:, :, p, r][written]
    return dx


FRACTIONAL_MAX_POOL_BUGS = (
    # -------------------------------------------------------------------------------- regions
    forward_bug(
        "overlap_ignored",
        "regions end before the next boundary even where they should overlap; an overlapping "
        "region includes the pixel at its end",
        "which regions does the pixel at a boundary belong to?",
        shared=lambda _: 0,
    ),
    forward_bug(
        "always_overlapping",
        "regions include the pixel at their end even where they should be disjoint; that pixel "
        "belongs to the next region alone",
        "which regions does the pixel at a boundary belong to?",
        shared=lambda _: 1,
    ),
    forward_bug(
        "regions_of_two",
        "all regions are 2 by 2; they reach from one boundary to the next",
        "how large is a region whose boundaries are neighbours?",
        in_rows=lambda q: _two_from(q.rows, q.H),
        in_cols=lambda q: _two_from(q.cols, q.W),
    ),
    forward_bug(
        "regions_of_equal_size",
        "the image is cut into parts of about equal size; rows and cols say where the boundaries "
        "are",
        "where does your code use the values in rows?",
        in_rows=lambda q: _equal_parts(q.rows, q.H),
        in_cols=lambda q: _equal_parts(q.cols, q.W),
    ),
    forward_bug(
        "rows_and_cols_exchanged",
        "the boundaries of the rows cut the width, and those of the columns the height; it should "
        "be the other way round",
        "which axis of x is the height?",
        in_rows=lambda q: _members(q.cols, q.H, q.shared),
        in_cols=lambda q: _members(q.rows, q.W, q.shared),
    ),
    forward_bug(
        "rows_for_cols",
        "the width is cut at the boundaries of the rows; it has its own",
        "where does your code use cols?",
        in_cols=lambda q: _members(q.rows, q.W, q.shared),
    ),
    forward_bug(
        "last_region_missing",
        "the last region of each axis is missing in the output; there is one less than there are "
        "boundaries",
        "how many regions do three boundaries make?",
        in_rows=lambda q: _members(q.rows[:-1], q.H, q.shared),
        in_cols=lambda q: _members(q.cols[:-1], q.W, q.shared),
    ),
    # ------------------------------------------------------------------------------ the maximum
    forward_bug(
        "starts_at_zero",
        "the search for the maximum starts at 0, so a region of negative pixels gives 0; it should "
        "give the largest of them",
        "what is the maximum of -3 and -2?",
        out=lambda q: np.maximum(FRACTIONAL_FORMULAS["out"](q), 0),
    ),
    forward_bug(
        "mean",
        "the mean of each region is taken; it should be its largest pixel",
        "this is average pooling",
        out=lambda q: np.where(q.inside, q.pixels, 0).sum(axis=(4, 5)) / q.inside.sum(axis=(2, 3)),
    ),
    forward_bug(
        "minimum",
        "the smallest pixel of each region is taken; it should be the largest",
        "which pixel wins?",
        out=lambda q: np.where(q.inside, q.pixels, np.inf).min(axis=(4, 5)),
    ),
    forward_bug(
        "maximum_over_channels",
        "the maximum is taken over the channels, too; each channel has its own",
        "over which axes is the maximum?",
        out=lambda q: np.broadcast_to(
            q.largest.max(axis=1, keepdims=True)[..., 0, 0], q.largest.shape[:4]
        ),
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "overlap_overwritten",
        "where regions overlap, the later one overwrites the earlier one's gradient; they should "
        "add up",
        "a pixel that wins in two regions receives both gradients",
        dx=lambda q: _later_overwrite(q, q.mask),
    ),
    bug(
        "region_overwritten",
        "each region overwrites all of its part of dx, with zeros where it has no maximum; "
        "gradients of overlapping regions should add up",
        "a pixel that wins in two regions receives both gradients",
        dx=lambda q: _later_overwrite(q, q.inside),
    ),
    bug(
        "overlap_ignored_in_backward",
        "the largest pixel is searched in regions that end before the next boundary, even where "
        "they overlap; it should be the one that the forward pass found",
        "which regions does the pixel at a boundary belong to?",
        shared=lambda _: 0,
    ),
    bug(
        "always_overlapping_in_backward",
        "the largest pixel is searched in regions that include the pixel at their end, even where "
        "they are disjoint; it should be the one that the forward pass found",
        "which regions does the pixel at a boundary belong to?",
        shared=lambda _: 1,
    ),
    bug(
        "gradient_to_every_pixel",
        "every pixel of a region receives the gradient; only the largest should",
        "how does the output change when a pixel that is not the largest does?",
        mask=lambda q: np.broadcast_to(q.inside, q.pixels.shape),
    ),
    bug(
        "gradient_shared",
        "the gradient is shared by all pixels of a region; the largest should receive all of it",
        "this is the backward pass of average pooling",
        mask=lambda q: np.broadcast_to(q.inside, q.pixels.shape),
        upstream=lambda q: (
            FRACTIONAL_FORMULAS["upstream"](q) / q.inside.sum(axis=(2, 3), keepdims=True)
        ),
    ),
    bug(
        "largest_of_plane",
        "only the largest pixel of the whole plane receives a gradient; each region has its own "
        "largest pixel",
        "over which pixels is the maximum?",
        largest=lambda q: q.x.max(axis=(2, 3))[:, :, None, None, None, None],
    ),
    bug(
        "negative_gets_nothing",
        "a region whose pixels are all negative sends no gradient back, because its maximum "
        "started at 0; its largest pixel should receive it",
        "what is the maximum of -3 and -2?",
        largest=lambda q: np.maximum(FRACTIONAL_FORMULAS["largest"](q), 0),
    ),
    bug(
        "mask_without_upstream",
        "the largest pixel receives 1; it should receive the upstream gradient",
        "chain rule: derivative times what comes from above",
        shares=lambda q: q.mask.astype(q.dout.dtype),
    ),
    bug(
        "times_largest",
        "the gradient is multiplied by the largest pixel's value; it should be passed on as it is",
        "how does the output change when the largest pixel does?",
        shares=lambda q: np.where(q.mask, q.upstream * q.largest, 0),
    ),
)
