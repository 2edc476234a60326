"""Mistakes in the short answers, worked out a second time: one formula a question."""

from __future__ import annotations

from typing import Any

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

_DOES_NOT_FIT = "does not fit"

FORMULAS: Formulas = {
    "output_5x5": lambda _: (32 - 5 + 1, 32 - 5 + 1, 6),
    "output_7_stride_3": lambda _: _DOES_NOT_FIT,  # (7 - 3) / 3 is no whole number
    "output_stride_2": lambda _: ((33 - 3) // 2 + 1, (33 - 3) // 2 + 1, 10),
    "parameters_stride_2": lambda _: (3 * 3 * 5 + 1) * 10,
    "output_alexnet": lambda _: ((227 - 11) // 4 + 1, (227 - 11) // 4 + 1, 96),
    "parameters_alexnet": lambda _: (11 * 11 * 3 + 1) * 96,
    "output_alexnet_224": lambda _: _DOES_NOT_FIT,  # nor is (224 - 11) / 4
    "output_pool": lambda _: ((55 - 3) // 2 + 1, (55 - 3) // 2 + 1, 96),
    "parameters_pool": lambda _: 0,
    "pad_5x5": lambda _: (5 - 1) // 2,
    "output_1x1": lambda _: (56, 56, 32),
    "sees_3x3": lambda _: 1 + 3 * (3 - 1),
}


def _nothing() -> dict[str, Any]:
    return {}


SHORT_ANSWERS = Family(
    "short_answers",
    FORMULAS,
    {"answers": Signature(_nothing, lambda q: {name: getattr(q, name) for name in FORMULAS})},
)

bug = bugs_of(SHORT_ANSWERS)

_PLUS_ONE = (
    "the number of strides is given as the size; there is one window more than that",
    "how many windows fit an image that is as large as the window?",
)
_FITS = (
    "an answer is given for windows that do not fit; say so instead",
    "work out (size - window) / stride: is it a whole number?",
)
_NO_BIASES = (
    "the biases are left out of the parameters; each filter has one",
    "what is added to a filter's sum?",
)
_NO_CHANNELS = (
    "a filter is counted as one plane; it has one for each channel of the image",
    "through how many channels does a filter reach?",
)
_ONE_FILTER = (
    "the parameters of a single filter are given; those of all filters count",
    "how many filters does the layer have?",
)
_CHANNELS_KEPT = (
    "the output is given the image's channels; it has one for each filter",
    "what does one filter make of all channels?",
)
_STRIDE_IGNORED = (
    "the stride is taken as 1",
    "how far does a window move from one place to the next?",
)

SHORT_ANSWERS_BUGS = (
    bug("5x5_plus_one", *_PLUS_ONE, output_5x5=lambda _: (27, 27, 6)),
    bug("5x5_channels_kept", *_CHANNELS_KEPT, output_5x5=lambda _: (28, 28, 3)),
    bug(
        "5x5_size_kept",
        "the size is said to stay; without padding the windows do not reach over the border",
        "where can the middle of a window not be?",
        output_5x5=lambda _: (32, 32, 6),
    ),
    bug(
        "5x5_channels_times_filters",
        "a channel is counted for each filter and input channel; a filter adds its channels up",
        "what does one filter make of all channels?",
        output_5x5=lambda _: (28, 28, 18),
    ),
    bug("7_by_3_fits", *_FITS, output_7_stride_3=lambda _: (2, 2, 1)),
    bug("stride_2_plus_one", *_PLUS_ONE, output_stride_2=lambda _: (15, 15, 10)),
    bug("stride_2_channels_kept", *_CHANNELS_KEPT, output_stride_2=lambda _: (16, 16, 5)),
    bug("stride_2_ignored", *_STRIDE_IGNORED, output_stride_2=lambda _: (31, 31, 10)),
    bug("stride_2_no_biases", *_NO_BIASES, parameters_stride_2=lambda _: 450),
    bug("stride_2_no_channels", *_NO_CHANNELS, parameters_stride_2=lambda _: 100),
    bug("stride_2_one_filter", *_ONE_FILTER, parameters_stride_2=lambda _: 46),
    bug(
        "stride_2_one_bias",
        "a single bias is counted; each filter has one",
        "how many sums does the layer make at each place?",
        parameters_stride_2=lambda _: 451,
    ),
    bug("alexnet_plus_one", *_PLUS_ONE, output_alexnet=lambda _: (54, 54, 96)),
    bug("alexnet_channels_kept", *_CHANNELS_KEPT, output_alexnet=lambda _: (55, 55, 3)),
    bug("alexnet_stride_ignored", *_STRIDE_IGNORED, output_alexnet=lambda _: (217, 217, 96)),
    bug("alexnet_no_biases", *_NO_BIASES, parameters_alexnet=lambda _: 34_848),
    bug("alexnet_no_channels", *_NO_CHANNELS, parameters_alexnet=lambda _: 11_712),
    bug("alexnet_one_filter", *_ONE_FILTER, parameters_alexnet=lambda _: 364),
    bug("alexnet_224_fits", *_FITS, output_alexnet_224=lambda _: (54, 54, 96)),
    bug(
        "pool_side_by_side",
        "the size is divided by the window's; these windows overlap",
        "how far apart do neighbouring windows lie?",
        output_pool=lambda _: (18, 18, 96),
    ),
    bug("pool_plus_one", *_PLUS_ONE, output_pool=lambda _: (26, 26, 96)),
    bug(
        "pool_one_channel",
        "the channels are pooled together; each one is pooled by itself",
        "what happens to the channels?",
        output_pool=lambda _: (27, 27, 1),
    ),
    bug(
        "pool_learns_a_window",
        "a weight is counted for each pixel of the window; there is nothing to learn",
        "what does training change in a pooling layer?",
        parameters_pool=lambda _: 9,
    ),
    bug(
        "pool_learns_a_window_for_each_channel",
        "a weight is counted for each pixel of the window in each channel; there is nothing to "
        "learn",
        "what does training change in a pooling layer?",
        parameters_pool=lambda _: 864,
    ),
    bug(
        "pad_both_sides",
        "the zeros of both sides together are given; asked for are those on each side",
        "how much does the image grow by a border of 1?",
        pad_5x5=lambda _: 4,
    ),
    bug(
        "pad_of_3x3",
        "that is the padding for windows of 3x3",
        "how far does a window of 5 reach to each side of its middle?",
        pad_5x5=lambda _: 1,
    ),
    bug("1x1_channels_kept", *_CHANNELS_KEPT, output_1x1=lambda _: (56, 56, 64)),
    bug(
        "1x1_channels_times_filters",
        "a channel is counted for each filter and input channel; a filter adds its channels up",
        "what does one filter make of all channels?",
        output_1x1=lambda _: (56, 56, 2048),
    ),
    bug(
        "sees_windows_added",
        "the windows are added up; each layer reaches one pixel further to each side",
        "how many pixels do two layers of 3x3 see?",
        sees_3x3=lambda _: 9,
    ),
    bug(
        "sees_windows_multiplied",
        "the windows are multiplied; each layer reaches one pixel further to each side",
        "how many pixels do two layers of 3x3 see?",
        sees_3x3=lambda _: 27,
    ),
    bug(
        "sees_one_layer",
        "that is what a single layer sees; the layer before it sees further",
        "which pixels does each of its inputs depend on?",
        sees_3x3=lambda _: 3,
    ),
    bug(
        "sees_a_square",
        "the pixels of a square are given; asked for are those along one side",
        "how long is one side?",
        sees_3x3=lambda _: 49,
    ),
)
