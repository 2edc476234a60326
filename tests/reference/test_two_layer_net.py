"""The homework's classifier."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.two_layer_net import forward, init_params, loss, predict


def test_parameters_have_the_promised_shapes() -> None:
    """W1 (D, H), b1 (H,), W2 (H, C), b2 (C,) in float64, biases zero."""
    params = init_params(8, 16, 4)
    shapes = {name: value.shape for name, value in params.items()}
    assert shapes == {"W1": (8, 16), "b1": (16,), "W2": (16, 4), "b2": (4,)}
    assert {value.dtype for value in params.values()} == {np.dtype(np.float64)}
    assert not params["b1"].any()
    assert not params["b2"].any()


def test_seeds_decide() -> None:
    """The same seed gives the same weights, another seed others."""
    first, again, other = (init_params(8, 16, 4, seed=seed)["W1"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_worked_example() -> None:
    """Two inputs, two hidden units of which one is off, two classes, by hand."""
    params = {
        "W1": np.array([[1.0, -1.0], [2.0, 0.0]]),
        "b1": np.array([0.5, 0.5]),
        "W2": np.array([[1.0, 3.0], [100.0, 100.0]]),
        "b2": np.array([0.0, -7.0]),
    }
    X = np.array([[1.0, 1.0]])  # hidden (3.5, -0.5), active (3.5, 0)
    assert forward(params, X).tolist() == [[3.5, 3.5]]
    assert predict(params, X).tolist() == [0]
    value, grads = loss(params, X, np.array([1]))
    assert value == pytest.approx(math.log(2))
    # The scores receive 0.5 and -0.5, the active hidden unit 0.5 * 1 - 0.5 * 3, the other none.
    assert grads["b2"] == pytest.approx(np.array([0.5, -0.5]))
    assert grads["W2"] == pytest.approx(np.array([[1.75, -1.75], [0.0, 0.0]]))
    assert grads["b1"] == pytest.approx(np.array([-1.0, 0.0]))
    assert grads["W1"] == pytest.approx(np.array([[-1.0, 0.0], [-1.0, 0.0]]))


@given(st.integers(1, 6), st.sampled_from([0.0, 0.3]), st.integers(0, 99))
def test_backward_equals_differences(N: int, reg: float, seed: int) -> None:
    """Every gradient is the derivative of the whole loss, penalty included."""
    rng = np.random.default_rng(seed)
    params = init_params(5, 6, 3, seed, weight_scale=1.0)
    params["b1"] += rng.standard_normal(6)
    X, y = rng.standard_normal((N, 5)), rng.integers(0, 3, N)
    _, grads = loss(params, X, y, reg)
    assert grads.keys() == params.keys()
    for name, value in params.items():
        expected = numerical_gradient(lambda _: loss(params, X, y, reg)[0], value)
        assert grads[name].shape == value.shape
        assert norm_ratio(grads[name], expected) < 1e-7, name


def test_penalty_leaves_biases_alone() -> None:
    """L2 adds reg (Σ W1² + Σ W2²) to the loss, 2 reg W to the gradients, nothing to db."""
    params = init_params(8, 16, 4, seed=3)
    params["b1"] += 1
    X, y = np.random.default_rng(0).random((10, 8)), np.arange(10) % 4
    plain, plain_grads = loss(params, X, y)
    value, grads = loss(params, X, y, reg=0.1)
    assert value - plain == pytest.approx(0.1 * sum((params[w] ** 2).sum() for w in ("W1", "W2")))
    for name in ("W1", "W2"):
        np.testing.assert_allclose(grads[name] - plain_grads[name], 0.2 * params[name], atol=1e-14)
    for name in ("b1", "b2"):
        np.testing.assert_array_equal(grads[name], plain_grads[name])


def test_first_loss_is_near_ln_C() -> None:
    """The lecture's sanity check: small weights know nothing, so the loss is ln 4."""
    X = np.random.default_rng(0).random((400, 8))
    for seed in range(20):
        value, _ = loss(init_params(8, 8, 4, seed), X, np.arange(400) % 4)
        assert value == pytest.approx(math.log(4), abs=0.02)


def test_nothing_is_changed_in_place() -> None:
    """Neither parameters nor data are written to, so a caller may use them again."""
    params = init_params(8, 16, 4)
    X, y = np.random.default_rng(0).random((10, 8)), np.arange(10) % 4
    for array in (*params.values(), X, y):
        array.flags.writeable = False
    loss(params, X, y, reg=0.1)
    predict(params, X)


def test_float32_stays_float32() -> None:
    """The net keeps the precision of its parameters and data."""
    params = {name: value.astype(np.float32) for name, value in init_params(8, 16, 4).items()}
    X, y = np.random.default_rng(0).random((10, 8), dtype=np.float32), np.arange(10) % 4
    _, grads = loss(params, X, y, reg=0.1)
    assert {value.dtype for value in grads.values()} == {np.dtype(np.float32)}
    assert forward(params, X).dtype == np.float32
