"""The sums over layers: the lectures' worked examples, and VGG-16 as a list of layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference.architectures.layer_sums import (
    conv_multiply_adds,
    conv_output_shape,
    conv_parameters,
    pool_output_shape,
    separable_parameters,
)
from reference.architectures.network_totals import network_totals
from reference.architectures.receptive_field import receptive_field
from reference.architectures.short_answers import DOES_NOT_FIT, answers, stub


def test_the_lectures_examples() -> None:
    """28x28x6; 16x16x10 and 460 parameters; 55x55x96 and 34,944; 27x27x96 behind the pooling."""
    assert conv_output_shape((3, 32, 32), 6, (5, 5), 1, 0) == (6, 28, 28)
    assert conv_output_shape((5, 33, 33), 10, (3, 3), 2, 0) == (10, 16, 16)
    assert conv_parameters(5, 10, (3, 3)) == 460
    assert conv_output_shape((3, 227, 227), 96, (11, 11), 4, 0) == (96, 55, 55)
    assert conv_parameters(3, 96, (11, 11)) == 34_944
    assert pool_output_shape((96, 55, 55), (3, 3), 2) == (96, 27, 27)


def test_7_by_7_with_3_by_3_at_stride_3_does_not_fit() -> None:
    """Convolution and pooling alike."""
    with pytest.raises(ValueError, match="does not fit"):
        conv_output_shape((1, 7, 7), 1, (3, 3), 3, 0)
    with pytest.raises(ValueError, match="does not fit"):
        pool_output_shape((1, 7, 7), (3, 3), 3)


def test_three_small_windows_see_as_far_as_a_large_one() -> None:
    """Three layers of 3x3 see 7x7 pixels with 27 instead of 49 weights a pair of channels."""
    assert receptive_field([(3, 1)] * 3) == receptive_field([(7, 1)]) == 7
    assert receptive_field([]) == 1
    assert receptive_field([(11, 4), (3, 2)]) == 19


def test_a_separable_convolution_is_cheaper() -> None:
    """MobileNet's layer of 512 channels: a ninth of the parameters."""
    full, pair = conv_parameters(512, 512, (3, 3)), separable_parameters(512, 512, (3, 3))
    assert (full, pair) == (2_359_808, 267_776)


def test_multiply_adds_of_alexnet_s_first_layer() -> None:
    """363 products for each of 55*55*96 values."""
    assert conv_multiply_adds((3, 227, 227), 96, (11, 11), 4, 0) == 105_415_200


def test_vgg16_as_a_list_of_layers() -> None:
    """The same totals as the network's own table."""
    layers: list[dict[str, object]] = []
    for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        layers += [{"type": "conv", "filters": filters, "kernel": 3, "stride": 1, "pad": 1}] * count
        layers.append({"type": "pool", "window": 2, "stride": 2})
    layers += [{"type": "affine", "units": units} for units in (4096, 4096, 1000)]
    assert network_totals((3, 224, 224), layers) == {
        "shape": (1000, 1, 1),
        "parameters": 138_357_544,
        "values": 15_237_608,
        "multiply_adds": 15_470_264_320,
    }


def test_the_stub_of_the_short_answers_has_the_questions() -> None:
    """What students are asked is what is marked; write it anew with ``stub()`` after a change."""
    stubs = Path(__file__).parents[3] / "reference" / "stubs" / "architectures.py"
    assert stubs.read_text(encoding="utf-8").endswith(f"\n\n{stub()}")


def test_short_answers_are_the_lectures() -> None:
    """Numbers, shapes, and windows that do not fit."""
    told = answers()
    assert told["output_5x5"] == (28, 28, 6)
    assert told["output_stride_2"] == (16, 16, 10)
    assert told["parameters_stride_2"] == 460
    assert told["output_alexnet"] == (55, 55, 96)
    assert told["output_7_stride_3"] == told["output_alexnet_224"] == DOES_NOT_FIT
