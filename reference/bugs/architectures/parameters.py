"""Mistakes in the number of parameters of a layer."""

from __future__ import annotations

from reference.bugs.architectures.layer_sums import LAYER_SUMS
from reference.bugs.bug import bugs_of

conv_bug = bugs_of(LAYER_SUMS, "conv_parameters")
affine_bug = bugs_of(LAYER_SUMS, "affine_parameters")
separable_bug = bugs_of(LAYER_SUMS, "separable_parameters")

PARAMETER_BUGS = (
    # -------------------------------------------------------------------- convolution's parameters
    conv_bug(
        "no_biases",
        "the biases are left out; each filter has one",
        "what is added to a filter's sum?",
        biases=lambda _: 0,
    ),
    conv_bug(
        "one_bias",
        "a single bias is counted; each filter has one",
        "how many values does b have?",
        biases=lambda _: 1,
    ),
    conv_bug(
        "bias_per_input_channel",
        "a bias is counted for each input channel; each filter has one",
        "how many values does b have?",
        biases=lambda q: q.C,
    ),
    conv_bug(
        "bias_per_filter_and_channel",
        "a bias is counted for each channel of each filter; each filter has one",
        "how many values does b have?",
        biases=lambda q: q.C * q.F,
    ),
    conv_bug(
        "channels_forgotten",
        "a filter is counted as one plane; it has one for each channel of the image",
        "what is the shape of w?",
        weights=lambda q: q.KH * q.KW * q.F,
    ),
    conv_bug(
        "filters_forgotten",
        "the weights of one filter only are counted",
        "what is the shape of w?",
        weights=lambda q: q.C * q.KH * q.KW,
    ),
    conv_bug(
        "square_by_height",
        "the window is taken to be square, as high as wide",
        "a window need not be square",
        KW=lambda q: q.KH,
    ),
    conv_bug(
        "square_by_width",
        "the window is taken to be square, as wide as high",
        "a window need not be square",
        KH=lambda q: q.KW,
    ),
    # ---------------------------------------------------------------- fully connected's parameters
    affine_bug(
        "no_unit_biases",
        "the biases are left out; each unit has one",
        "what is added to a unit's sum?",
        unit_biases=lambda _: 0,
    ),
    affine_bug(
        "one_unit_bias",
        "a single bias is counted; each unit has one",
        "how many values does b have?",
        unit_biases=lambda _: 1,
    ),
    affine_bug(
        "bias_per_input",
        "a bias is counted for each input; each unit has one",
        "how many values does b have?",
        unit_biases=lambda q: q.inputs,
    ),
    affine_bug(
        "only_channels",
        "a unit is given a weight for each channel; it has one for each value of the image",
        "how many values does the image have when it is flattened?",
        inputs=lambda q: q.C,
    ),
    affine_bug(
        "channels_not_counted",
        "a unit is given a weight for each pixel; each pixel has several channels",
        "how many values does the image have when it is flattened?",
        inputs=lambda q: q.H * q.W,
    ),
    # ------------------------------------------------------- depthwise separable's parameters
    separable_bug(
        "as_full_convolution",
        "this is the number for a full convolution; a separable one is two smaller layers",
        "what are the shapes of the two layers' weights?",
        depthwise=lambda q: q.KH * q.KW * q.C * q.F,
        pointwise=lambda _: 0,
        separable_biases=lambda q: q.F,
    ),
    separable_bug(
        "pointwise_forgotten",
        "the pointwise convolution's weights are left out",
        "how do the channels meet each other?",
        pointwise=lambda _: 0,
    ),
    separable_bug(
        "depthwise_forgotten",
        "the depthwise convolution's weights are left out",
        "how do the pixels of a window meet each other?",
        depthwise=lambda _: 0,
    ),
    separable_bug(
        "depthwise_per_filter",
        "the depthwise convolution is given a plane for each filter; it has one for each channel",
        "how many channels does the depthwise layer make?",
        depthwise=lambda q: q.KH * q.KW * q.F,
    ),
    separable_bug(
        "one_plane",
        "the depthwise convolution is given a single plane; it has one for each channel",
        "do all channels share their filter?",
        depthwise=lambda q: q.KH * q.KW,
    ),
    separable_bug(
        "no_separable_biases",
        "the biases are left out; both layers have them here",
        "what is added to a filter's sum?",
        separable_biases=lambda _: 0,
    ),
    separable_bug(
        "biases_of_the_second_layer_only",
        "only the pointwise layer's biases are counted; both layers have them here",
        "how many values are made by each of the two layers?",
        separable_biases=lambda q: q.F,
    ),
)
