"""Cutout as a table of formulas, and mistakes in it.

rows r - ⌊size/2⌋ up to r - ⌊size/2⌋ + size, and columns likewise, are set to 0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _between(starts: Any, size: int, length: int) -> Any:
    """(N, length): whether a place lies in the image's span."""
    places = np.arange(length)
    return (places >= starts[:, np.newaxis]) & (places < starts[:, np.newaxis] + size)


CUTOUT_FORMULAS: Formulas = {
    "N": lambda q: len(q.x),
    "H": lambda q: q.x.shape[2],
    "W": lambda q: q.x.shape[3],
    "centre_rows": lambda q: q.centres[:, 0],
    "centre_cols": lambda q: q.centres[:, 1],
    "half": lambda q: q.size // 2,
    "side": lambda q: q.size,
    "tops": lambda q: q.centre_rows - q.half,
    "lefts": lambda q: q.centre_cols - q.half,
    "hidden": lambda q: (
        _between(q.tops, q.side, q.H)[:, :, np.newaxis]
        & _between(q.lefts, q.side, q.W)[:, np.newaxis]
    ),
    "mask": lambda q: np.repeat(q.hidden[:, np.newaxis], q.x.shape[1], axis=1),
    "fill": lambda _: 0,
    "out": lambda q: np.where(q.mask, q.fill, q.x),
}


def _given(x: Any, centres: Any, size: int) -> dict[str, Any]:
    return {"x": x, "centres": centres, "size": size}


CUTOUT = Family("cutout", CUTOUT_FORMULAS, {"cutout": Signature(_given, lambda q: q.out)})

bug = bugs_of(CUTOUT)


def _by_slices(q: Sheet) -> Any:
    """A negative start counts from the end, as in Python's slices."""
    hidden = np.zeros((q.N, q.H, q.W), dtype=bool)
    for n, (top, left) in enumerate(zip(q.tops, q.lefts, strict=True)):
        hidden[n, top : top + q.side, left : left + q.side] = True
    return hidden


def _first_channel(q: Sheet) -> Any:
    mask = np.zeros(q.x.shape, dtype=bool)
    mask[:, 0] = q.hidden
    return mask


CUTOUT_BUGS = (
    bug(
        "negative_start",
        "a square that begins above or left of the image hides nothing, or the wrong part, since a "
        "negative index counts from the end; it should be cut off at the border",
        "what does a slice mean whose start is negative?",
        hidden=_by_slices,
    ),
    bug(
        "moved_inside",
        "a square that reaches over the border is moved inside; it should be cut off there",
        "may a square at the corner hide fewer pixels?",
        tops=lambda q: np.clip(q.centre_rows - q.half, 0, q.H - q.side),
        lefts=lambda q: np.clip(q.centre_cols - q.half, 0, q.W - q.side),
    ),
    bug(
        "centre_as_corner",
        "the square begins at its centre; it should begin half its size before",
        "is the given place the middle or the corner?",
        half=lambda _: 0,
    ),
    bug(
        "row_and_column_exchanged",
        "row and column of the centre are exchanged; the first of each pair is the row",
        "try an image that is not square",
        centre_rows=lambda q: q.centres[:, 1],
        centre_cols=lambda q: q.centres[:, 0],
    ),
    bug(
        "twice_as_large",
        "the square reaches by its whole size to both sides of the centre; it should by half of it",
        "how many rows should be hidden?",
        half=lambda q: q.size,
        side=lambda q: 2 * q.size,
    ),
    bug(
        "one_row_more",
        "the square is one row and one column too large; the end is not included",
        "how many rows should be hidden?",
        side=lambda q: q.size + 1,
    ),
    bug(
        "even_size_only",
        "the square reaches by half the size, rounded down, to both sides, so an odd size loses a "
        "row and a column; it should hide as many rows as its size",
        "how many rows should be hidden?",
        side=lambda q: 2 * (q.size // 2),
    ),
    bug(
        "odd_size_always",
        "the square reaches equally far to both sides of its centre, so an even size gains a row "
        "and a column; it should hide as many rows as its size",
        "how many rows should be hidden?",
        side=lambda q: 2 * (q.size // 2) + 1,
    ),
    bug(
        "half_rounded_up",
        "an odd square begins one pixel too early, half its size being rounded up; it is rounded "
        "down",
        "where is the middle of a square of 3?",
        half=lambda q: (q.size + 1) // 2,
    ),
    bug(
        "filled_with_one",
        "the square is filled with 1; it should be 0",
        "compare with the definition",
        fill=lambda _: 1,
    ),
    bug(
        "filled_with_mean",
        "the square is filled with the mean of the images; it should be 0",
        "compare with the definition",
        fill=lambda q: q.x.mean(),
    ),
    bug(
        "one_place_for_all",
        "all images have their square at the first one's place; each has its own",
        "how many centres are there?",
        centre_rows=lambda q: np.repeat(q.centres[:1, 0], q.N),
        centre_cols=lambda q: np.repeat(q.centres[:1, 1], q.N),
    ),
    bug(
        "first_channel_only",
        "only the first channel is hidden; it should be all of them",
        "count the axes of x: samples, channels, rows, columns",
        mask=_first_channel,
    ),
    bug(
        "keeps_the_square",
        "everything but the square is hidden; it should be the square",
        "which part of the image is cut out?",
        out=lambda q: np.where(q.mask, q.x, q.fill),
    ),
    bug(
        "whole_rows_and_columns",
        "whole rows and columns are hidden; it should be only where they cross",
        "how many pixels has the square?",
        hidden=lambda q: (
            _between(q.tops, q.side, q.H)[:, :, np.newaxis]
            | _between(q.lefts, q.side, q.W)[:, np.newaxis]
        ),
    ),
)
