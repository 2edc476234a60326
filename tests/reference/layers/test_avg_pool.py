"""Average pooling: a worked example, overlap, and derivatives over random geometries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward
from reference.layers.windows import Windows


def _pool_param(windows: Windows) -> dict[str, int]:
    return {
        "pool_height": windows.height,
        "pool_width": windows.width,
        "stride": windows.stride,
    }


def test_worked_example() -> None:
    """The 2 x 2 average pool of [[0..8]] at stride 1 is [[2, 3], [5, 6]]."""
    out, _ = avg_pool_forward(np.arange(9.0).reshape(1, 1, 3, 3), _pool_param(Windows(2, 2, 1)))
    assert out.tolist() == [[[[2, 3], [5, 6]]]]


def test_windows_that_do_not_fit() -> None:
    """A window that sticks out is refused, not cut off."""
    with pytest.raises(ValueError, match="does not fit"):
        avg_pool_forward(np.ones((1, 1, 5, 4)), _pool_param(Windows(2, 2, 2)))


@given(data=st.data())
@settings(max_examples=40)
def test_forward_is_its_formula(windows_over_images: Callable, data: st.DataObject) -> None:
    """Every output is the mean of its window's pixels."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = np.random.default_rng(0).standard_normal(shape)
    pixels = windows.columns(x).reshape(*shape[:2], windows.height * windows.width, -1)
    out, _ = avg_pool_forward(x, _pool_param(windows))
    np.testing.assert_allclose(out, pixels.mean(axis=2).reshape(out.shape), atol=1e-12)


@given(data=st.data())
@settings(max_examples=40)
def test_backward_equals_differences(windows_over_images: Callable, data: st.DataObject) -> None:
    """The derivative is right for any stride, overlap and non-square shape."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    x = np.random.default_rng(data.draw(st.integers(0, 99))).standard_normal(shape)
    out, cache = avg_pool_forward(x, _pool_param(windows))
    dout = np.random.default_rng(1).standard_normal(out.shape)
    expected = numerical_gradient(
        lambda _: avg_pool_forward(x, _pool_param(windows))[0], x, dout, h=0.5
    )
    assert norm_ratio(avg_pool_backward(dout, cache), expected) < 1e-10


def test_overlap_adds_up() -> None:
    """A pixel in four windows of four receives a quarter of each gradient."""
    _, cache = avg_pool_forward(np.zeros((1, 1, 3, 3)), _pool_param(Windows(2, 2, 1)))
    dx = avg_pool_backward(np.array([[[[4.0, 8.0], [16.0, 32.0]]]]), cache)
    assert dx.tolist() == [[[[1, 3, 2], [5, 15, 10], [4, 12, 8]]]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept_and_inputs_too(dtype: type) -> None:
    """float32 stays float32 through forward and backward, and no argument is changed."""
    x = np.arange(24, dtype=dtype).reshape(1, 1, 4, 6)
    before = x.copy()
    out, cache = avg_pool_forward(x, _pool_param(Windows(2, 2, 2)))
    dout = np.ones_like(out)
    assert out.dtype == avg_pool_backward(dout, cache).dtype == dtype
    np.testing.assert_array_equal(x, before)
    assert (dout == 1).all()
