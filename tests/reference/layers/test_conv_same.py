"""SAME padding: how many zeros lie where, and what size comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.layers.conv_same import conv_same_backward, conv_same_forward, same_padding

sizes = st.integers(1, 20)


@pytest.mark.parametrize(
    ("size", "window", "stride", "sides"),
    [
        (5, 3, 1, (1, 1)),
        (5, 2, 1, (1, 0)),  # an even window: ceil before, floor after
        (9, 4, 1, (2, 1)),
        (6, 3, 2, (1, 0)),  # a stride needs fewer
        (7, 3, 2, (1, 1)),
        (6, 1, 3, (0, 0)),  # windows that leave gaps need none
    ],
)
def test_sides(size: int, window: int, stride: int, sides: tuple[int, int]) -> None:
    """The one more of an odd number lies before the image."""
    assert same_padding(size, window, stride) == sides


@given(size=sizes, window=sizes, stride=sizes)
def test_as_few_as_needed(size: int, window: int, stride: int) -> None:
    """ceil(size / stride) windows lie inside the padded axis; with one zero less they would not."""
    before, after = same_padding(size, window, stride)
    needed = (-(-size // stride) - 1) * stride + window
    assert 0 <= before - after <= 1
    assert before + after == max(0, needed - size)


@pytest.mark.parametrize("numbers", [(0, 3, 1), (5, 0, 1), (5, 3, 0)])
def test_sizes_that_no_window_has(numbers: tuple[int, int, int]) -> None:
    """A stride of 0 is refused, like an empty window or image."""
    with pytest.raises(ValueError, match="no window has size"):
        same_padding(*numbers)


@given(H=st.integers(1, 9), W=st.integers(1, 9), window=st.integers(1, 6), stride=st.integers(1, 4))
def test_shapes(H: int, W: int, window: int, stride: int) -> None:
    """The output has ceil(size / stride) rows and columns, dx the shape of x."""
    x, w = np.ones((2, 3, H, W)), np.ones((4, 3, window, window))
    out, cache = conv_same_forward(x, w, np.zeros(4), {"stride": stride})
    assert out.shape == (2, 4, -(-H // stride), -(-W // stride))
    dx, dw, _ = conv_same_backward(out, cache)
    assert (dx.shape, dw.shape) == (x.shape, w.shape)


def test_the_lectures_example_keeps_its_size() -> None:
    """[[0..8]] * [[0, 1], [2, 3]] keeps its 3 by 3, with the known result at the bottom right."""
    x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    out, _ = conv_same_forward(x, w, np.zeros(1), {"stride": 1})
    assert out[0, 0].tolist() == [[0, 3, 8], [9, 19, 25], [21, 37, 43]]
