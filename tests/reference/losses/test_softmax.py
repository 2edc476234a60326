"""Softmax cross-entropy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.losses import softmax_loss


@given(st.integers(1, 6), st.integers(2, 8))
def test_equal_scores_cost_ln_C(N: int, C: int) -> None:
    """Without knowledge the loss is ln C, the number the lecture's sanity check looks for."""
    loss, _ = softmax_loss(np.full((N, C), 3.0), np.zeros(N, dtype=int))
    assert loss == pytest.approx(math.log(C))


def test_worked_example() -> None:
    """The lecture's cat: scores 3.2, 5.1, -1.7 and the first class cost 2.04 nats."""
    loss, dx = softmax_loss(np.array([[3.2, 5.1, -1.7]]), np.array([0]))
    assert loss == pytest.approx(2.04, abs=5e-3)
    np.testing.assert_allclose(dx, [[0.13 - 1, 0.87, 0.00]], atol=5e-3)


@given(st.integers(1, 5), st.integers(2, 5), st.integers(0, 99))
def test_backward_equals_differences(N: int, C: int, seed: int) -> None:
    """The gradient is the derivative of the loss."""
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((N, C)), rng.integers(0, C, N)
    _, dx = softmax_loss(x, y)
    assert norm_ratio(dx, numerical_gradient(lambda x: softmax_loss(x, y)[0], x)) < 1e-7


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_scores(dtype: type) -> None:
    """Scores near ±1000 neither overflow nor give ln 0; the loss is their difference."""
    x = np.array([[1000.0, -1000.0, 0.0], [-1000.0, -999.0, -1000.0]], dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        loss, dx = softmax_loss(x, np.array([1, 1]))
    assert loss == pytest.approx((2000 + math.log(1 + 2 / math.e)) / 2)
    assert np.isfinite(dx).all()
    assert dx.dtype == dtype


@given(st.floats(-1e3, 1e3), st.integers(0, 99))
def test_a_common_shift_changes_nothing(shift: float, seed: int) -> None:
    """Only differences of scores matter."""
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((4, 3)), rng.integers(0, 3, 4)
    loss, dx = softmax_loss(x, y)
    shifted_loss, shifted_dx = softmax_loss(x + shift, y)
    assert shifted_loss == pytest.approx(loss, abs=1e-11)
    np.testing.assert_allclose(shifted_dx, dx, atol=1e-12)


def test_labels_start_at_0() -> None:
    """The dataset's labels 1..4 must be lowered first; label 4 of 4 classes is refused."""
    with pytest.raises(IndexError):
        softmax_loss(np.zeros((1, 4)), np.array([4]))
