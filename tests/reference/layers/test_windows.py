"""The geometry that convolution and pooling share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers.windows import output_size


@pytest.mark.parametrize(
    ("size", "window", "stride", "pad", "expected"),
    [
        (7, 3, 1, 0, 5),
        (7, 3, 2, 0, 3),
        (7, 3, 1, 1, 7),
        (32, 5, 1, 0, 28),
        (32, 5, 1, 2, 32),
        (33, 3, 2, 0, 16),
        (227, 11, 4, 0, 55),
        (1, 1, 1, 0, 1),
    ],
)
def test_output_sizes_of_the_lectures(
    size: int, window: int, stride: int, pad: int, expected: int
) -> None:
    """The rule gives the sizes that the lectures work out."""
    assert output_size(size, window, stride, pad) == expected


@pytest.mark.parametrize(
    ("size", "window", "stride", "pad"),
    [(7, 3, 3, 0), (4, 3, 2, 0), (2, 3, 1, 0), (2, 5, 1, 1), (2, 5, 3, 0)],
)
def test_windows_that_do_not_fit(size: int, window: int, stride: int, pad: int) -> None:
    """A remainder, or a window larger than the padded input, is refused and not rounded away."""
    with pytest.raises(ValueError, match="does not fit"):
        output_size(size, window, stride, pad)


def test_padding_is_named_where_there_is_some() -> None:
    """The message has every number that a reader needs to see why."""
    with pytest.raises(ValueError, match=r"window of 3 with stride 2 does not fit an input of 4$"):
        output_size(4, 3, 2)
    with pytest.raises(ValueError, match=r"an input of 4 padded by 1$"):
        output_size(4, 3, 2, 1)


@pytest.mark.parametrize(
    ("window", "stride", "pad"), [(0, 1, 0), (3, 0, 0), (3, -1, 0), (3, 1, -1)]
)
def test_numbers_no_window_can_have(window: int, stride: int, pad: int) -> None:
    """Zero and negative numbers are refused, not divided by."""
    with pytest.raises(ValueError, match="no window has"):
        output_size(7, window, stride, pad)


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 5), st.integers(0, 3))
def test_output_size_counts_the_places(size: int, window: int, stride: int, pad: int) -> None:
    """The rule equals counting the places, and refuses exactly when the last place leaves a gap."""
    padded = size + 2 * pad
    places = range(0, padded - window + 1, stride)
    if places and places[-1] + window == padded:
        assert output_size(size, window, stride, pad) == len(places)
    else:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(size, window, stride, pad)


@given(data=st.data())
@settings(max_examples=50)
def test_columns_are_the_windows(windows_over_images: Callable, data: st.DataObject) -> None:
    """Column l of columns(x) is window l, read channel by channel and row by row."""
    shape, windows = data.draw(windows_over_images())
    x = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    p = windows.pad
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    OH, OW = windows.grid(shape)
    cols = windows.columns(x)
    for place, (top, left) in enumerate(np.ndindex(OH, OW)):
        row, column = top * windows.stride, left * windows.stride
        window = padded[:, :, row : row + windows.height, column : column + windows.width]
        np.testing.assert_array_equal(cols[:, :, place], window.reshape(shape[0], -1))


@given(data=st.data())
@settings(max_examples=50)
def test_image_is_the_adjoint_of_columns(
    windows_over_images: Callable, data: st.DataObject
) -> None:
    """<columns(x), c> = <x, image(c)> for all x and c: what a backward pass must satisfy."""
    shape, windows = data.draw(windows_over_images())
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    cols = windows.columns(x)
    c = rng.standard_normal(cols.shape)
    assert np.sum(cols * c) == pytest.approx(np.sum(x * windows.image(c, shape)), abs=1e-10)


@given(data=st.data())
@settings(max_examples=50)
def test_offsets_visit_the_pixels_row_by_row(
    windows_over_images: Callable, data: st.DataObject
) -> None:
    """The k-th offset holds pixel k of every window, so ties are met in reading order."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    pixels = [x[index] for index in windows.offsets(windows.grid(shape))]
    N, C = shape[:2]
    cols = windows.columns(x).reshape(N, C, -1, *windows.grid(shape))
    np.testing.assert_array_equal(np.stack(pixels, axis=2), cols)
