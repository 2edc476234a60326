"""Flips as a table of formulas, and mistakes in them.

horizontal: out[..., j] = x[..., W-1-j];  vertical: out[..., i, :] = x[..., H-1-i, :]
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

FLIP_FORMULAS: Formulas = {
    "mirrored": lambda q: np.flip(q.x, q.axis),
    "chosen": lambda q: q.coins == 1,
    "out": lambda q: np.where(q.chosen.reshape(-1, 1, 1, 1), q.mirrored, q.x),
}


def _along(axis: int) -> Signature:
    def given(x: Any, coins: Any) -> dict[str, Any]:
        return {"x": x, "coins": coins, "axis": axis}

    return Signature(given, lambda q: q.out)


FLIPS = Family("flips", FLIP_FORMULAS, {"horizontal_flip": _along(3), "vertical_flip": _along(2)})

bug = bugs_of(FLIPS)


def _overwritten(q: Sheet) -> Any:
    """What a loop leaves that reads pixels it has already overwritten."""
    size = q.x.shape[q.axis]
    kept = np.arange(size)
    sources = np.where(kept < size - 1 - kept, size - 1 - kept, kept)
    return np.take(q.x, sources, q.axis)


FLIPS_BUGS = (
    bug(
        "other_axis",
        "the images are flipped along the other axis; a horizontal flip exchanges left and right, "
        "a vertical one top and bottom",
        "which axis runs from left to right?",
        mirrored=lambda q: np.flip(q.x, 5 - q.axis),
    ),
    bug(
        "both_axes",
        "the images are turned by 180 degrees, flipped along both axes; it should be one",
        "where should the pixel in the top left corner go?",
        mirrored=lambda q: np.flip(q.x, (2, 3)),
    ),
    bug(
        "channels_reversed",
        "the channels are put in reverse order, red for blue; the pixels of each channel should "
        "be flipped",
        "count the axes of x: samples, channels, rows, columns",
        mirrored=lambda q: np.flip(q.x, 1),
    ),
    bug(
        "samples_reversed",
        "the samples are put in reverse order; each image should be flipped in its place",
        "count the axes of x: samples, channels, rows, columns",
        mirrored=lambda q: np.flip(q.x, 0),
    ),
    bug(
        "never",
        "no image is flipped; those whose coin is 1 should be",
        "does your result depend on the coins?",
        chosen=lambda q: q.coins < 0,
    ),
    bug(
        "always",
        "every image is flipped; only those whose coin is 1 should be",
        "does your result depend on the coins?",
        chosen=lambda q: q.coins >= 0,
    ),
    bug(
        "coins_inverted",
        "the images whose coin is 0 are flipped; it should be those whose coin is 1",
        "which side of the coin means a flip?",
        chosen=lambda q: q.coins == 0,
    ),
    bug(
        "one_coin_for_all",
        "the first coin decides for all images; each has its own",
        "how many coins are there?",
        chosen=lambda q: np.repeat(q.coins[:1] == 1, len(q.x)),
    ),
    bug(
        "overwritten_in_place",
        "one half of the image is copied over the other, because pixels are read after they were "
        "overwritten; the halves should be exchanged",
        "what does your loop find in the second half of the image?",
        mirrored=_overwritten,
    ),
    bug(
        "shifted_by_one",
        "the flipped image is shifted by one pixel, so the first one stays where it is; it should "
        "become the last one",
        "with which index does the last pixel begin?",
        mirrored=lambda q: np.roll(np.flip(q.x, q.axis), 1, q.axis),
    ),
)
