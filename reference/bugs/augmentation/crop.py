"""Random crops as a table of formulas, and mistakes in them.

out[n, c, i, j] = padded[n, c, top_n + i, left_n + j]
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _padded(q: Sheet, before: int, after: int, **how: Any) -> Any:
    return np.pad(q.x, ((0, 0), (0, 0), (before, after), (before, after)), **how)


CROP_FORMULAS: Formulas = {
    "padded": lambda q: _padded(q, q.pad, q.pad),
    "tops": lambda q: q.offsets[:, 0],
    "lefts": lambda q: q.offsets[:, 1],
    "rows": lambda q: q.height,
    "cols": lambda q: q.width,
    "out": lambda q: np.stack(
        [
            image[:, top : top + q.rows, left : left + q.cols]
            for image, top, left in zip(q.padded, q.tops, q.lefts, strict=True)
        ]
    ),
}


def _given(x: Any, offsets: Any, height: int, width: int, pad: int) -> dict[str, Any]:
    return {"x": x, "N": len(x), "offsets": offsets, "height": height, "width": width, "pad": pad}


RANDOM_CROP = Family(
    "random_crop", CROP_FORMULAS, {"random_crop": Signature(_given, lambda q: q.out)}
)

bug = bugs_of(RANDOM_CROP)

RANDOM_CROP_BUGS = (
    bug(
        "offsets_exchanged",
        "top and left are exchanged; the first of each pair is the row",
        "which axis of the image is counted by top?",
        tops=lambda q: q.offsets[:, 1],
        lefts=lambda q: q.offsets[:, 0],
    ),
    bug(
        "sizes_exchanged",
        "height and width of the window are exchanged; rows come first",
        "what shape should the result have?",
        rows=lambda q: q.width,
        cols=lambda q: q.height,
    ),
    bug(
        "one_offset_for_all",
        "all images are cropped at the first one's place; each has its own",
        "how many pairs of offsets are there?",
        tops=lambda q: np.repeat(q.offsets[:1, 0], q.N),
        lefts=lambda q: np.repeat(q.offsets[:1, 1], q.N),
    ),
    bug(
        "always_in_the_centre",
        "the middle of each image is cut out; it should be the window at the offsets",
        "this is what is done at test time",
        tops=lambda q: np.repeat((q.padded.shape[2] - q.rows) // 2, q.N),
        lefts=lambda q: np.repeat((q.padded.shape[3] - q.cols) // 2, q.N),
    ),
    bug(
        "always_in_the_corner",
        "the top left corner of each image is cut out; it should be the window at the offsets",
        "does your result depend on the offsets?",
        tops=lambda q: np.zeros(q.N, dtype=int),
        lefts=lambda q: np.zeros(q.N, dtype=int),
    ),
    bug(
        "not_padded",
        "the windows are cut out of the image itself; it should be padded with zeros first",
        "in which image are the offsets counted?",
        padded=lambda q: q.x,
    ),
    bug(
        "padded_after_only",
        "the zeros are all below and to the right; they should be on all four sides",
        "where in the padded image is the first pixel?",
        padded=lambda q: _padded(q, 0, 2 * q.pad),
    ),
    bug(
        "padded_with_border",
        "the padding repeats the pixels at the border; it should be zeros",
        "which values should lie outside the image?",
        padded=lambda q: _padded(q, q.pad, q.pad, mode="edge"),
    ),
    bug(
        "padded_with_reflection",
        "the padding reflects the image; it should be zeros",
        "which values should lie outside the image?",
        padded=lambda q: _padded(q, q.pad, q.pad, mode="reflect"),
    ),
    bug(
        "one_pixel_further",
        "the windows lie one pixel too far down and to the right; offsets count from 0",
        "which window has the offsets 0 and 0?",
        tops=lambda q: q.offsets[:, 0] + 1,
        lefts=lambda q: q.offsets[:, 1] + 1,
    ),
    bug(
        "one_pixel_too_large",
        "the windows are one pixel too large; the last row and column should be left out",
        "how many numbers are there from top to top + height, both included?",
        rows=lambda q: q.height + 1,
        cols=lambda q: q.width + 1,
    ),
)
