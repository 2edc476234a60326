"""The activations: lecture values, precision and kinks; golden cases are tested elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.elu import elu_backward, elu_forward
from reference.layers.leaky_relu import leaky_relu_backward, leaky_relu_forward
from reference.layers.maxout import maxout_backward, maxout_forward
from reference.layers.prelu import prelu_backward, prelu_forward
from reference.layers.sigmoid import sigmoid_backward, sigmoid_forward
from reference.layers.tanh import tanh_backward, tanh_forward

PAIRS = [
    (leaky_relu_forward, leaky_relu_backward),
    (elu_forward, elu_backward),
    (sigmoid_forward, sigmoid_backward),
    (tanh_forward, tanh_backward),
]


def test_the_lecture_s_slope() -> None:
    """A tenth of what is negative passes, forward and backward; 0 counts as negative."""
    out, cache = leaky_relu_forward(np.array([-2.0, 0.0, 3.0]))
    np.testing.assert_allclose(out, [-0.2, 0, 3])
    np.testing.assert_allclose(leaky_relu_backward(np.ones(3), cache), [0.1, 0.1, 1])


def test_the_sigmoid_circuit_of_the_lecture() -> None:
    """At 1 the sigmoid is 0.73 and its slope 0.2."""
    out, cache = sigmoid_forward(np.array([1.0]))
    assert out == pytest.approx(0.73, abs=5e-3)
    assert sigmoid_backward(np.ones(1), cache) == pytest.approx(0.2, abs=5e-3)


@pytest.mark.parametrize(("forward", "backward"), PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_and_precision_is_kept(forward, backward, dtype) -> None:
    """At ±1000 values and slopes are finite, without a warning; float32 stays float32."""
    x = np.array([-1000, -1, 0, 1, 1000], dtype)
    with np.errstate(all="raise", under="ignore"):
        out, cache = forward(x)
        dx = backward(np.ones_like(x), cache)
    assert np.isfinite(out).all()
    assert np.isfinite(dx).all()
    assert out.dtype == dx.dtype == dtype


def test_each_channel_has_its_slope() -> None:
    """Slopes belong to the second axis; only negative inputs have a part in their gradients."""
    x = np.array([[[-1.0, 2.0], [-3.0, -4.0]]])
    out, cache = prelu_forward(x, np.array([0.5, 2.0]))
    assert out.tolist() == [[[-0.5, 2], [-6, -8]]]
    dx, dalpha = prelu_backward(np.ones_like(x), cache)
    assert dx.tolist() == [[[0.5, 1], [2, 2]]]
    assert dalpha.tolist() == [-1, -7]


def test_maxout_of_x_and_minus_x_is_the_absolute_value() -> None:
    """Two maps of slopes 1 and -1; at the tie the first one takes the gradient."""
    out, cache = maxout_forward(
        np.array([[-2.0], [0.0], [3.0]]), np.array([[[1.0]], [[-1.0]]]), np.zeros((2, 1))
    )
    assert out.tolist() == [[2], [0], [3]]
    dx, dw, db = maxout_backward(np.ones((3, 1)), cache)
    assert dx.tolist() == [[-1], [1], [1]]
    assert dw.ravel().tolist() == [3, -2]
    assert db.ravel().tolist() == [2, 1]
