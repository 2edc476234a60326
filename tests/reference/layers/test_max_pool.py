"""Max pooling: the lectures' example, ties, overlap, and derivatives over random geometries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.layers.windows import Windows


def _pool_param(windows: Windows) -> dict[str, int]:
    return {
        "pool_height": windows.height,
        "pool_width": windows.width,
        "stride": windows.stride,
    }


def test_the_lectures_example() -> None:
    """The 2 x 2 max pool of [[0..8]] at stride 1 is [[4, 5], [7, 8]]."""
    out, _ = max_pool_forward(np.arange(9.0).reshape(1, 1, 3, 3), _pool_param(Windows(2, 2, 1)))
    assert out.tolist() == [[[[4, 5], [7, 8]]]]


def test_windows_that_do_not_fit() -> None:
    """A window that sticks out is refused, not cut off."""
    with pytest.raises(ValueError, match="does not fit"):
        max_pool_forward(np.ones((1, 1, 4, 5)), _pool_param(Windows(2, 2, 2)))


@given(data=st.data())
@settings(max_examples=40)
def test_forward_is_its_formula(windows_over_images: Callable, data: st.DataObject) -> None:
    """Every output is the largest of its window's pixels, also where all are negative."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = np.random.default_rng(0).standard_normal(shape) - 3
    pixels = windows.columns(x).reshape(*shape[:2], windows.height * windows.width, -1)
    out, _ = max_pool_forward(x, _pool_param(windows))
    np.testing.assert_array_equal(out, pixels.max(axis=2).reshape(out.shape))


@given(data=st.data())
@settings(max_examples=40)
def test_backward_equals_differences(
    windows_over_images: Callable, distinct: Callable, data: st.DataObject
) -> None:
    """The derivative is right for any stride, overlap and non-square shape."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = distinct(shape, data.draw(st.integers(0, 99)))
    out, cache = max_pool_forward(x, _pool_param(windows))
    dout = np.random.default_rng(1).standard_normal(out.shape)
    expected = numerical_gradient(
        lambda _: max_pool_forward(x, _pool_param(windows))[0], x, dout, h=1e-4
    )
    assert norm_ratio(max_pool_backward(dout, cache), expected) < 1e-9


def test_overlap_adds_up() -> None:
    """A pixel that wins in four windows receives all four gradients."""
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    _, cache = max_pool_forward(x, _pool_param(Windows(2, 2, 1)))
    dx = max_pool_backward(np.array([[[[1.0, 2.0], [4.0, 8.0]]]]), cache)
    assert dx.tolist() == [[[[0, 0, 0], [0, 15, 0], [0, 0, 0]]]]


@given(data=st.data())
@settings(max_examples=40)
def test_ties_go_to_the_first(windows_over_images: Callable, data: st.DataObject) -> None:
    """Of several largest pixels the first, row by row, receives all: the pixel argmax names."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = np.random.default_rng(0).integers(0, 2, shape).astype(float)
    out, cache = max_pool_forward(x, _pool_param(windows))
    dout = np.random.default_rng(1).standard_normal(out.shape)

    expected = np.zeros(shape)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * windows.stride, j * windows.stride
        window = x[n, c, top : top + windows.height, left : left + windows.width]
        row, column = np.unravel_index(window.argmax(), window.shape)
        expected[n, c, top + row, left + column] += dout[n, c, i, j]
    np.testing.assert_allclose(max_pool_backward(dout, cache), expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept_and_inputs_too(dtype: type) -> None:
    """float32 stays float32 through forward and backward, and no argument is changed."""
    x = np.arange(24, dtype=dtype).reshape(1, 1, 4, 6)
    before = x.copy()
    out, cache = max_pool_forward(x, _pool_param(Windows(2, 2, 2)))
    dout = np.ones_like(out)
    assert out.dtype == max_pool_backward(dout, cache).dtype == dtype
    np.testing.assert_array_equal(x, before)
    assert (dout == 1).all()
