"""Mistakes in the border around the image, which all padded convolutions share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.bugs.bug import Bug
from reference.bugs.convolution.formulas import padded
from reference.bugs.sheet import Formulas

# Whoever pads wrongly seldom tests whether the windows still fit.
_FLOORED: Formulas = {
    "HO": lambda q: (q.H - q.KH) // q.stride + 1,
    "WO": lambda q: (q.W - q.KW) // q.stride + 1,
}


def padding_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """The rows of a forward table about padding; ``bug`` is that table's word."""
    return (
        bug(
            "pad_ignored",
            "the padding is ignored; x should get a border of pad zeros first",
            "where does your code use pad?",
            image=lambda q: q.x,
            **_FLOORED,
        ),
        bug(
            "pad_always_one",
            "the padding is always 1; conv_param says how much it is",
            "where does your code use pad?",
            image=lambda q: padded(q.x, 1),
            **_FLOORED,
        ),
        bug(
            "pad_only_before",
            "only the top and the left get a border; all four sides should",
            "np.pad wants two numbers for each axis",
            image=lambda q: padded(q.x, q.pad)[:, :, : -q.pad or None, : -q.pad or None],
            **_FLOORED,
        ),
        bug(
            "pad_only_after",
            "only the bottom and the right get a border; all four sides should",
            "np.pad wants two numbers for each axis",
            image=lambda q: padded(q.x, q.pad)[:, :, q.pad :, q.pad :],
            **_FLOORED,
        ),
        bug(
            "pad_only_rows",
            "only the top and the bottom get a border; all four sides should",
            "np.pad wants two numbers for each axis",
            image=lambda q: padded(q.x, q.pad)[:, :, :, q.pad : q.pad + q.x.shape[3]],
            **_FLOORED,
        ),
        bug(
            "pad_only_columns",
            "only the left and the right get a border; all four sides should",
            "np.pad wants two numbers for each axis",
            image=lambda q: padded(q.x, q.pad)[:, :, q.pad : q.pad + q.x.shape[2]],
            **_FLOORED,
        ),
        bug(
            "pad_on_all_axes",
            "samples and channels get a border, too, so the first of them are zeros; only rows and "
            "columns should",
            "np.pad wants two numbers for each axis",
            image=lambda q: np.pad(q.x, q.pad)[: q.x.shape[0], : q.x.shape[1]],
        ),
        bug(
            "pad_on_wrong_axes",
            "samples and channels get the border; rows and columns should",
            "which axes of x are the rows and the columns?",
            image=lambda q: padded(q.x.transpose(2, 3, 0, 1), q.pad).transpose(2, 3, 0, 1)[
                : q.x.shape[0], : q.x.shape[1]
            ],
            **_FLOORED,
        ),
        bug(
            "pad_repeats_edge",
            "the border repeats the pixels at the edge; it should be zeros",
            "which mode does your padding have?",
            image=lambda q: padded(q.x, q.pad, "edge"),
        ),
        bug(
            "pad_mirrors",
            "the border mirrors the image; it should be zeros",
            "which mode does your padding have?",
            image=lambda q: padded(q.x, q.pad, "reflect"),
        ),
    )


def crop_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """The rows of a backward table about the border that dx must lose."""
    return (
        bug(
            "dx_empty_without_padding",
            "dx is cut out with [pad:-pad], which is empty when pad is 0",
            "what is the slice [0:-0] of a list?",
            dx=lambda q: q.dimage[:, :, q.pad : -q.pad, q.pad : -q.pad],
        ),
        bug(
            "dx_not_cropped",
            "dx still has the border that padding added; it should have the shape of x",
            "compare dx.shape with x.shape",
            dx=lambda q: q.dimage,
        ),
        bug(
            "dx_cropped_at_one_corner",
            "dx is cut out from the top left corner of the padded gradient; the border lies on all "
            "four sides",
            "where in the padded image does the first pixel of x lie?",
            dx=lambda q: q.dimage[:, :, : q.x.shape[2], : q.x.shape[3]],
        ),
        bug(
            "dx_cropped_by_one",
            "one pixel is cut off each side of dx; it should be as many as padding added",
            "where does your code use pad?",
            dx=lambda q: q.dimage[:, :, 1:-1, 1:-1],
        ),
    )
