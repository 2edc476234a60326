"""The yardstick itself."""

from __future__ import annotations

import numpy as np
import pytest

from reference.gradient_check import cubic_map, norm_ratio, numerical_gradient, relative_error


def test_derivative_of_a_known_function() -> None:
    """The derivative of sin is cos, weighted by the upstream gradient."""
    x, dout = np.linspace(-2, 2, 12).reshape(3, 4), np.arange(12.0).reshape(3, 4)
    np.testing.assert_allclose(numerical_gradient(np.sin, x, dout), dout * np.cos(x), atol=1e-8)


def test_x_is_restored_exactly() -> None:
    """Not a bit of x is changed when the gradient is returned."""
    x = np.random.default_rng(0).standard_normal((3, 4)) * 1e-9  # far below the step
    before = x.copy()
    numerical_gradient(lambda x: float((x**3).sum()), x)
    np.testing.assert_array_equal(x, before)


def test_x_may_be_reached_by_another_name() -> None:
    """A loss over a dictionary of parameters can be differentiated in one of them."""
    params = {"W": np.array([1.0, 2.0]), "b": np.array([3.0])}
    dW = numerical_gradient(lambda _: float(np.sum(params["W"] ** 2 * params["b"])), params["W"])
    np.testing.assert_allclose(dW, [6, 12], rtol=1e-9)


def test_a_function_that_returns_a_view_of_x() -> None:
    """Both values are kept apart even when f returns x itself."""
    np.testing.assert_allclose(numerical_gradient(lambda x: x, np.ones(3)), np.ones(3), rtol=1e-9)


def test_float32_is_refused() -> None:
    """Differences in float32 would only show rounding."""
    with pytest.raises(TypeError, match="need float64, not float32"):
        numerical_gradient(lambda x: x, np.ones(3, np.float32))


def test_whole_numbers_are_taken_as_floats() -> None:
    """Steps of 1e-5 are not cut off, and the array of whole numbers stays as it is."""
    x = np.array([1, -2])
    np.testing.assert_allclose(numerical_gradient(lambda x: float((x**2).sum()), x), [2, -4])
    assert x.tolist() == [1, -2]


def test_the_differences_of_cubic_map_are_known() -> None:
    """3 (x w)² w + h² w³, exactly, with any step."""
    x, w = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    dx = numerical_gradient(cubic_map(w), x, h=0.5)
    np.testing.assert_allclose(dx, 3 * (x @ w) ** 2 * w + 0.25 * w**3)


def test_relative_error_by_hand() -> None:
    """The largest entry decides; tiny entries are held against 1e-8; no entries, no error."""
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 0.5
    assert relative_error(np.array([1e-12]), np.array([0.0])) == pytest.approx(1e-4)
    assert relative_error(np.zeros(0), np.zeros(0)) == 0


def test_norm_ratio_by_hand() -> None:
    """One number for the array: 0 for equal ones, 1 for opposite ones, 1/3 for a factor of 2."""
    a = np.array([3.0, 4.0])
    assert norm_ratio(a, a) == norm_ratio(0 * a, 0 * a) == 0
    assert norm_ratio(a, -a) == 1
    assert norm_ratio(a, 2 * a) == pytest.approx(1 / 3)
