"""Convolution: the lectures' examples, linearity, and derivatives over random geometries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.layers.conv import conv_backward, conv_forward

PLAIN = {"stride": 1, "pad": 0}


def test_the_lectures_example() -> None:
    """[[0..8]] * [[0, 1], [2, 3]] = [[19, 25], [37, 43]]: the filter is not flipped."""
    x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    assert conv_forward(x, w, np.zeros(1), PLAIN)[0].tolist() == [[[[19, 25], [37, 43]]]]


def test_the_lectures_shapes() -> None:
    """32 x 32 x 3 with 6 filters of 5 x 5 gives 28 x 28 x 6; with padding 2 it keeps its size."""
    x, w, b = np.ones((1, 3, 32, 32)), np.ones((6, 3, 5, 5)), np.zeros(6)
    assert conv_forward(x, w, b, PLAIN)[0].shape == (1, 6, 28, 28)
    assert conv_forward(x, w, b, {"stride": 1, "pad": 2})[0].shape == (1, 6, 32, 32)


def test_filters_that_do_not_fit() -> None:
    """7 x 7 with 3 x 3 at stride 3 does not fit."""
    with pytest.raises(ValueError, match="does not fit"):
        conv_forward(
            np.ones((1, 1, 7, 7)), np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 3, "pad": 0}
        )


def test_channels_that_do_not_match() -> None:
    """Filters for 2 channels are refused by an image of 3."""
    with pytest.raises(ValueError, match="mismatch"):
        conv_forward(np.ones((1, 3, 4, 4)), np.ones((1, 2, 3, 3)), np.zeros(1), PLAIN)


@pytest.fixture(scope="session")
def draw_conv(windows_over_images: Callable) -> Callable:
    """Random x, w, b and conv_param that fit."""

    def draw(data: st.DataObject) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, int]]:
        shape, windows = data.draw(windows_over_images())
        F = data.draw(st.integers(1, 3))
        rng = np.random.default_rng(data.draw(st.integers(0, 99)))
        x = rng.standard_normal(shape)
        w = rng.standard_normal((F, shape[1], windows.height, windows.width))
        return x, w, rng.standard_normal(F), {"stride": windows.stride, "pad": windows.pad}

    return draw


@given(data=st.data())
@settings(max_examples=40)
def test_forward_is_its_formula(draw_conv: Callable, data: st.DataObject) -> None:
    """Every output is the sum in the docstring, written as loops."""
    x, w, b, conv_param = draw_conv(data)
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out, _ = conv_forward(x, w, b, conv_param)
    for n, f, i, j in np.ndindex(out.shape):
        window = padded[n, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]]
        assert out[n, f, i, j] == pytest.approx(np.sum(window * w[f]) + b[f])


@given(data=st.data())
@settings(max_examples=40)
def test_backward_equals_differences(draw_conv: Callable, data: st.DataObject) -> None:
    """dx, dw and db are the derivatives for any stride, padding and non-square shape."""
    x, w, b, conv_param = draw_conv(data)
    out, cache = conv_forward(x, w, b, conv_param)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    gradients = conv_backward(dout, cache)
    for argument, gradient in zip((x, w, b), gradients, strict=True):
        expected = numerical_gradient(
            lambda _: conv_forward(x, w, b, conv_param)[0], argument, dout, h=0.5
        )  # linear in each argument, so a large step is exact and rounds less
        assert gradient.shape == argument.shape
        assert norm_ratio(gradient, expected) < 1e-10


@given(data=st.data())
def test_linear_in_the_image(draw_conv: Callable, data: st.DataObject) -> None:
    """conv(2 x + x') = 2 conv(x) + conv(x') without biases."""
    x, w, b, conv_param = draw_conv(data)
    other = np.random.default_rng(2).standard_normal(x.shape)

    def conv(image: np.ndarray) -> np.ndarray:
        return conv_forward(image, w, 0 * b, conv_param)[0]

    np.testing.assert_allclose(conv(2 * x + other), 2 * conv(x) + conv(other), atol=1e-12)


@given(data=st.data())
def test_samples_do_not_meet(draw_conv: Callable, data: st.DataObject) -> None:
    """A batch gives what its images give one by one; dw and db are their sums."""
    x, w, b, conv_param = draw_conv(data)
    out, cache = conv_forward(x, w, b, conv_param)
    dout = np.random.default_rng(3).standard_normal(out.shape)
    dx, dw, db = conv_backward(dout, cache)

    singles = [conv_forward(image[np.newaxis], w, b, conv_param) for image in x]
    backs = [conv_backward(dout[n : n + 1], single[1]) for n, single in enumerate(singles)]
    np.testing.assert_allclose(out, np.concatenate([single[0] for single in singles]), atol=1e-12)
    np.testing.assert_allclose(dx, np.concatenate([back[0] for back in backs]), atol=1e-12)
    np.testing.assert_allclose(dw, sum(back[1] for back in backs), atol=1e-12)
    np.testing.assert_allclose(db, sum(back[2] for back in backs), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept_and_inputs_too(dtype: type) -> None:
    """float32 stays float32 through forward and backward, and no argument is changed."""
    rng = np.random.default_rng(0)
    arguments = [rng.standard_normal(s).astype(dtype) for s in ((2, 3, 5, 7), (4, 3, 3, 3), 4)]
    before = [argument.copy() for argument in arguments]
    out, cache = conv_forward(*arguments, {"stride": 2, "pad": 1})
    dout = np.ones_like(out)
    assert {a.dtype for a in (out, *conv_backward(dout, cache))} == {np.dtype(dtype)}
    for argument, kept in zip((*arguments, dout), (*before, np.ones_like(out)), strict=True):
        np.testing.assert_array_equal(argument, kept)
