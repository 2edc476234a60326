"""Mistakes in the output shapes of convolution and pooling."""

from __future__ import annotations

from reference.bugs.architectures.layer_sums import FORMULAS, LAYER_SUMS, steps
from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Formulas, Sheet

# Whoever counts windows wrongly counts multiply-adds wrongly, too.
size_bug = bugs_of(LAYER_SUMS, "conv_output_shape", "conv_multiply_adds")
bug = bugs_of(LAYER_SUMS, "conv_output_shape")
pool_bug = bugs_of(LAYER_SUMS, "pool_output_shape")


def _rounded_up(q: Sheet, span: int) -> int:
    return 1 - (-span // int(q.stride))


_PLUS_ONE_INSIDE: Formulas = {
    "OH": lambda q: (q.span_h + 1) // q.stride,
    "OW": lambda q: (q.span_w + 1) // q.stride,
}
_NO_PLUS_ONE: Formulas = {
    "OH": lambda q: steps(q.span_h, q.stride),
    "OW": lambda q: steps(q.span_w, q.stride),
}
_ROUNDED_DOWN: Formulas = {
    "OH": lambda q: q.span_h // q.stride + 1,
    "OW": lambda q: q.span_w // q.stride + 1,
}
_ROUNDED_UP: Formulas = {
    "OH": lambda q: _rounded_up(q, q.span_h),
    "OW": lambda q: _rounded_up(q, q.span_w),
}

OUTPUT_SHAPE_BUGS = (
    # ------------------------------------------------------------------------ convolution's shape
    size_bug(
        "pad_ignored",
        "the padding is left out; there are pad zeros on each side of the image",
        "how large is the image that the windows slide over?",
        border=lambda _: 0,
        OH=lambda q: q.span_h // q.stride + 1,
        OW=lambda q: q.span_w // q.stride + 1,
    ),
    size_bug(
        "pad_once",
        "the padding is added once to each side length; there are pad zeros at both ends",
        "how much wider is an image with a border of 1?",
        border=lambda q: q.pad,
        OH=lambda q: q.span_h // q.stride + 1,
        OW=lambda q: q.span_w // q.stride + 1,
    ),
    size_bug(
        "plus_one_forgotten",
        "the number of strides is returned; there is one window more than that",
        "how many windows fit an image that is as large as the window?",
        **_NO_PLUS_ONE,
    ),
    size_bug(
        "plus_one_divided",
        "the 1 is added before the division by the stride; it belongs after it",
        "how many windows fit an image that is as large as the window, at stride 2?",
        **_PLUS_ONE_INSIDE,
    ),
    bug(
        "rounded_down",
        "windows that do not fit are rounded down; this course raises ValueError there",
        "what is left of 7 pixels by windows of 3 at stride 3?",
        **_ROUNDED_DOWN,
    ),
    bug(
        "rounded_up",
        "windows that do not fit are rounded up; this course raises ValueError there",
        "what is left of 7 pixels by windows of 3 at stride 3?",
        **_ROUNDED_UP,
    ),
    bug(
        "only_height_checked",
        "only the height is tested for windows that do not fit; the width must fit as well",
        "an image need not be square",
        OW=lambda q: q.span_w // q.stride + 1,
    ),
    bug(
        "too_large_unchecked",
        "a window larger than the padded image is accepted; it does not fit",
        "is every whole number a number of windows?",
        OH=lambda q: q.span_h // q.stride + 1 if q.span_h < 0 else FORMULAS["OH"](q),
        OW=lambda q: q.span_w // q.stride + 1 if q.span_w < 0 else FORMULAS["OW"](q),
    ),
    size_bug(
        "stride_ignored",
        "the stride is taken as 1; windows lie stride pixels apart",
        "where does your code use stride?",
        OH=lambda q: steps(q.span_h, 1) + 1,
        OW=lambda q: steps(q.span_w, 1) + 1,
    ),
    size_bug(
        "kernel_transposed",
        "the window's height and width are exchanged",
        "which number of kernel is the height?",
        KH=lambda q: q.window[1],
        KW=lambda q: q.window[0],
        OH=lambda q: q.span_h // q.stride + 1,
        OW=lambda q: q.span_w // q.stride + 1,
    ),
    bug(
        "channels_kept",
        "the output has as many channels as the image; it has one for each filter",
        "what does one filter make of all channels?",
        depth=lambda q: q.C,
    ),
    bug(
        "filters_times_channels",
        "the output has a channel for each filter and input channel; a filter adds its channels up",
        "what does one filter make of all channels?",
        depth=lambda q: q.C * q.F,
    ),
    bug(
        "height_and_width_swapped",
        "height and width of the output are exchanged",
        "which comes first in (C, H, W)?",
        shape=lambda q: (q.depth, q.OW, q.OH),
    ),
    bug(
        "channels_last",
        "the channels come last; here shapes are (channels, height, width)",
        "in which order is the input's shape given?",
        shape=lambda q: (q.OH, q.OW, q.depth),
    ),
    size_bug(
        "square_output",
        "the output is taken to be square; height and width are worked out one by one",
        "an image need not be square",
        OW=lambda q: q.OH,
    ),
    # ---------------------------------------------------------------------------- pooling's shape
    pool_bug(
        "pool_plus_one_forgotten",
        "the number of strides is returned; there is one window more than that",
        "how many windows fit an image that is as large as the window?",
        **_NO_PLUS_ONE,
    ),
    pool_bug(
        "pool_plus_one_divided",
        "the 1 is added before the division by the stride; it belongs after it",
        "how many windows fit an image that is as large as the window, at stride 2?",
        **_PLUS_ONE_INSIDE,
    ),
    pool_bug(
        "pool_rounded_down",
        "windows that do not fit are rounded down; this course raises ValueError there",
        "what is left of 7 pixels by windows of 3 at stride 3?",
        **_ROUNDED_DOWN,
    ),
    pool_bug(
        "pool_rounded_up",
        "windows that do not fit are rounded up; this course raises ValueError there",
        "what is left of 7 pixels by windows of 3 at stride 3?",
        **_ROUNDED_UP,
    ),
    pool_bug(
        "side_by_side",
        "the image is divided by the window's size; they lie stride pixels apart",
        "where does your code use stride?",
        OH=lambda q: q.H // q.KH,
        OW=lambda q: q.W // q.KW,
    ),
    pool_bug(
        "divided_by_stride",
        "the image is divided by the stride; the last window must end within the image",
        "where does your code use the window's size?",
        OH=lambda q: q.H // q.stride,
        OW=lambda q: q.W // q.stride,
    ),
    pool_bug(
        "one_channel",
        "the output has one channel; each channel is pooled by itself",
        "what happens to the channels?",
        depth=lambda _: 1,
    ),
    pool_bug(
        "pool_transposed",
        "the window's height and width are exchanged",
        "which number of window is the height?",
        KH=lambda q: q.window[1],
        KW=lambda q: q.window[0],
        OH=lambda q: q.span_h // q.stride + 1,
        OW=lambda q: q.span_w // q.stride + 1,
    ),
)
