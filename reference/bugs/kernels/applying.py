"""Applying a kernel to an image: its formulas, and mistakes in it.

    out[i, j] = Σ_hw padded[i + h, j + w] kernel[h, w]

where padded is the image with ceil((h - 1) / 2) rows of zeros above it and floor((h - 1) / 2)
below, and likewise at the left and at the right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array


def _bordered(q: Sheet, mode: Any = "constant") -> Array:
    return np.pad(q.image, ((q.top, q.bottom), (q.left, q.right)), mode=mode)


APPLY_FORMULAS: Formulas = {
    "weights": lambda q: q.kernel,
    "top": lambda q: q.kernel.shape[0] // 2,
    "bottom": lambda q: q.kernel.shape[0] - 1 - q.top,
    "left": lambda q: q.kernel.shape[1] // 2,
    "right": lambda q: q.kernel.shape[1] - 1 - q.left,
    "padded": _bordered,
    "windows": lambda q: sliding_window_view(q.padded, q.kernel.shape),
    "out": lambda q: np.einsum("ijhw,hw->ij", q.windows, q.weights),
}

APPLY = Family(
    "apply_kernel",
    APPLY_FORMULAS,
    {
        "apply_kernel": Signature(
            lambda image, kernel: {"image": image, "kernel": kernel}, lambda q: q.out
        )
    },
)
bug = bugs_of(APPLY)


def _inside(q: Sheet) -> tuple[slice, slice]:
    """Where the whole kernel lies on the image."""
    H, W = q.image.shape
    return slice(q.top, H - q.bottom), slice(q.left, W - q.right)


def _border_left(q: Sheet, around: Array) -> Array:
    out, inside = around.copy(), _inside(q)
    out[inside] = APPLY_FORMULAS["out"](q)[inside]
    return out


def _in_place(q: Sheet) -> Array:
    h, w = q.kernel.shape
    padded = q.padded.copy()
    for i, j in np.ndindex(*q.image.shape):
        padded[i + q.top, j + q.left] = (padded[i : i + h, j : j + w] * q.kernel).sum()
    out: Array = padded[q.top : q.top + q.image.shape[0], q.left : q.left + q.image.shape[1]]
    return out


APPLY_BUGS = (
    # --------------------------------------------------------------------------------- kernel
    bug(
        "kernel_turned",
        "the kernel is turned by 180 degrees (a convolution in the mathematical sense); it should "
        "slide over the image as it is",
        "which weight does a window's top left pixel meet?",
        weights=lambda q: q.kernel[::-1, ::-1],
    ),
    bug(
        "kernel_mean",
        "the products of a window are averaged; they should be added up",
        "what does a kernel do whose only weight is a 1 in the middle?",
        weights=lambda q: q.kernel / q.kernel.size,
    ),
    bug(
        "kernel_normalised",
        "the sum is divided by the sum of the weights; kernels need not add up to 1",
        "what would become of a kernel that finds edges?",
        weights=lambda q: q.kernel / q.kernel.sum(),
    ),
    bug(
        "absolute_values",
        "the results' absolute values are returned; they may be negative",
        "what should a kernel give whose only weight is -1?",
        out=lambda q: np.abs(APPLY_FORMULAS["out"](q)),
    ),
    bug(
        "negative_cut_off",
        "negative results are set to 0; they should be returned as they are",
        "what should a kernel give whose only weight is -1?",
        out=lambda q: np.maximum(APPLY_FORMULAS["out"](q), 0),
    ),
    bug(
        "in_place",
        "results are written into the image while later windows still look at it; they should see "
        "the image as it was",
        "where do your results go?",
        out=_in_place,
    ),
    # --------------------------------------------------------------------------------- border
    bug(
        "no_padding",
        "only windows inside the image are used, so the output is smaller; it should have the size "
        "of the image",
        "compare the shapes of output and image",
        padded=lambda q: q.image,
    ),
    bug(
        "full_padding",
        "every window that touches the image is used, so the output is larger; it should have the "
        "size of the image",
        "compare the shapes of output and image",
        padded=lambda q: np.pad(q.image, [(n - 1, n - 1) for n in q.kernel.shape]),
    ),
    bug(
        "border_zero",
        "pixels whose window reaches beyond the image are 0; zeros around the image should take "
        "part instead",
        "what does the top left pixel of the output depend on?",
        out=lambda q: _border_left(q, np.zeros_like(q.image)),
    ),
    bug(
        "border_copied",
        "pixels whose window reaches beyond the image are copied from it; zeros around the image "
        "should take part instead",
        "what does the top left pixel of the output depend on?",
        out=lambda q: _border_left(q, q.image),
    ),
    bug(
        "border_repeats_edge",
        "the border repeats the pixels at the edge; it should be zeros",
        "which mode does your padding have?",
        padded=lambda q: _bordered(q, "edge"),
    ),
    bug(
        "border_mirrors",
        "the border mirrors the image; it should be zeros",
        "which mode does your padding have?",
        padded=lambda q: _bordered(q, "reflect"),
    ),
    bug(
        "border_wraps",
        "the border is the opposite side of the image; it should be zeros",
        "what lies left of the first pixel?",
        padded=lambda q: _bordered(q, "wrap"),
    ),
    bug(
        "zeros_only_before",
        "all zeros lie above and at the left; they should lie on both sides",
        "where does the middle of the first window lie?",
        top=lambda q: q.kernel.shape[0] - 1,
        bottom=lambda _: 0,
        left=lambda q: q.kernel.shape[1] - 1,
        right=lambda _: 0,
    ),
    bug(
        "zeros_only_after",
        "all zeros lie below and at the right; they should lie on both sides",
        "where does the middle of the first window lie?",
        top=lambda _: 0,
        bottom=lambda q: q.kernel.shape[0] - 1,
        left=lambda _: 0,
        right=lambda q: q.kernel.shape[1] - 1,
    ),
    bug(
        "half_kernel_on_both_sides",
        "half the kernel is added on both sides, so an even kernel makes the image larger",
        "compare the shapes of output and image for a kernel of 2 by 2",
        top=lambda q: q.kernel.shape[0] // 2,
        bottom=lambda q: q.kernel.shape[0] // 2,
        left=lambda q: q.kernel.shape[1] // 2,
        right=lambda q: q.kernel.shape[1] // 2,
    ),
    bug(
        "padding_of_height_for_width",
        "the width gets the padding that the height needs; each axis has its own",
        "try a kernel that is not square",
        left=lambda q: q.top,
        right=lambda q: q.bottom,
    ),
)
