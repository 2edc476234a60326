"""The convolution with SAME padding: its formulas, and mistakes in it.

The zeros of an axis are its total, of which ceil(total / 2) lie before the image (top, left) and
floor(total / 2) after it (bottom, right).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.convolution.formulas import FORMULAS
from reference.bugs.convolution.gradient_bugs import (
    bias_gradient_bugs,
    common_gradient_bugs,
    image_gradient_bugs,
)
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array


def _total(size: int, window: int, stride: int) -> int:
    return max(0, (-(-size // stride) - 1) * stride + window - size)


def _bordered(q: Sheet, mode: Any = "constant") -> Array:
    sides = (q.top, q.bottom), (q.left, q.right)
    return np.pad(q.x, ((0, 0), (0, 0), *sides), mode=mode)


def _cut(q: Sheet, top: int, left: int) -> Array:
    cut: Array = q.dimage[:, :, top : top + q.x.shape[2], left : left + q.x.shape[3]]
    return cut


SAME_FORMULAS: Formulas = {
    **FORMULAS,
    "height_total": lambda q: _total(q.x.shape[2], q.KH, q.stride),
    "width_total": lambda q: _total(q.x.shape[3], q.KW, q.stride),
    "top": lambda q: -(-q.height_total // 2),
    "bottom": lambda q: q.height_total - q.top,
    "left_half": lambda q: -(-q.width_total // 2),
    "right_half": lambda q: q.width_total - q.left_half,
    "left": lambda q: q.left_half,
    "right": lambda q: q.right_half,
    "image": _bordered,
    "HO": lambda q: -(-q.x.shape[2] // q.stride),
    "WO": lambda q: -(-q.x.shape[3] // q.stride),
    "kernel_given": lambda q: q.w,
    "dx": lambda q: _cut(q, q.top, q.left),
}


def _forward(x: Array, w: Array, b: Array, conv_param: Mapping[str, int]) -> dict[str, Any]:
    return {"x": x, "w": w, "b": b, **conv_param}


CONV_SAME = Family(
    "conv_same",
    SAME_FORMULAS,
    {
        "conv_same_forward": Signature(
            _forward, lambda q: (q.out, {k: getattr(q, k) for k in ("x", "w", "b", "stride")})
        ),
        "conv_same_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dw, q.db)
        ),
    },
)

forward_bug = bugs_of(CONV_SAME, "conv_same_forward")
bug = bugs_of(CONV_SAME, "conv_same_backward")

# As many windows as there is room for, whatever the border is.
_AS_MANY_AS_FIT: Formulas = {
    "HO": lambda q: (q.H - q.KH) // q.stride + 1,
    "WO": lambda q: (q.W - q.KW) // q.stride + 1,
}

CONV_SAME_BUGS = (
    # -------------------------------------------------------------------------- how many zeros
    forward_bug(
        "extra_zeros_at_opposite_sides",
        "where an odd number of zeros is needed, rows and columns are shared out differently: the "
        "one more lies before the image along one axis and after it along the other",
        "which side does ceil belong to, in the height and in the width?",
        left=lambda q: q.right_half,
        right=lambda q: q.left_half,
    ),
    forward_bug(
        "padding_of_stride_1",
        "the padding is the window less one, as for stride 1; with a larger stride fewer zeros are "
        "needed",
        "how many pixels do all windows cover together?",
        height_total=lambda q: q.KH - 1,
        width_total=lambda q: q.KW - 1,
    ),
    forward_bug(
        "half_window_on_both_sides",
        "half the window is added on both sides; an even window needs one row less on one of them",
        "which size does the output have for a window of 2 and stride 1?",
        top=lambda q: q.KH // 2,
        bottom=lambda q: q.KH // 2,
        left=lambda q: q.KW // 2,
        right=lambda q: q.KW // 2,
        **_AS_MANY_AS_FIT,
    ),
    forward_bug(
        "floored_on_both_sides",
        "half of window - 1, rounded down, is added on both sides; an even window needs one row "
        "more on one of them",
        "which size does the output have for a window of 2 and stride 1?",
        top=lambda q: (q.KH - 1) // 2,
        bottom=lambda q: (q.KH - 1) // 2,
        left=lambda q: (q.KW - 1) // 2,
        right=lambda q: (q.KW - 1) // 2,
        **_AS_MANY_AS_FIT,
    ),
    forward_bug(
        "no_padding",
        "the image gets no border, so the output is smaller than SAME asks for",
        "which size should the output have for stride 1?",
        height_total=lambda _: 0,
        width_total=lambda _: 0,
        **_AS_MANY_AS_FIT,
    ),
    forward_bug(
        "all_zeros_before",
        "all zeros lie at the top and at the left; they should be shared by both sides",
        "where does the middle of the first window lie?",
        top=lambda q: q.height_total,
        bottom=lambda _: 0,
        left=lambda q: q.width_total,
        right=lambda _: 0,
    ),
    forward_bug(
        "all_zeros_after",
        "all zeros lie at the bottom and at the right; they should be shared by both sides",
        "where does the middle of the first window lie?",
        top=lambda _: 0,
        bottom=lambda q: q.height_total,
        left=lambda _: 0,
        right=lambda q: q.width_total,
    ),
    forward_bug(
        "padding_of_height_for_width",
        "the width gets the padding that the height needs; each axis has its own",
        "try a window that is not square",
        left=lambda q: q.top,
        right=lambda q: q.bottom,
        WO=lambda q: (q.W - q.KW) // q.stride + 1,
    ),
    forward_bug(
        "padding_keeps_the_size",
        "so many zeros are added that the output is as large as the image; with a stride it should "
        "be smaller",
        "what is ceil(size / stride)?",
        height_total=lambda q: (q.x.shape[2] - 1) * q.stride + q.KH - q.x.shape[2],
        width_total=lambda q: (q.x.shape[3] - 1) * q.stride + q.KW - q.x.shape[3],
        HO=lambda q: q.x.shape[2],
        WO=lambda q: q.x.shape[3],
    ),
    forward_bug(
        "size_rounded_down",
        "the output size is size / stride rounded down; it should be rounded up",
        "where should a window that only begins inside the image count?",
        HO=lambda q: q.x.shape[2] // q.stride,
        WO=lambda q: q.x.shape[3] // q.stride,
        height_total=lambda q: max(0, (q.HO - 1) * q.stride + q.KH - q.x.shape[2]),
        width_total=lambda q: max(0, (q.WO - 1) * q.stride + q.KW - q.x.shape[3]),
    ),
    forward_bug(
        "pad_repeats_edge",
        "the border repeats the pixels at the edge; it should be zeros",
        "which mode does your padding have?",
        image=lambda q: _bordered(q, "edge"),
    ),
    # ----------------------------------------------------------------------------- the windows
    forward_bug(
        "stride_ignored",
        "the stride is ignored, and a window is placed at every pixel; windows should be stride "
        "pixels apart",
        "where does your code use stride?",
        HO=lambda q: q.x.shape[2],
        WO=lambda q: q.x.shape[3],
        height_total=lambda q: q.KH - 1,
        width_total=lambda q: q.KW - 1,
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
    forward_bug(
        "stride_only_in_size",
        "the output has the right size, but its windows are one pixel apart; they should be stride "
        "pixels apart",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
    forward_bug(
        "filter_flipped",
        "the filters are turned by 180 degrees (a convolution in the mathematical sense); this "
        "layer slides them as they are",
        "which weight does a window's top left pixel meet?",
        kernel=lambda q: q.w[:, :, ::-1, ::-1],
    ),
    forward_bug(
        "only_first_channel",
        "only the first input channel is used; a filter covers all of them",
        "over which axes does each output value add up?",
        products=lambda q: np.einsum("nijhw,fhw->nfij", q.windows[:, 0], q.kernel[:, 0]),
    ),
    forward_bug(
        "no_bias",
        "the bias is not used; each output channel adds its own",
        "where does your code read b?",
        bias=lambda _: 0,
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "dx_cropped_at_other_side",
        "dx is cut out as if the zeros before and after the image were exchanged; where there is "
        "one more on one side, they differ",
        "where in the padded image does the first pixel of x lie?",
        dx=lambda q: _cut(q, q.bottom, q.right),
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
        dx=lambda q: _cut(q, 0, 0),
    ),
    bug(
        "dx_empty_without_zeros_after",
        "dx is cut out with a slice that ends at minus the zeros after the image, which is empty "
        "when there are none",
        "what is the slice [1:-0] of a list?",
        dx=lambda q: q.dimage[:, :, q.top : -q.bottom, q.left : -q.right],
    ),
    *image_gradient_bugs(bug),
    bug(
        "dw_of_unpadded_image",
        "dw looks at other pixels than the forward pass: its windows lie as if all zeros were at "
        "the bottom and at the right",
        "which pixels did the first window cover?",
        dw=lambda q: np.einsum(
            "nfij,ncijhw->fchw",
            q.upstream,
            Sheet(
                {
                    **SAME_FORMULAS,
                    "top": lambda _: 0,
                    "bottom": lambda s: s.height_total,
                    "left": lambda _: 0,
                    "right": lambda s: s.width_total,
                },
                {"x": q.x, "w": q.w, "stride": q.stride},
            ).windows,
        ),
    ),
    bug(
        "dw_flipped",
        "dw is turned by 180 degrees; it should lie as w does",
        "which weight did a window's top left pixel meet?",
        dw=lambda q: FORMULAS["dw"](q)[:, :, ::-1, ::-1],
    ),
    bug(
        "dw_only_last_sample",
        "each sample overwrites the gradient in dw that the one before left; they should add up",
        "is the new value added to what is there, or put in its place?",
        dw=lambda q: np.einsum("fij,cijhw->fchw", q.upstream[-1], q.windows[-1]),
    ),
    *bias_gradient_bugs(bug),
    *common_gradient_bugs(bug, SAME_FORMULAS, "dx", "dw", "db"),
    bug(
        "stride_ignored_in_backward",
        "the windows of dx and dw are one pixel apart; they should lie where the forward pass had "
        "them",
        "where does the window of output pixel (1, 0) begin?",
        row_step=lambda _: 1,
        col_step=lambda _: 1,
    ),
)
