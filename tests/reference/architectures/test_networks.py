"""The networks' totals are those of their papers, their shapes those of the lecture."""

from __future__ import annotations

import pytest

from grader.network_table import Volume
from reference.architectures.registry import NETWORKS

MILLION = 10**6


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("lenet5", 60_000),  # section II.B: "60,000 trainable free parameters"
        ("lenet5-dense", 61_706),
        ("alexnet", 60_965_224),  # "60 million"
        ("zfnet", 62_357_608),
        ("googlenet", 6_998_552),
        ("resnet-18", 11_689_512),
        ("resnet-34", 21_797_672),
        ("resnet-50", 25_557_032),
        ("resnet-101", 44_549_160),
        ("resnet-152", 60_192_808),
        ("mobilenet", 4_231_976),  # "4.2 million"
    ],
)
def test_parameters_are_the_known_totals(name: str, parameters: int) -> None:
    """Weights, biases, and batch norm's gamma and beta."""
    assert NETWORKS[name].table().parameters == parameters


def test_vgg_s_parameters_are_those_of_table_2() -> None:
    """133, 133, 133, 134, 138 and 144 million; normalisation adds none."""
    tables = {name: NETWORKS[f"vgg-{name}"].table() for name in ("a", "a-lrn", "b", "c", "d", "e")}
    millions = {name: round(table.parameters / MILLION) for name, table in tables.items()}
    assert millions == {"a": 133, "a-lrn": 133, "b": 133, "c": 134, "d": 138, "e": 144}
    assert tables["a"].parameters == tables["a-lrn"].parameters


@pytest.mark.parametrize(
    ("name", "multiply_adds"),
    [
        ("alexnet", 724),
        ("googlenet", 1583),
        ("resnet-18", 1814),  # table 1: 1.8, 3.6, 3.8, 7.6 and 11.3 billion
        ("resnet-34", 3664),
        ("resnet-50", 3858),
        ("resnet-101", 7570),
        ("resnet-152", 11282),
        ("mobilenet", 569),  # table 4: 569 million
    ],
)
def test_multiply_adds_are_the_known_totals(name: str, multiply_adds: int) -> None:
    """In millions, for one image."""
    assert round(NETWORKS[name].table().multiply_adds / MILLION) == multiply_adds


def test_the_lecture_s_table_of_vgg16() -> None:
    """Shape, memory (values) and weights of every layer, as on the slide."""
    kept = [row for row in NETWORKS["vgg-d"].table().rows if not row.in_place]
    assert [(str(row.output), row.values, row.weights) for row in kept] == [
        ("224x224x3", 150_528, 0),
        ("224x224x64", 3_211_264, 1_728),
        ("224x224x64", 3_211_264, 36_864),
        ("112x112x64", 802_816, 0),
        ("112x112x128", 1_605_632, 73_728),
        ("112x112x128", 1_605_632, 147_456),
        ("56x56x128", 401_408, 0),
        ("56x56x256", 802_816, 294_912),
        ("56x56x256", 802_816, 589_824),
        ("56x56x256", 802_816, 589_824),
        ("28x28x256", 200_704, 0),
        ("28x28x512", 401_408, 1_179_648),
        ("28x28x512", 401_408, 2_359_296),
        ("28x28x512", 401_408, 2_359_296),
        ("14x14x512", 100_352, 0),
        ("14x14x512", 100_352, 2_359_296),
        ("14x14x512", 100_352, 2_359_296),
        ("14x14x512", 100_352, 2_359_296),
        ("7x7x512", 25_088, 0),
        ("1x1x4096", 4_096, 102_760_448),
        ("1x1x4096", 4_096, 16_777_216),
        ("1x1x1000", 1_000, 4_096_000),
    ]


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("lenet5", [32, 28, 14, 10, 5, 1]),
        ("alexnet", [227, 55, 27, 13, 6, 1]),
        ("zfnet", [224, 110, 55, 26, 13, 6, 1]),
        ("googlenet", [224, 112, 56, 28, 14, 7, 1]),
        ("resnet-18", [224, 112, 56, 28, 14, 7, 1]),
        ("resnet-152", [224, 112, 56, 28, 14, 7, 1]),
        ("mobilenet", [224, 112, 56, 28, 14, 7, 1]),
    ],
)
def test_images_shrink_as_in_the_papers(name: str, sizes: list[int]) -> None:
    """The sizes of the papers' figures and tables, in their order."""
    assert list(dict.fromkeys(row.output.height for row in NETWORKS[name].table().rows)) == sizes


def test_lenet_s_layers_are_the_paper_s() -> None:
    """156, 12, 1,516, 32, 48,120 and 10,164 trainable parameters; the last layer is fixed."""
    rows = NETWORKS["lenet5"].table().rows[1:]
    assert [row.parameters for row in rows] == [156, 12, 1_516, 32, 48_120, 10_164, 0]


def test_an_image_that_does_not_fit() -> None:
    """AlexNet's first layer and 224 x 224: the message has the layer and the numbers."""
    with pytest.raises(ValueError, match=r"^CONV11-96/4: a window of 11 with stride 4 does not"):
        NETWORKS["alexnet"].table(Volume(224, 224, 3))
    with pytest.raises(ValueError, match="no image has the size"):
        NETWORKS["alexnet"].table(Volume(0, 227, 3))


def test_wider_images_cost_more() -> None:
    """Convolutions keep their weights, the fully connected layer that follows them does not."""
    own, wide = NETWORKS["vgg-d"].table(), NETWORKS["vgg-d"].table(Volume(224, 256, 3))
    assert wide.parameters - own.parameters == 7 * 512 * 4096
    assert NETWORKS["resnet-50"].table(Volume(256, 320, 3)).parameters == 25_557_032
