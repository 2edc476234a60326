"""The language of layers: the lectures' examples, rounding, and what does not fit."""

from __future__ import annotations

import pytest

from grader.network_table import Volume
from reference.architectures.branches import Branches
from reference.architectures.fit import Rounding, windows_along
from reference.architectures.layer import Conv, Depthwise, FullyConnected, Pool


@pytest.mark.parametrize(
    ("given", "conv", "output", "parameters"),
    [
        (Volume(32, 32, 3), Conv(5, filters=6), (28, 28, 6), 456),
        (Volume(33, 33, 5), Conv(3, 2, filters=10), (16, 16, 10), 460),
        (Volume(227, 227, 3), Conv(11, 4, filters=96), (55, 55, 96), 34_944),
        (Volume(32, 32, 3), Conv(5, 1, 2, filters=10), (32, 32, 10), 760),
        (Volume(56, 56, 64), Conv(1, filters=32), (56, 56, 32), 2_080),
    ],
)
def test_the_lectures_examples(
    given: Volume, conv: Conv, output: tuple[int, int, int], parameters: int
) -> None:
    """Output size and number of parameters, biases among them."""
    row = conv.row(given)
    assert (row.output, row.parameters) == (output, parameters)


def test_7_by_7_with_3_by_3_at_stride_3_does_not_fit() -> None:
    """It is refused, and not rounded."""
    with pytest.raises(ValueError, match="CONV3-1/3: a window of 3 with stride 3 does not fit"):
        Conv(3, 3, filters=1).row(Volume(7, 7, 1))


@pytest.mark.parametrize(
    ("rounding", "expected"), [("floor", 3), ("ceil", 4)], ids=["floor", "ceil"]
)
def test_rounding_is_what_a_layer_says(rounding: Rounding, expected: int) -> None:
    """Windows of 3 at stride 2 over 8 pixels leave one over; over 7 they fit either way."""
    assert windows_along(8, 3, 2, 0, rounding) == expected
    assert windows_along(7, 3, 2, 0, rounding) == 3


@pytest.mark.parametrize("rounding", ["exact", "floor", "ceil"])
def test_a_window_larger_than_the_image_never_fits(rounding: Rounding) -> None:
    """Rounding does not help there."""
    with pytest.raises(ValueError, match="does not fit an input of 2"):
        windows_along(2, 5, 2, 1, rounding)


def test_groups_and_depthwise() -> None:
    """Each filter sees the channels of its group only; a depthwise filter sees one."""
    given = Volume(8, 8, 6)
    assert Conv(3, 1, 1, filters=4, groups=2).row(given).weights == 3 * 3 * 3 * 4
    assert Depthwise(3, 1, 1).row(given).parameters == 3 * 3 * 6 + 6
    assert Depthwise(3, 1, 1, batch_norm=True).row(given).parameters == 3 * 3 * 6 + 2 * 6
    with pytest.raises(ValueError, match="4 groups do not divide 6 channels"):
        Conv(3, filters=4, groups=4).row(given)


def test_a_separable_convolution_against_a_full_one() -> None:
    """MobileNet's equation 5: 1/N + 1/D² of the work, here 1/64 + 1/9."""
    given = Volume(14, 14, 32)
    full = Conv(3, 1, 1, filters=64).row(given).multiply_adds
    pair = Depthwise(3, 1, 1).row(given), Conv(1, filters=64).row(given)
    assert sum(row.multiply_adds for row in pair) / full == pytest.approx(1 / 64 + 1 / 9)


def test_branches_are_joined_along_the_channels_or_added() -> None:
    """Channels add up when they are joined, and stay when values are added."""
    given = Volume(8, 8, 6)
    wide, narrow = (Conv(3, 1, 1, filters=4),), (Pool(3, 1, 1), Conv(1, filters=2))
    joined = Branches(label="MODULE", branches=(wide, narrow)).row(given)
    assert joined.output == (8, 8, 6)
    assert joined.values == 8 * 8 * (4 + 6 + 2)
    assert joined.parameters == sum(leaf.parameters for leaf in joined.leaves())
    added = Branches(label="BLOCK", branches=((Conv(3, 1, 1, filters=6),), ()), join="add")
    assert added.row(given).output == given


def test_branches_that_cannot_be_joined() -> None:
    """Other channels cannot be added, other sizes not joined; a misfit inside is named."""
    given = Volume(8, 8, 6)
    other = Branches(label="BLOCK", branches=((Conv(1, filters=5),), ()), join="add")
    with pytest.raises(ValueError, match="BLOCK: its branches end in 8x8x5, 8x8x6"):
        other.row(given)
    smaller = Branches(label="MODULE", branches=((Conv(3, filters=5),), ()))
    with pytest.raises(ValueError, match="cannot be joined"):
        smaller.row(given)
    misfit = Branches(label="MODULE", branches=((Conv(3, 2, filters=5),),))
    with pytest.raises(ValueError, match="MODULE, CONV3-5/2: a window of 3 with stride 2 does"):
        misfit.row(given)


def test_a_fully_connected_layer_takes_the_volume_apart() -> None:
    """The lecture's formula shows height and width only where there are several pixels."""
    assert FullyConnected(units=4096).row(Volume(7, 7, 512)).formula == "7*7*512*4096"
    assert FullyConnected(units=10).row(Volume(1, 1, 84)).formula == "84*10"
