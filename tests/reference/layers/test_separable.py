"""Depthwise, pointwise and separable convolutions are convolutions with special filters."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.conv import conv_forward
from reference.layers.depthwise import depthwise_forward
from reference.layers.pointwise import pointwise_forward
from reference.layers.separable import separable_forward

CONV_PARAM = {"stride": 2, "pad": 1}


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    """X of 3 channels, filters for them, and biases."""
    rng = np.random.default_rng(0)
    shapes = {"x": (2, 3, 7, 9), "w_depth": (3, 3, 3), "w_point": (4, 3), "b": (4,), "c": (3,)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def test_depthwise_is_a_convolution_with_a_diagonal(drawn) -> None:
    """The filters of a convolution, 0 wherever channel and output differ."""
    w = np.zeros((3, 3, 3, 3))
    w[np.arange(3), np.arange(3)] = drawn["w_depth"]
    want, _ = conv_forward(drawn["x"], w, drawn["c"], CONV_PARAM)
    got, _ = depthwise_forward(drawn["x"], drawn["w_depth"], drawn["c"], CONV_PARAM)
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_pointwise_is_a_convolution_of_1_by_1(drawn) -> None:
    """Filters with one row and one column."""
    w = drawn["w_point"][:, :, np.newaxis, np.newaxis]
    want, _ = conv_forward(drawn["x"], w, drawn["b"], {"stride": 1, "pad": 0})
    got, _ = pointwise_forward(drawn["x"], drawn["w_point"], drawn["b"])
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_separable_is_a_convolution_of_factors(drawn) -> None:
    """The filters of a convolution, each a filter of w_depth times a weight of w_point."""
    w = np.einsum("fc,chw->fchw", drawn["w_point"], drawn["w_depth"])
    want, _ = conv_forward(drawn["x"], w, drawn["b"], CONV_PARAM)
    got, _ = separable_forward(
        drawn["x"], drawn["w_depth"], drawn["w_point"], drawn["b"], CONV_PARAM
    )
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_filters_that_do_not_match(drawn) -> None:
    """Two filters for three channels are refused, not broadcast."""
    with pytest.raises(ValueError, match="2 filters do not match 3 channels"):
        depthwise_forward(drawn["x"], np.ones((2, 3, 3)), np.zeros(2), CONV_PARAM)
    with pytest.raises(ValueError, match="mismatch"):
        pointwise_forward(drawn["x"], np.ones((4, 2)), np.zeros(4))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(drawn, dtype: type) -> None:
    """float32 stays float32."""
    x, w_depth, w_point, b = (drawn[n].astype(dtype) for n in ("x", "w_depth", "w_point", "b"))
    assert separable_forward(x, w_depth, w_point, b, CONV_PARAM)[0].dtype == dtype
